"""A real Anki that stays open between tests: most of a start is not what they are about."""

from __future__ import annotations

import os
import select
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional


class KeptAnki:
    """An Anki with a base folder that is made as new for each test.

    The process starts with the first job, and again after one that failed or left a window open.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._answers = -1
        self._log = base / "said.txt"
        self._temporary = ""

    def renew(self, made: Path) -> None:
        """Have the profiles of ``made``, and nothing else that is remembered."""
        for path in self.base.iterdir():
            if path.is_dir() and path.name not in ("addons21", "home", "logs"):
                shutil.rmtree(path)
        for path in (*self.base.glob("*.log"), *self.base.glob("logs/**/*.log")):
            os.truncate(path, 0)
        shutil.rmtree(self.base / "addons21" / "ankivault" / "user_files", ignore_errors=True)
        for path in made.iterdir():
            if path.is_dir() and path.name not in ("addons21", "home", "logs"):
                shutil.copytree(path, self.base / path.name)
        with sqlite3.connect(self.base / "prefs21.db") as prefs:
            prefs.execute("delete from profiles where name != '_global'")
        prefs.close()

    def play(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        job_file: Path,
        patience: Optional[float],
    ) -> tuple[bool, str]:
        """Have a job done; whether it was, and what Anki said meanwhile."""
        if self._process is None:
            self._start([*command, str(job_file)], environment)
            begin = 0
        else:
            begin = self._log.stat().st_size
            assert self._process.stdin
            self._process.stdin.write(f"{job_file}\n".encode())
            self._process.stdin.flush()
        ready, _, _ = select.select([self._answers], [], [], patience)
        done = bool(ready) and os.read(self._answers, 5) == b"done\n"
        if not done:
            self.close()
        with self._log.open("rb") as said:
            said.seek(begin)
            return done, said.read().decode("utf-8", "replace")

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            os.close(self._answers)
            shutil.rmtree(self._temporary, ignore_errors=True)
        self._process = None

    def _start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._answers, theirs = os.pipe()
        self._temporary = tempfile.mkdtemp(prefix="ankivault-app-")
        try:
            with self._log.open("wb") as said:
                self._process = subprocess.Popen(
                    [*command, str(theirs)],
                    env={**environment, "TMPDIR": self._temporary},
                    cwd=self.base / "home",
                    stdin=subprocess.PIPE,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    pass_fds=[theirs],
                )
        finally:
            os.close(theirs)
