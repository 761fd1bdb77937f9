"""Parsing: from a case to a draft with its parts, kind and note items."""
