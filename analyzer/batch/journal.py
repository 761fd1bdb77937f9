"""The unfinished output of a batch: one report a line, so that whatever happens, all whole lines are kept and the rest can follow.

``OUTPUT.partial`` holds the lines, ``OUTPUT.resume`` what they were made from and how. A line that was being written when the power
went is cut off, and its row judged again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from analyzer.errors import UsageError


class Journal:
    """The lines written so far, and the door to write more. Opened by ``begin`` or ``resume``, closed by ``close``."""

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(output.name + ".partial")
        self.state_path = output.with_name(output.name + ".resume")
        self._stream: BinaryIO | None = None

    def begin(self, made_from: Mapping[str, Any]) -> None:
        """Start with nothing. Raises UsageError where the lines of an earlier, unfinished run would be lost."""
        if self.path.exists() and self.path.stat().st_size and self.state_path.exists():
            raise UsageError(
                "unfinished_run",
                f"“{self.path}” is left from a batch that did not end: say --resume to go on with it, or delete it to start anew.",
            )
        self.path.unlink(missing_ok=True)
        fresh = self.state_path.with_name(self.state_path.name + ".new")
        fresh.write_text(json.dumps(made_from, ensure_ascii=False), encoding="utf-8")
        os.replace(fresh, self.state_path)
        self._stream = self.path.open("wb")

    def resume(self, made_from: Mapping[str, Any]) -> None:
        """Go on after the last whole line. Raises UsageError where inputs or settings are not what they were."""
        try:
            before = json.loads(self.state_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = None
        if before is None or not self.path.exists():
            self.path.unlink(missing_ok=True)
            self.begin(made_from)
            return
        changed = [name for name in made_from if before.get(name) != json.loads(json.dumps(made_from[name]))]
        if changed:
            raise UsageError(
                "changed_since",
                f"The batch behind “{self.path}” cannot go on, because the {' and the '.join(changed)} changed since: delete it to "
                "start anew.",
            )
        end = _end_of_whole_lines(self.path)
        self._stream = self.path.open("r+b")
        self._stream.truncate(end)
        self._stream.seek(end)

    def append(self, row_id: str, text: str) -> None:
        """Add the report of a row; ``text`` is its JSON object without the id."""
        assert self._stream is not None
        self._stream.write(f'{{"id": {json.dumps(row_id, ensure_ascii=False)}, {text[1:]}\n'.encode())

    def flush(self) -> None:
        """Hand all lines to the system, which keeps them even where this process is killed."""
        if self._stream is not None:
            self._stream.flush()

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """All reports so far, one by one."""
        self.flush()
        with self.path.open("rb") as stream:
            for line in stream:
                yield json.loads(line)

    def close(self) -> None:
        """Close the file; all lines stay."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def discard(self) -> None:
        """Take the files of the run away: it is done, or never began."""
        self.close()
        self.path.unlink(missing_ok=True)
        self.state_path.unlink(missing_ok=True)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written."""
        self.flush()
        return not self.path.exists() or not self.path.stat().st_size


def _end_of_whole_lines(path: Path) -> int:
    """The offset behind the last line that is whole; a kill, or a power cut that left zeros, spoils only what comes after."""
    end = 0
    with path.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n") or not line.startswith(b'{"id": '):
                break
            end += len(line)
    return end
