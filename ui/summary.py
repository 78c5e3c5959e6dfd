"""The summary of a run, with every message: from here to the page, or to the note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import aqt
from anki.utils import no_bundled_libs
from aqt.main import AnkiQt
from aqt.qt import (
    QApplication,
    QDesktopServices,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    Qt,
    QUrl,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, restoreGeom, saveGeom

from ..sync.report import Message, Report
from . import obsidian
from .rows import Rows, RowsView
from .search_field import SearchField

_NAME = "AnkivaultSummary"
_LINE = re.compile(r":\d+\Z")
_LEVELS = {"error": "Error", "warning": "Warning", "info": "Note"}


def show_summary(mw: AnkiQt, report: Report, folder: Path) -> None:
    """Open the summary's window, or show this report in the one that is open."""
    aqt.dialogs.open(_NAME, mw, report, folder)


def is_about_deck(message: Message) -> bool:
    """Whether a message's path leads to a TOML deck (``deck.toml:12``)."""
    return bool(message.path and _LINE.sub("", message.path).lower().endswith(".toml"))


def as_text(report: Report) -> str:
    """The whole report as lines of text, for the clipboard."""
    lines = [report.summary(), ""]
    for message in report.messages:
        where = f"{message.path}: " if message.path else ""
        note = f" (note {message.note_id})" if message.note_id else ""
        lines.append(f"{_LEVELS[message.level]}: {where}{message.text}{note}")
    return "\n".join(lines)


class MessageList(QWidget):
    """Messages one can search. A double click opens the page or file, or shows the note."""

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._mw = mw
        self._messages: Sequence[Message] = ()
        self._folder = Path()
        self.rows = Rows(("Kind", "Message", "Where"), self)
        self.view = RowsView(self.rows, (80, 440), self)
        self.view.setAccessibleName("Messages")
        self._search = SearchField("Search messages", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._search)
        layout.addWidget(self.view, 1)
        self.details = QLabel(self)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setWordWrap(True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setAccessibleName("The selected message in full")
        layout.addWidget(self.details)
        selection = self.view.selectionModel()
        assert selection is not None
        qconnect(selection.currentChanged, lambda *_: self._show_details())
        qconnect(self.rows.modelReset, self._show_details)
        qconnect(self._search.textChanged, self.rows.search)
        qconnect(self.view.activated, self.open_chosen)

    def show_messages(self, messages: Sequence[Message], folder: Path) -> None:
        """Show these, errors first. Their paths are relative to ``folder``."""
        order = list(_LEVELS)
        self._messages = sorted(messages, key=lambda m: order.index(m.level))
        self._folder = folder
        self._search.clear()
        self.rows.set_rows([(_LEVELS[m.level], m.text, m.path or "") for m in self._messages])

    def _show_details(self) -> None:
        message = self.chosen()
        where = f"\n{message.path}" if message and message.path else ""
        self.details.setText(f"{message.text}{where}" if message else "")

    def chosen(self) -> Optional[Message]:
        """The selected message."""
        position = self.view.chosen()
        return None if position is None else self._messages[position]

    def open_chosen(self) -> None:
        """Go where the selected message points: to the page if it has one, else to the note."""
        message = self.chosen()
        if message and message.path and self._file_of(message).exists():
            self.open_page()
        else:
            self.show_note()

    def open_page(self) -> None:
        """Open the selected message's page in Obsidian, or its TOML file where that opens."""
        message = self.chosen()
        if message and is_about_deck(message):
            with no_bundled_libs():
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file_of(message))))
        elif message and message.path:
            obsidian.show_file(self._file_of(message), self)

    def _file_of(self, message: Message) -> Path:
        return self._folder / _LINE.sub("", message.path or "")

    def show_note(self) -> None:
        """Show the selected message's note in the browser."""
        message = self.chosen()
        if message and message.note_id:
            aqt.dialogs.open("Browser", self._mw, search=(f"nid:{message.note_id}",))


class SummaryDialog(QDialog):
    """What the last run did."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt, report: Report, folder: Path) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._report = report
        self.setWindowTitle("Ankivault: Summary")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)

        self.heading = QLabel(self)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.messages = MessageList(mw, self)
        self._open = QPushButton("&Open Page in Obsidian")
        self._note = QPushButton("Show &Note")
        self.copy_button = QPushButton("&Copy")
        self.copy_button.setToolTip("Copy the whole summary as text")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in (self._open, self._note, self.copy_button):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)

        layout = QVBoxLayout(self)
        layout.addWidget(self.heading)
        layout.addWidget(self.messages, 1)
        layout.addWidget(buttons)
        qconnect(buttons.rejected, self.reject)
        qconnect(self.copy_button.clicked, self._copy)
        qconnect(self._open.clicked, self.messages.open_page)
        qconnect(self._note.clicked, self.messages.show_note)
        chosen = self.messages.view.selectionModel()
        assert chosen is not None
        qconnect(chosen.currentChanged, self._enable_buttons)
        qconnect(self.messages.rows.modelReset, self._enable_buttons)
        self.reopen(mw, report, folder)
        self.resize(760, 420)
        restoreGeom(self, "ankivaultSummary")
        self.show()

    def reopen(self, mw: AnkiQt, report: Report, folder: Path) -> None:
        """Show another report: Anki calls this when the window is open already."""
        self._report = report
        self.heading.setText(report.summary())
        self.messages.show_messages(report.messages, folder)
        self.messages.setVisible(bool(report.messages))

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultSummary")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    def _enable_buttons(self) -> None:
        message = self.messages.chosen()
        deck = bool(message and is_about_deck(message))
        self._open.setText("&Open File" if deck else "&Open Page in Obsidian")
        self._open.setEnabled(bool(message and message.path))
        self._note.setEnabled(bool(message and message.note_id))

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(as_text(self._report))


aqt.dialogs.register_dialog(_NAME, SummaryDialog)
