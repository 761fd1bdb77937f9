"""What can go wrong, as a few children of one class.

Each carries a stable word ``code`` for programs and a ``message`` for people that names the input, the trouble and the cure.
"""

from __future__ import annotations


class AnalyzerError(Exception):
    """Base of everything the analyzer raises on purpose."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[AnalyzerError], tuple[str, str]]:
        return type(self), (self.code, self.message)


class InputError(AnalyzerError):
    """A draft, its notes or one of its fields cannot be used. One case fails, the others go on."""


class FileError(AnalyzerError):
    """A file cannot be read or written at all."""


class UsageError(AnalyzerError):
    """The command was called in a way that cannot work."""


class ModelError(AnalyzerError):
    """A model directory is missing, foreign, damaged or does not fit this version."""


class DataError(AnalyzerError):
    """Labelled data cannot be trained on or measured with."""


class EngineError(AnalyzerError):
    """A proofreading engine cannot be set up, started or asked."""
