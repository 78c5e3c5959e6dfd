"""Exports a deck as a new TOML file: from a deck's gear menu, or New from Deck… in the list."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from anki.collection import Collection
from anki.decks import DeckId
from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QKeyEvent,
    QLineEdit,
    QPushButton,
    Qt,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ...convert.text.file_names import safe_name
from ...sync.deck.export_fields import list_fields
from ...sync.deck.linked import LinkedDeck
from ...sync.deck.run import export_deck, remember_export
from ...sync.run.disk import explain
from ...sync.run.progress import Progress
from ...sync.run.report import Report
from ..app import profile
from ..app.background import Outcome
from ..app.labels import breakable, breaking_label, plain_label
from ..app.leading import add_help
from ..app.messages import say, still_open, tell_error
from ..app.places import restore_place
from ..runs import decks as runs
from ..runs import vault as sync_now
from ..runs.decks import DeckRun, DeckRuns
from ..runs.ended import Ended
from ..widgets.deck_picker import DeckPicker
from ..widgets.deck_tree import make_box_style
from ..widgets.search_field import ENTER

_FIELD = Qt.ItemDataRole.UserRole


def show_export(mw: AnkiQt, parent: QWidget, deck_id: int = 0) -> None:
    """Open the export dialog with this deck chosen; with deck 0, Anki's current deck."""
    ExportDialog(mw, parent, deck_id).open()


@dataclass(frozen=True)
class Wanted:
    """What the user chose in the dialog. ``markdown_fields`` are written as ``type.field``."""

    deck: str
    subdecks: bool
    markdown_fields: tuple[str, ...]
    file: Path
    link: bool


