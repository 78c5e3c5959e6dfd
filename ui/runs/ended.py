"""A run that has ended: its report, when it was, how long it took, and where."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aqt.main import AnkiQt

from ..app import profile
from ..app.listeners import Listeners

if TYPE_CHECKING:
    from ...sync.run.report import Message, Report
    from ..app.background import Outcome

_KEY = "ankivault_last_run"
_changed = Listeners()
on_vault_run, off_vault_run = _changed.add, _changed.remove


@dataclass(frozen=True)
class Ended:
    """A run that has ended. ``where``: the vault folder, or the names of decks or sources."""

    report: Report
    folder: Path  # that the paths of its messages are relative to
    where: str
    began: float  # time.time()
    seconds: float
    automatic: bool = False
    since: tuple[Message, ...] = ()  # what live mode has told after it, and is not mended

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that a person should know now."""
        return (*self.report.messages, *self.since)

    @classmethod
    def of(
        cls,
        outcome: Outcome[Any],
        report: Report,
        folder: Path,
        where: str,
        *,
        automatic: bool = False,
    ) -> Ended:
        """The run whose work ended with this outcome."""
        return cls(report, folder, where, outcome.began, outcome.seconds, automatic)


@dataclass(frozen=True)
class LastRun:
    """The last run of the vault, as the profile remembers it."""

    began: float = 0.0  # 0: none yet
    seconds: float = 0.0
    by: str = ""  # "by hand", "by itself" or "live"
    summary: str = ""
    questions: int = 0
    messages: int = 0
    ok: bool = True
    folder: str = ""  # the vault folder


def get_last_run(mw: AnkiQt) -> LastRun:
    """The last run that the open profile remembers of the vault folder that it has now."""
    usual = LastRun()
    kept = (mw.pm.profile or {}).get(_KEY)
    if not isinstance(kept, dict) or mw.pm.profile is None:
        return usual
    if kept.get("folder") != profile.get_settings(mw)[0].vault_folder:
        return usual
    known = {
        name: value
        for name, value in kept.items()
        if hasattr(usual, name) and isinstance(value, type(getattr(usual, name)))
    }
    return LastRun(**known)


def keep_last_run(mw: AnkiQt, ended: Ended, by: str) -> None:
    """Remember a run of the vault. Live runs are written to the disk when Anki next saves."""
    report = ended.report
    told, asked, messages = report.summary(), report.questions, len(report.messages)
    last = LastRun(ended.began, ended.seconds, by, told, asked, messages, report.ok, ended.where)
    _keep(mw, last)


def keep_failed_run(mw: AnkiQt, outcome: Outcome[Any], by: str, told: str) -> None:
    """Remember a run of the vault that an error stopped."""
    folder = profile.get_settings(mw)[0].vault_folder if mw.pm.profile is not None else ""
    _keep(mw, LastRun(outcome.began, outcome.seconds, by, told, ok=False, folder=folder))


def _keep(mw: AnkiQt, last: LastRun) -> None:
    if mw.pm.profile is None:
        return
    mw.pm.profile[_KEY] = asdict(last)
    if last.by != "live":
        mw.pm.save()
    _changed.call()
