"""Many drafts: from tables, folders and pipes to a file of reports, in input order, on one core, many, or many machines."""

from __future__ import annotations

from analyzer.batch.options import BatchOptions
from analyzer.batch.run import run_batch
from analyzer.batch.summary import Summary

__all__ = ["BatchOptions", "Summary", "run_batch"]