class ExportDialog(QDialog):
    """Asks which deck to export, which fields to write as Markdown, and into which file."""

    def __init__(self, mw: AnkiQt, parent: QWidget, deck_id: int) -> None:
        super().__init__(parent)
        self._mw = mw
        self._typed = False
        self.setWindowTitle("Ankivault: Export Deck as TOML")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.deck = DeckPicker(self)
        self.subdecks = QCheckBox("&With its sub-decks", self)
        self.subdecks.setChecked(True)
        self.fields = QTreeWidget(self)
        self.fields.setHeaderHidden(True)
        self.fields.setStyleSheet(make_box_style())
        self.fields.setAccessibleName("Fields to write as Markdown")
        self.problem = breaking_label(self, spoken=True)
        self.file = QLineEdit(self)
        self.browse = QPushButton("&Browse…", self)
        self.browse.setAutoDefault(False)
        self.link = QCheckBox("&Keep it linked: list it under TOML Decks", self)
        self.link.setChecked(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = QPushButton("&Export", self)
        self.buttons.addButton(self.export_button, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        assert cancel is not None
        cancel.setAutoDefault(False)
        self.export_button.setDefault(True)
        add_help(mw, self, "toml-decks#link-a-file-or-make-one", self.buttons)
        self._lay_out()
        self._fill(deck_id)
        self._connect()
        self._deck_changed()
        self.resize(560, 460)
        restore_place(self, "ankivaultDeckExport")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("&Deck:", self.deck)
        form.addRow("", self.subdecks)
        form.addRow("&Markdown fields:", self.fields)
        form.addRow(
            "", plain_label(self, "The other fields are written as Anki's HTML.", short=True)
        )
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
        label = plain_label(self, "&File:", short=True)
        label.setBuddy(self.file)
        form.addRow(label, row)
        form.addRow("", self.problem)
        form.addRow("", self.link)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        qconnect(self.deck.changed, self._deck_changed)
        qconnect(self.subdecks.toggled, lambda _: self._list_fields())
        qconnect(self.file.textEdited, lambda _: self._note_typing())
        qconnect(self.file.textChanged, lambda _: self._check())
        qconnect(self.browse.clicked, self._choose_file)
        qconnect(self.buttons.rejected, self.reject)
        qconnect(self.export_button.clicked, self._export)

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultDeckExport")
        super().done(result)

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        """Enter in a field leads on to Export, and does not press it."""
        button = isinstance(self.focusWidget(), QPushButton)
        if event is not None and event.key() in ENTER and not button:
            event.accept()
            if self.export_button.isEnabled():
                self.export_button.setFocus()
            return
        super().keyPressEvent(event)

    def wanted(self) -> Wanted:
        """What the user has chosen so far."""
        marked = []
        for i in range(self.fields.topLevelItemCount()):
            model = self.fields.topLevelItem(i)
            assert model is not None
            for j in range(model.childCount()):
                field = model.child(j)
                if field and field.checkState(0) == Qt.CheckState.Checked:
                    marked.append(field.data(0, _FIELD))
        path = self.file.text().strip()
        path += "" if path.lower().endswith(".toml") else ".toml"
        return Wanted(
            self.deck.name(),
            self.subdecks.isChecked(),
            tuple(marked),
            Path(os.path.expanduser(path)),
            self.link.isChecked(),
        )

    def _fill(self, deck_id: int) -> None:
        col = self._mw.col
        decks = col.decks.all_names_and_ids(include_filtered=False)
        chosen = deck_id or int(col.decks.get_current_id())
        self.deck.show_decks({int(deck.id): deck.name for deck in decks}, chosen)

    def _deck_changed(self) -> None:
        col, deck_id = self._mw.col, DeckId(self.deck.deck())
        below = self._is_there() and len(col.decks.deck_and_child_ids(deck_id)) > 1
        self.subdecks.setEnabled(below)
        self._list_fields()
        if not self._typed:
            name = safe_name(self.deck.name().replace("::", " - "), 100)
            self.file.setText(str(self._folder() / f"{name}.toml"))
        self._check()

    def _list_fields(self) -> None:
        self.fields.clear()
        if not self._is_there():
            return
        found = list_fields(self._mw.col, self.deck.deck(), self.subdecks.isChecked())
        for model, names in found.items():
            item = QTreeWidgetItem([model])
            self.fields.addTopLevelItem(item)
            for name in names:
                field = QTreeWidgetItem([name])
                field.setFlags(field.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                field.setCheckState(0, Qt.CheckState.Unchecked)
                field.setData(0, _FIELD, f"{model}.{name}")
                item.addChild(field)
            item.setExpanded(True)

    def _folder(self) -> Path:
        """The folder to suggest: that of the last linked file, or the home folder."""
        linked = profile.get_linked(self._mw)
        return linked[-1].file.parent if linked else Path.home()

    def _note_typing(self) -> None:
        self._typed = True

    def _is_there(self) -> bool:
        """Whether the chosen deck still exists: Anki's browser can delete it meanwhile."""
        col = self._mw.col
        return bool(col and col.decks.get(DeckId(self.deck.deck()), default=False))

    def _check(self) -> None:
        problem = "" if self._is_there() else "This deck is not in Anki any more."
        problem = problem or find_problem(self.wanted().file)
        self.problem.setText(breakable(problem and f"✕ {problem}"))
        self.problem.setVisible(bool(problem))
        self.export_button.setEnabled(not problem)

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "New TOML file",
            self.file.text(),
            "TOML decks (*.toml)",
            options=QFileDialog.Option.DontConfirmOverwrite,  # no file is ever overwritten
        )
        if chosen:
            self._typed = True
            self.file.setText(str(Path(chosen)))

    def _export(self) -> None:
        self._check()
        if not self.export_button.isEnabled():
            return
        export(self._mw, self.wanted(), self.parentWidget() or self._mw)
        self.accept()


def find_problem(file: Path) -> str:
    """Why ``file`` cannot be written as a new file; empty if it can."""
    try:
        if not file.is_absolute():
            return "Write the full path, or choose it with Browse…."
        if not file.parent.is_dir():
            return "There is no such folder."
        return "This file exists already; choose a new name." if file.exists() else ""
    except (OSError, ValueError) as error:
        why = explain(error) if isinstance(error, OSError) else str(error)
        return f"This cannot be a file: {why}."


def export(mw: AnkiQt, wanted: Wanted, parent: QWidget) -> None:
    """Write the file in the background, link it if wanted, and show what was done."""
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> tuple[Report, bool]:
        report = export_deck(
            col,
            wanted.deck,
            wanted.file,
            subdecks=wanted.subdecks,
            markdown_fields=wanted.markdown_fields,
            progress=progress,
        )
        return report, wanted.link and remember_export(col, wanted.file, state, progress)

    def done(outcome: Outcome[tuple[Report, bool]]) -> None:
        window = still_open(parent, mw)
        if outcome.value is None:
            tell_error(mw, outcome.error, window)
            return
        report, in_step = outcome.value
        if wanted.link:
            link_file(mw, wanted.file, wanted.deck)
        if in_step:
            DeckRuns([DeckRun(wanted.file, wanted.deck, report=Report())]).keep(mw)
        say(report.summary(), parent=window)
        ended = Ended.of(outcome, report, Path(), str(wanted.file))
        if sync_now.remember(ended):
            sync_now.show_summary(mw, ended)

    sync_now.start(mw, work, done, parent=parent)


def link_file(mw: AnkiQt, file: Path, name: str = "") -> Optional[LinkedDeck]:
    """Add a file to the profile's linked decks; returns ``None`` if it is linked already."""
    linked: Sequence[LinkedDeck] = profile.get_linked(mw)
    if any(deck.file == file for deck in linked):
        return None
    deck = LinkedDeck(str(file), name)
    profile.save_linked(mw, (*linked, deck))
    runs.announce_change()
    return deck
