"""The window with a run's summary, all its messages, and a button to its open questions."""

from __future__ import annotations

from collections.abc import Callable

import aqt
from aqt.main import AnkiQt
from aqt.qt import (
    QApplication,
    QDialogButtonBox,
    QPushButton,
    Qt,
    QTabWidget,
    QVBoxLayout,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ...sync.run.done import count_words
from ..app.labels import break_endless, plain_label
from ..app.leading import add_help
from ..app.messages import capitalise
from ..app.moments import tell_duration, tell_moment
from ..app.places import restore_place
from ..app.raising import show_in_front
from ..app.spoken import announce_soon
from ..app.tab_order import follow_layout
from ..widgets.message_list import LEVELS, MessageList, has_file, is_about_deck
from ..widgets.page_tree import PageTree
from ..widgets.quiet_dialog import QuietDialog
from .ended import Ended

_NAME = "AnkivaultSummary"


def show_summary(mw: AnkiQt, ended: Ended, decide: Callable[[], None]) -> None:
    """Open the summary window, or show this run in the one that is already open.

    ``decide`` is called when the user wants to answer the questions that the run left open.
    """
    window = aqt.dialogs.open(_NAME, mw, ended, decide)
    show_in_front(window)
    announce_soon(tell_what_it_did(ended), window)


def describe(ended: Ended) -> str:
    """When a run was, how long it took, and where: one line."""
    by = "by itself" if ended.automatic else "by hand"
    parts = [capitalise(tell_moment(ended.began)), by, tell_duration(ended.seconds), ended.where]
    if not ended.began:
        parts = [ended.where]
    if ended.since:
        parts.append(f"{count_words(len(ended.since), 'message')} of live mode since")
    return " · ".join(part for part in parts if part)


def tell_what_it_did(ended: Ended) -> str:
    """The line above all others."""
    if not ended.began:
        return "There was no run yet since this profile was opened."
    return ended.report.summary()


def as_text(ended: Ended) -> str:
    """The whole report as lines of text, for the clipboard."""
    report = ended.report
    lines = [tell_what_it_did(ended), describe(ended), ""]
    for message in ended.messages:
        where = f"{message.path}: " if message.path else ""
        note = f" (note {message.note_id})" if message.note_id else ""
        lines.append(f"{LEVELS[message.level]}: {where}{message.text}{note}")
    lines += ["", *(f"{done.one}: {path}" for done, path in report.pages)] if report.pages else []
    return "\n".join(lines)


class SummaryDialog(QuietDialog):
    """Shows what a run did."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt, ended: Ended, decide: Callable[[], None]) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._ended = ended
        self.setWindowTitle("Ankivault: Summary")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)

        self.heading = plain_label(self)
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        self.when = plain_label(self)
        self.messages = MessageList(mw, self)
        self.pages = PageTree(self)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self.messages, "")
        self.tabs.addTab(self.pages, "")
        self._open = QPushButton("&Open Page in Obsidian")
        self._note = QPushButton("Show &Note")
        self.copy_button = QPushButton("&Copy")
        self.copy_button.setToolTip("Copy the whole summary as text")
        self.decide_button = QPushButton(self)
        self.decide_button.setToolTip("Open Preview Changes… at what is left to you")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        add_help(mw, self, "vault#run-it", buttons)
        buttons.addButton(self.decide_button, QDialogButtonBox.ButtonRole.AcceptRole)
        for button in (self._open, self._note, self.copy_button):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)

        layout = QVBoxLayout(self)
        layout.addWidget(self.heading)
        layout.addWidget(self.when)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        qconnect(buttons.rejected, self.reject)
        qconnect(self.copy_button.clicked, self._copy)
        qconnect(self.decide_button.clicked, self._decide)
        qconnect(self._open.clicked, self._open_page)
        qconnect(self._note.clicked, self.messages.show_note)
        chosen = self.messages.view.selectionModel()
        assert chosen is not None
        qconnect(chosen.currentChanged, self._enable_buttons)
        qconnect(self.messages.rows.modelReset, self._enable_buttons)
        qconnect(self.pages.currentItemChanged, self._enable_buttons)
        qconnect(self.tabs.currentChanged, self._enable_buttons)
        self.reopen(mw, ended, decide)
        self.resize(760, 420)
        restore_place(self, "ankivaultSummary")
        follow_layout(self)

    def reopen(self, mw: AnkiQt, ended: Ended, decide: Callable[[], None]) -> None:
        """Show another run. Anki calls this when the window is already open."""
        self._ended, self._decide_now = ended, decide
        report = ended.report
        self.heading.setText(break_endless(tell_what_it_did(ended)))
        self.when.setText(break_endless(describe(ended)))
        asked = report.questions
        self.decide_button.setText(
            f"&Answer {asked:,} {'Question' if asked == 1 else 'Questions'}…"
        )
        self.decide_button.setVisible(bool(asked))
        self.messages.show_messages(ended.messages, ended.folder)
        self.pages.show_pages(report.pages, ended.folder)
        self.tabs.setTabText(0, f"&Messages ({len(ended.messages):,})")
        self.tabs.setTabText(1, f"&Pages ({len({path for _, path in report.pages}):,})")
        self.tabs.setTabVisible(0, bool(ended.messages) or not report.pages)
        self.tabs.setTabVisible(1, bool(report.pages))
        self.tabs.setCurrentIndex(0 if ended.messages else 1)
        self.tabs.setVisible(bool(ended.messages or report.pages))
        self._enable_buttons()

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultSummary")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    @property
    def _shows_pages(self) -> bool:
        return self.tabs.currentWidget() is self.pages

    def _enable_buttons(self, *_: object) -> None:
        message = None if self._shows_pages else self.messages.chosen()
        deck = bool(message and is_about_deck(message))
        self._open.setText("&Open File" if deck else "&Open Page in Obsidian")
        can_open = self.pages.chosen() if self._shows_pages else message and has_file(message)
        self._open.setEnabled(bool(can_open))
        self._note.setEnabled(bool(message and message.note_id))

    def _open_page(self) -> None:
        if self._shows_pages:
            self.pages.open_chosen()
        else:
            self.messages.open_page()

    def _decide(self) -> None:
        self.accept()
        self._decide_now()

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(as_text(self._ended))


aqt.dialogs.register_dialog(_NAME, SummaryDialog)
