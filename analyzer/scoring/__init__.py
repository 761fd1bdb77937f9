"""Judging: ordinal models, intervals, caps, and the model files."""
