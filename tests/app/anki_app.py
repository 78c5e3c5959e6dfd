"""Real Anki, driven from outside: a base folder, and scripts that are played in its window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .boxes import find_rash
from .kept_anki import KeptAnki

INSIDE = Path(__file__).resolve().parent / "inside"
PACKAGE = INSIDE.parent.parent.parent / "build" / "ankivault.ankiaddon"
FIRST_PROFILE = "User 1"
# The oldest supported Anki, where set-up found a Python 3.9 for it.
OLDEST_PYTHON = tuple(
    stamp.with_name("bin") / "python" for stamp in PACKAGE.parent.parent.glob(".venv39/.installed")
)


class AnkiFailed(AssertionError):
    """A script did not play to its end, or something in Anki went wrong meanwhile."""


@dataclass(frozen=True)
class Played:
    """What came of one run of Anki, from its start until it closed."""

    value: Any
    dialogs: list[dict[str, Any]]
    tooltips: list[str]
    links: list[str]
    log: str
    seconds: float


@dataclass(frozen=True)
class AnkiApp:
    """An Anki with a base folder of its own. Each ``play`` starts it and waits until it closed.

    One that is ``kept`` open only opens a profile for each ``play``, and closes it again.
    ``profiles`` maps names to values that each profile has whenever Anki starts.
    """

    base: Path
    python: Path = Path(sys.executable)
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {FIRST_PROFILE: {}})
    environment: Mapping[str, str] = field(default_factory=dict)
    kept: KeptAnki | None = None

    def play(
        self,
        script: str,
        *,
        profile: str | None = FIRST_PROFILE,
        limit: int | None = 240,
        opens: str = "",
        **arguments: Any,
    ) -> Played:
        """Start Anki, play a script of ``inside/``, and wait until Anki has closed.

        ``opens`` is a file or link that Anki is started with.
        Raises ``AnkiFailed``, with Anki's log, when the script fails, when Anki is still there
        after ``limit`` seconds, when there is a traceback anywhere, or when Enter in a message box
        of the add-on does more than leave it.
        """
        self.base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="ankivault-app-", ignore_cleanup_errors=True
        ) as scratch:
            result = Path(scratch, "result.json")
            job = {
                "base": str(self.base),
                "profiles": {name: dict(values) for name, values in self.profiles.items()},
                "profile": profile,
                "script": script,
                "arguments": arguments,
                "limit": limit,
                "opens": [opens] if opens else [],
                "result": str(result),
            }
            job_file = Path(scratch, "job.json")
            job_file.write_text(json.dumps(job), encoding="utf-8")
            started = time.monotonic()
            done, said = self._run(job_file, limit)
            seconds = time.monotonic() - started
            log = said + self._other_logs()
            outcome = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}
        if not done or not outcome:
            raise AnkiFailed(f"“{script}” failed after {seconds:.0f} s.\n--- Anki's log ---\n{log}")
        if self.kept and not outcome["clean"]:
            self.kept.close()
        if "Traceback (most recent call last)" in log:
            raise AnkiFailed(f"A traceback during “{script}”.\n--- Anki's log ---\n{log}")
        rash = find_rash(outcome["dialogs"])
        if rash:
            raise AnkiFailed("\n".join((f"Questions during “{script}”:", *rash)))
        return Played(
            outcome["value"],
            outcome["dialogs"],
            outcome["tooltips"],
            outcome["links"],
            log,
            seconds,
        )

    def _run(self, job_file: Path, limit: int | None) -> tuple[bool, str]:
        """Have a job done; whether it was, and what Anki said."""
        command = [str(self.python), str(INSIDE / "start.py")]
        patience = limit and limit + 30
        if self.kept:
            return self.kept.play(command, self._environment(), job_file, patience)
        done = subprocess.run(
            [*command, str(job_file)],
            env={**self._environment(), "TMPDIR": str(job_file.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=job_file.parent,
            timeout=patience,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        return done.returncode == 0, f"{done.stdout}\n(exit status {done.returncode})"

    def add_sample_collection(self, profile: str = FIRST_PROFILE) -> None:
        """Give a profile the sample collection, written by this Anki's own version."""
        subprocess.run(
            [str(self.python), "-m", "sample.build", str(self.profile_folder(profile))],
            env={**os.environ, "PYTHONPATH": str(INSIDE.parent.parent)},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def install(self, package: Path = PACKAGE) -> None:
        """Install the built add-on through Anki's own installer."""
        done = self.play("install", package=str(package)).value
        if done != {"error": None, "compatible": True}:
            raise AnkiFailed(f"{package.name} was not installed: {done}")

    def compile(self) -> None:
        """Write the add-ons' bytecode, as Anki does when it loads them."""
        addons = self.base / "addons21"
        subprocess.run([str(self.python), "-m", "compileall", "-q", str(addons)], check=True)

    def profile_folder(self, profile: str = FIRST_PROFILE) -> Path:
        """Where a profile's collection and media are."""
        return self.base / profile

    def collection_file(self, profile: str = FIRST_PROFILE) -> Path:
        """A profile's collection."""
        return self.profile_folder(profile) / "collection.anki2"

    def _environment(self) -> dict[str, str]:
        home = self.base / "home"
        home.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "ANKI", "QT"))}
        return {
            **kept,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "TZ": "UTC",
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
            **self.environment,
        }

    def _other_logs(self) -> str:
        logs = [self.base / "crash.log", *sorted((self.base / "logs").rglob("*.log"))]
        return "".join(
            f"\n--- {path.name} ---\n{path.read_text(encoding='utf-8', errors='replace')}"
            for path in logs
            if path.exists() and path.stat().st_size
        )
