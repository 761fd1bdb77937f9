"""Teaching a model in the background, one at a time for the whole app; what came of it waits for somebody to decide."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.errors import AnalyzerError, ModelError
from analyzer.scoring.store import default_model_directory, own_models

if TYPE_CHECKING:
    from analyzer.database import Coaching
    from analyzer.training.commands import Taught

# seconds to measure one case, for the bar alone
_CASE_S = 0.12


class Teacher:
    """Runs ``teach`` on what coaches have kept. Making one starts nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.lines: tuple[str, ...] = ()
        self.trouble = ""
        self.taught: Taught | None = None
        self.expected_s = 1.0

    @property
    def busy(self) -> bool:
        """Whether a model is being taught."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, coaching: Coaching, cases: int) -> bool:
        """Start, unless one is under way; whether it was started."""
        with self._lock:
            if self.busy:
                return False
            self._discard()
            self.lines, self.trouble = (), ""
            self.expected_s = 2.0 + cases * _CASE_S
            self._thread = threading.Thread(target=self._run, args=(coaching,), name="teaching", daemon=True)
            self._thread.start()
            return True

    def promote(self) -> str:
        """Make the new model the default, and say so. Raises ModelError where it is worse, or another came meanwhile."""
        from analyzer.training.promote import promote

        with self._lock:
            if self.taught is None:
                return "There is no new model any more: somebody has decided already."
            present = default_model_directory().name
            if self.taught.base != present:
                raise ModelError(
                    "model_changed",
                    f"“{present}” became the default meanwhile: teach again, so that the two can be compared.",
                )
            # moved from the present model, so it is measured on the coaches' own labels, which its manifest keeps
            promote(self.taught.directory, self.taught.directory)
            name, self.taught = self.taught.directory.name, None
            return f"“{name}” is the model now, in place of “{present}”: every draft judged from here on gets it."

    def keep_present(self) -> None:
        """Throw the new model away."""
        with self._lock:
            self._discard()

    def _discard(self) -> None:
        taught, self.taught = self.taught, None
        if taught is not None:
            shutil.rmtree(taught.directory, ignore_errors=True)

    def _run(self, coaching: Coaching) -> None:
        try:
            self.taught = taught_model(coaching, self._say)
        except AnalyzerError as error:
            self.trouble = error.message
        except OSError as error:
            self.trouble = f"The model could not be written ({error.strerror or error}): see that there is room."

    def _say(self, line: str) -> None:
        self.lines = (*self.lines, line)


def taught_model(coaching: Coaching, say: Callable[[str], None]) -> Taught:
    """A model moved towards what coaches have kept, in the user's own folder of models. Raises DataError, ModelError."""
    from analyzer.training.commands import teach

    models = own_models()
    name = f"taught-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        say("reading what coaches have kept")
        coaching.export(data)
        taught = teach(data, models / name, say, default_model_directory())
        say("done")
        return taught
