"""A process of ``python -m ankivault watch``, whose lines say when to go on."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Optional

LONG = 60  # seconds, after which a process that says nothing has failed


class Watching:
    """A command that runs. ``before`` is a program that changes its modules first."""

    def __init__(self, *arguments: object, before: str = "") -> None:
        program = (
            "import os, signal, sys\n"
            f"{before}\n"
            "import ankivault.cli.commands as command\n"
            f"sys.exit(command.main({['watch', *map(str, arguments)]!r}))\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
        )
        self.lines: list[str] = []
        self._said: queue.Queue[Optional[str]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.rstrip("\n"))
        self._said.put(None)

    def until(self, *words: str) -> str:
        """The next line that holds all these words."""
        while True:
            line = self._said.get(timeout=LONG)
            assert line is not None, f"it ended with {self.lines}"
            self.lines.append(line)
            if all(word in line for word in words):
                return line

    def stop(self, how: int = signal.SIGINT) -> tuple[int, str]:
        """Ask it to end; its exit status, and its last line."""
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Its exit status, and its last line, once it has ended by itself."""
        status = self.process.wait(timeout=LONG)
        while (line := self._said.get(timeout=LONG)) is not None:
            self.lines.append(line)
        return status, self.lines[-1]


def save_in_place(page: Path, change: Callable[[str], str]) -> None:
    """Save a page as Obsidian does."""
    page.write_text(change(page.read_text("utf-8")), "utf-8")


def save_by_rename(page: Path, change: Callable[[str], str]) -> None:
    """Save a page as many editors do: a temporary file takes its place."""
    temporary = page.with_name(f"{page.name}.tmp")
    temporary.write_text(change(page.read_text("utf-8")), "utf-8")
    os.replace(temporary, page)
