"""A tiny process that keeps LanguageTool's Java from outliving us. Run as a script, never imported by the analyzer.

``python languagetool_watchdog.py PARENT_PID COMMAND...`` starts the command and ends it for certain

* when our end of the pipe on its standard input closes: we closed it, or we died, even by kill -9;
* when its parent is another process than PARENT_PID: a forked child of ours may still hold the pipe open;
* on Linux, when the watchdog itself is killed: the kernel then kills the command (PR_SET_PDEATHSIG). That signal is
  bound to the thread that started the command, which is why the analyzer does not use it directly: it may start
  engines from a thread that ends. Here it is the main thread, which lasts as long as the watchdog.

The last thing it does is to kill its process group, itself with it: a `java` that is a shell script has a child of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

LOOK_S = 0.5
"""Seconds between looks at who our parent is; only the rare case of a forked sibling waits for it."""

PR_SET_PDEATHSIG = 1
SIGKILL = 9


def _die_with_parent() -> Callable[[], None] | None:
    """Make what the command does first, on Linux: ask the kernel to be killed when the watchdog dies."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    # Loaded before the fork: between fork and exec only the bare call is safe.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    watchdog = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        if os.getppid() != watchdog:
            os._exit(1)

    return ask


def _kill_group() -> None:
    """Kill what is left of the command, and this process."""
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)


def main(parent: int, command: list[str]) -> int:
    """Run the command until it ends or has to; give back its exit code."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent(),
    )

    ending = threading.Event()

    def end() -> None:
        ending.set()
        process.kill()

    def end_at_end_of_input() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        end()

    threading.Thread(target=end_at_end_of_input, daemon=True).start()
    while True:
        try:
            code = process.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            if ending.is_set():  # killed, and still there: whatever holds it must not hold us
                break
            if os.name == "posix" and os.getppid() != parent:
                end()
        else:
            if not ending.is_set():
                return abs(code)
            break
    _kill_group()
    return SIGKILL


if __name__ == "__main__":
    # os._exit: the reading thread may sit in a read that an orderly exit would wait for.
    os._exit(min(main(int(sys.argv[1]), sys.argv[2:]), 255))
