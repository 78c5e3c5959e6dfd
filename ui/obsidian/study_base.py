"""Create Study Base…: writes tables of what is due, hard and new, for Obsidian's Bases."""

from __future__ import annotations

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.utils import ask_user

from ...sync.run.disk import explain
from ...sync.run.errors import VaultUnavailable
from ...sync.run.progress import Progress
from ...sync.vault.settings import Settings
from ...sync.vault.study_base import STUDY_BASE, BaseDone, write_study_base
from ..app.background import Outcome
from ..app.messages import TITLE, say, tell_error
from ..runs import vault as sync_now

_TOLD = {
    "created": f"“{STUDY_BASE}” is in your vault folder. Open it in Obsidian.",
    "replaced": f"“{STUDY_BASE}” is new. The one of before is in the trash folder of your vault.",
    "unchanged": f"“{STUDY_BASE}” is there already, as it was made.",
}
_OTHER = (
    f"There is a “{STUDY_BASE}” in your vault folder that is not as Ankivault makes it.\n\n"
    "Replace it? Yours is kept in the trash folder of your vault."
)
_OFF = (
    " Its tables fill when “Write how notes are studied into the pages” is on in Configure…, "
    "under Pages."
)


def create_study_base(mw: AnkiQt) -> None:
    """Write the base into the vault folder. Asks before another file of its name is replaced."""
    settings = sync_now.settings_to_use(mw)
    if settings:
        _write(mw, settings, replaces=False)


def _write(mw: AnkiQt, settings: Settings, *, replaces: bool) -> None:
    def work(col: Collection, _progress: Progress) -> BaseDone:
        try:
            return write_study_base(col, settings.folder, replaces=replaces)
        except OSError as error:
            text = f"“{STUDY_BASE}” was not written: {explain(error)}."
            raise VaultUnavailable(text) from error

    def answered(wanted: bool) -> None:
        if wanted:
            _write(mw, settings, replaces=True)

    def done(outcome: Outcome[BaseDone]) -> None:
        if outcome.value is None:
            tell_error(mw, outcome.error)
        elif outcome.value == "other":
            ask_user(_OTHER, answered, parent=mw, title=TITLE, defaults_yes=False)
        else:
            told = _TOLD[outcome.value] + ("" if settings.study_properties else _OFF)
            say(told, parent=mw, period=7000)

    sync_now.start(mw, work, done)
