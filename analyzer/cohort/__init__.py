"""The figures of a group: what a report on a workshop or a year's drafts shows, computed once, from the reports as they were written."""

from __future__ import annotations

from analyzer.cohort.figures import Cohort, Copied, Example, FaultFigure, Help, Person, Scale, Sent
from analyzer.cohort.summarize import CohortBuilder

__all__ = ["Cohort", "CohortBuilder", "Copied", "Example", "FaultFigure", "Help", "Person", "Scale", "Sent"]
