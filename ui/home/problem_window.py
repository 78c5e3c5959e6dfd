"""Report a Problem…: shows the report, to read and to copy."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aqt
from anki.collection import Collection
from anki.lang import current_lang
from anki.utils import version_with_build
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import (
    PYQT_VERSION_STR,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFontDatabase,
    QPlainTextEdit,
    QPushButton,
    Qt,
    QVBoxLayout,
    qconnect,
    qVersion,
)
from aqt.theme import theme_manager
from aqt.utils import disable_help_button, saveGeom
from PyQt6 import sip

from ...sync.collection.dynamic_type import find_notetypes
from ...sync.vault.base_tables import VAULT_BASE
from ...sync.vault.settings import Settings
from ..app import profile
from ..app.background import begin_work, end_work
from ..app.labels import plain_label
from ..app.leading import add_help
from ..app.messages import explain, say
from ..app.places import restore_place
from ..app.source_records import REMBER, get_record
from ..live import sign
from ..runs import source_kinds
from ..runs import vault as sync_now
from ..runs.ended import get_last_run
from .known_texts import KnownTexts
from .problem_report import Facts, write_report

_NAME = "AnkivaultProblem"
_ROOT = Path(__file__).parent.parent.parent


def show_problem_report(mw: AnkiQt) -> None:
    """Open the window. Without a profile, a tooltip says so."""
    if not mw.col:
        say("Open a profile first: the report is about it.", parent=mw)
        return
    aqt.dialogs.open(_NAME, mw)


class ProblemDialog(QDialog):
    """The report of a problem. It is only shown: nothing is sent."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self.setWindowTitle("Ankivault: Report a Problem")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        told = plain_label(
            self,
            "Copy this text, say above it what you did and what you saw, and send it to whoever "
            "looks after the add-on. Nothing is sent by itself. No word of your notes is in it, "
            "and no name of a deck, page, file or folder: “…” stands in their place.",
        )
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setPlainText("Looking…")
        self.text.setAccessibleName("The report")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy_button = QPushButton("&Copy", self)
        self.copy_button.setEnabled(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        add_help(mw, self, "problems", buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        qconnect(self.copy_button.clicked, lambda _: self._copy())
        qconnect(buttons.rejected, self.reject)
        self.resize(760, 560)
        restore_place(self, "ankivaultProblem")
        self.show()
        self._write()

    def reopen(self, mw: AnkiQt) -> None:
        """Write it anew. Anki calls this when the window is already open."""
        self._write()

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultProblem")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    def _write(self) -> None:
        facts, opened = _gather(self._mw), self._mw.col
        state = profile.state_folder(self._mw)
        around = source_kinds.look_around(self._mw)

        def write(col: Collection) -> str:
            from ..app.engine import load_sources

            load_sources()
            keys = [source.key for source in around.find(automatic=False)]
            records = [get_record(self._mw, key) for key in keys]
            counts = {**_count(col, facts.settings, state), "Rember is signed in": REMBER in keys}
            return write_report(replace(facts, counts=counts, sources=records), KnownTexts(_ROOT))

        def show(text: str) -> None:
            end_work()
            if not sip.isdeleted(self) and self._mw.col is opened:
                self.text.setPlainText(text)
                self.copy_button.setEnabled(True)

        def fail(error: Exception) -> None:
            end_work()
            if not sip.isdeleted(self):
                self.text.setPlainText(explain(self._mw, error))

        begin_work()
        QueryOp(parent=self._mw, op=write, success=show).failure(fail).run_in_background()

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(self.text.toPlainText())
        say("Copied.", parent=self)


def _gather(mw: AnkiQt) -> Facts:
    settings, _ = profile.get_settings(mw)
    manager = mw.addonManager
    log = Path(manager.logs_folder(__name__))
    last = sync_now.last_run(mw)
    return Facts(
        versions=_tell_versions(mw),
        settings=settings,
        counts={},
        last=get_last_run(mw),
        report=last.report if last else None,
        live=sign.shown(),
        decks=profile.get_linked(mw),
        sources=(),
        log=log / f"{manager.addonFromModule(__name__)}.log",
    )


def _tell_versions(mw: AnkiQt) -> dict[str, str]:
    manager = mw.addonManager
    manifest: dict[str, Any] = json.loads((_ROOT / "manifest.json").read_text(encoding="utf-8"))
    folder = manager.addonFromModule(__name__)
    others = [each for each in manager.allAddons() if each != folder and manager.isEnabled(each)]
    screen = mw.screen()
    return {
        "Ankivault": f"{manifest['human_version']} ({_tell_folder_name(folder)})",
        "Anki": version_with_build(),
        "Python": platform.python_version(),
        "Qt, PyQt": f"{qVersion()}, {PYQT_VERSION_STR}",
        "System": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Window": f"{mw.app.platformName()}, {'night' if theme_manager.night_mode else 'day'}, "
        f"scaled by {screen.devicePixelRatio() if screen else 1:g}",
        "Language of Anki": current_lang,
        "AnkiWeb": "signed in" if mw.pm.sync_auth() else "not signed in",
        "Other add-ons": _tell_addons(others),
    }


def _tell_folder_name(folder: str) -> str:
    if folder == "ankivault":
        return "from a file"
    return "from AnkiWeb" if folder.isdigit() else "in a folder with another name"


def _tell_addons(others: Sequence[str]) -> str:
    """The numbers of AnkiWeb. The names of other folders may be a person's own."""
    numbers = sorted(each for each in others if each.isdigit())
    return f"{len(others)}" + (f", of AnkiWeb: {', '.join(numbers)}" if numbers else "")


def _count(col: Collection, settings: Settings, state: Path) -> dict[str, int]:
    assert col.db is not None
    types = ",".join(map(str, find_notetypes(col)))
    counts = {
        name: int(col.db.scalar(f"select count() from {table}"))
        for name, table in (("Notes", "notes"), ("Cards", "cards"), ("Decks", "decks"))
    }
    counts["Note types"] = int(col.db.scalar("select count() from notetypes"))
    dynamic = f"select count() from notes where mid in ({types})"
    counts["Dynamic notes"] = int(col.db.scalar(dynamic)) if types else 0
    if settings.vault_folder.strip():
        file = VAULT_BASE.file(state, settings.real_folder)
        with suppress(OSError, sqlite3.DatabaseError):
            counts["Bytes of the base"] = file.stat().st_size
            with closing(sqlite3.connect(file)) as db:
                counts["Pages"] = db.execute("select count(*) from page").fetchone()[0]
    return counts


aqt.dialogs.register_dialog(_NAME, ProblemDialog)
