"""A list of messages with a search. Each message can open its page or its note."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import aqt
from anki.utils import no_bundled_libs
from aqt.main import AnkiQt
from aqt.qt import QDesktopServices, QUrl, QVBoxLayout, QWidget, qconnect

from ...sync.run.report import Message
from ..app import obsidian
from ..app.labels import break_endless, plain_label
from .rows import Rows, RowsView
from .search_field import SearchField

LEVELS = {"error": "Error", "warning": "Warning", "info": "Note"}
_LINE = re.compile(r":\d+\Z")


def is_about_deck(message: Message) -> bool:
    """Whether a message's path is a TOML file, with or without a line (``deck.toml:12``)."""
    return bool(message.path and _LINE.sub("", message.path).lower().endswith(".toml"))


def has_file(message: Message) -> bool:
    """Whether a message is about a file of this computer, and not about a web address."""
    return bool(message.path) and "://" not in (message.path or "")


class MessageList(QWidget):
    """Lists messages. A double click or Enter opens the message's page or file, or its note."""

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
        self.details = plain_label(self)
        self.details.setAccessibleName("The selected message in full")
        layout.addWidget(self.details)
        selection = self.view.selectionModel()
        assert selection is not None
        qconnect(selection.currentChanged, lambda *_: self._show_details())
        qconnect(self.rows.modelReset, self._show_details)
        qconnect(self._search.textChanged, self._find)
        qconnect(self.view.activated, self.open_chosen)

    def show_messages(self, messages: Sequence[Message], folder: Path) -> None:
        """Show these messages, errors first. Their paths are relative to ``folder``."""
        order = list(LEVELS)
        self._messages = sorted(messages, key=lambda m: order.index(m.level))
        self._folder = folder
        self._search.clear()
        self.rows.set_rows([(LEVELS[m.level], m.text, m.path or "") for m in self._messages])

    def _find(self, text: str) -> None:
        self.rows.search(text)
        self._search.tell_found(self.rows.rowCount(), "message")

    def _show_details(self) -> None:
        message = self.chosen()
        where = f"\n{message.path}" if message and message.path else ""
        self.details.setText(break_endless(f"{message.text}{where}") if message else "")

    def chosen(self) -> Optional[Message]:
        """The selected message; ``None`` if there is none."""
        position = self.view.chosen()
        return None if position is None else self._messages[position]

    def open_chosen(self) -> None:
        """Open the page or file of the selected message if it exists; else show its note."""
        message = self.chosen()
        if message and has_file(message) and os.path.exists(self._file_of(message)):
            self.open_page()
        else:
            self.show_note()

    def open_page(self) -> None:
        """Open the page of the selected message in Obsidian, or its TOML file in its program."""
        message = self.chosen()
        if message and is_about_deck(message) and has_file(message):
            with no_bundled_libs():
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file_of(message))))
        elif message and has_file(message):
            obsidian.show_file(self._file_of(message), self)

    def _file_of(self, message: Message) -> Path:
        return self._folder / _LINE.sub("", message.path or "")

    def show_note(self) -> None:
        """Show the selected message's note in the browser."""
        message = self.chosen()
        if message and message.note_id:
            aqt.dialogs.open("Browser", self._mw, search=(f"nid:{message.note_id}",))
