"""TOML Decks…: the window with the TOML files that are linked to this profile."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Optional

import aqt
from anki.collection import Collection, OpChanges
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    Qt,
    QTimer,
    QTreeWidgetItem,
    QVBoxLayout,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ...sync.deck.in_step import count_changed_in_anki
from ...sync.deck.linked import LinkedDeck
from ...sync.deck.read.file import ReadFile, read_file
from ...sync.run.done import count_words
from ..app import profile
from ..app.anki_changes import may_change_notes
from ..app.labels import plain_label, plain_tip
from ..app.leading import add_help
from ..app.messages import say
from ..app.places import restore_place
from ..app.reading import read_for
from ..app.tab_order import follow_layout
from ..preview.deck_window import show_deck_preview
from ..runs import decks as runs
from ..widgets.named_list import make_button, make_list
from ..widgets.quiet_dialog import QuietDialog
from .export import link_file, show_export

_NAME = "AnkivaultDecks"
IN_STEP = "In step"
_SOON = 60  # milliseconds: what happens together is looked at once
_STRATEGIES = (
    ("Both ways", "bidirectional"),
    ("File → Anki", "push_only"),
    ("Anki → File", "pull_only"),
)
_POLICIES = (
    ("Leave both", "skip"),
    ("Use TOML", "prefer_toml"),
    ("Use Anki", "prefer_anki"),
    ("Write nothing", "fail"),
)
_DECK, _FILE, _STRATEGY, _POLICY, _BEFORE, _LAST, _STATE = range(7)
_HEADERS = ("Deck", "File", "Direction", "Conflicts", "Automatic", "Last run", "State")
_WIDTHS = (145, 175, 115, 120, 120, 120)


def show_linked_decks(mw: AnkiQt) -> None:
    """Open the list of this profile's TOML decks. Without a profile, a tooltip says so."""
    if not mw.col:
        say("Open a profile first: the list belongs to it.", parent=mw)
        return
    aqt.dialogs.open(_NAME, mw)


class DecksDialog(QuietDialog):
    """Lists the linked files with their options and states, and buttons to work with them."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._decks: tuple[LinkedDeck, ...] = ()
        self.setWindowTitle("Ankivault: TOML Decks")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.list = make_list(self, "Linked TOML decks", _HEADERS, _WIDTHS)
        self.empty = plain_label(
            self,
            "No TOML deck is linked yet. Add… links a file that you have; New from Deck… makes a "
            "file of one of your decks. Your notes and files stay as they are until you press "
            "Sync.",
        )
        self.add_button = make_button(self, "&Add…", "Link a TOML file that you have", self._add)
        self.new_button = make_button(
            self, "&New from Deck…", "Make a new TOML file of a deck, and link it", self._new
        )
        self.remove_button = make_button(
            self,
            "&Remove",
            "Remove the link. The file and the deck stay as they are.",
            self._remove,
            once=True,
        )
        self.preview_button = make_button(
            self,
            "&Preview…",
            "See what a run would do, and settle conflicts",
            self._preview,
            once=True,
        )
        self.sync_button = make_button(
            self, "&Sync", "Sync the selected file", self._sync, once=True
        )
        self.all_button = make_button(
            self, "S&ync All", "Sync every file of the list", self._sync_all, once=True
        )
        self._lay_out()
        qconnect(self.list.currentItemChanged, lambda *_: self._enable_buttons())
        qconnect(self.list.itemDoubleClicked, lambda *_: self._preview())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        qconnect(self._soon.timeout, self._look_again)
        runs.on_change(self.refresh)
        gui_hooks.operation_did_execute.append(self._note_operation)
        qconnect(mw.app.applicationStateChanged, self._note_return)
        self.refresh()
        self.resize(980, 380)
        restore_place(self, "ankivaultDecks")
        self.show()

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        add_help(self._mw, self, "toml-decks", close)
        qconnect(close.rejected, self.reject)
        row = QHBoxLayout()
        for button in (self.add_button, self.new_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.preview_button, self.sync_button, self.all_button):
            row.addWidget(button)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)

    def reopen(self, mw: AnkiQt) -> None:
        """Refresh the list. Anki calls this when the window is already open."""
        self.refresh()

    def done(self, result: int) -> None:
        self._soon.stop()
        runs.off_change(self.refresh)
        gui_hooks.operation_did_execute.remove(self._note_operation)
        self._mw.app.applicationStateChanged.disconnect(self._note_return)
        saveGeom(self, "ankivaultDecks")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    def refresh(self) -> None:
        """Show the linked decks that the profile has now. The selected file stays selected."""
        chosen = self.chosen()
        self._decks = profile.get_linked(self._mw)
        self.list.clear()
        for deck in self._decks:
            self._add_row(deck)
        paths = [deck.path for deck in self._decks]
        if paths:
            row = paths.index(chosen.path) if chosen and chosen.path in paths else 0
            self.list.setCurrentItem(self.list.topLevelItem(row))
        self.empty.setVisible(not paths)
        self._enable_buttons()
        follow_layout(self)
        self._look_again()

    def _note_operation(self, changes: OpChanges, _handler: Optional[object]) -> None:
        if may_change_notes(self._mw, changes):
            self._soon.start(_SOON)

    def _note_return(self, state: Qt.ApplicationState) -> None:
        """A person comes back from another program, where they may have edited files."""
        if state == Qt.ApplicationState.ApplicationActive:
            self._soon.start(_SOON)

    def _look_again(self) -> None:
        """Say in the background what has changed since each deck's last run."""
        decks, state = self._decks, profile.state_folder(self._mw)

        def count(col: Collection) -> list[int]:
            return [
                count_changed_in_anki(col, deck.file, state, deck.last_run) if deck.last_run else 0
                for deck in decks
            ]

        def show(counts: list[int]) -> None:
            if self._decks is not decks:
                return
            for row, (deck, number) in enumerate(zip(decks, counts)):
                item = self.list.topLevelItem(row)
                if item is not None:
                    self._show_state(item, describe_state(deck, number))

        if decks and self._mw.col:
            read_for(self, self._mw, count, show)

    def _show_state(self, item: QTreeWidgetItem, state: str) -> None:
        item.setText(_STATE, state)
        item.setToolTip(_STATE, plain_tip(state))

    def chosen(self) -> Optional[LinkedDeck]:
        """The linked deck of the selected row; ``None`` if no row is selected."""
        item = self.list.currentItem()
        position = self.list.indexOfTopLevelItem(item) if item else -1
        return self._decks[position] if 0 <= position < len(self._decks) else None

    def choose(self, file: Path) -> None:
        """Select the row of ``file``."""
        for row, deck in enumerate(self._decks):
            if deck.file == file:
                self.list.setCurrentItem(self.list.topLevelItem(row))

    def _add_row(self, deck: LinkedDeck) -> None:
        file = deck.file
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(deck.last_run))
        state = describe_state(deck)
        texts = ["" for _ in _HEADERS]
        texts[_DECK], texts[_FILE] = deck.name or file.stem, file.name
        texts[_LAST], texts[_STATE] = when if deck.last_run else "never", state
        item = QTreeWidgetItem(texts)
        item.setToolTip(_FILE, plain_tip(deck.path))
        self._show_state(item, state)
        self.list.addTopLevelItem(item)
        strategy = self._choice(deck, "strategy", "Direction", _STRATEGIES)
        policy = self._choice(deck, "on_conflict", "Conflicts", _POLICIES)
        policy.setEnabled(deck.strategy == "bidirectional")
        before = QCheckBox("before sync", self.list)
        before.setChecked(deck.before_ankiweb_sync)
        before.setAccessibleName(f"Run {texts[_DECK]} before AnkiWeb sync")
        before.setToolTip(
            "Run by itself before each AnkiWeb sync. Conflicts are left for you to decide."
        )
        qconnect(before.clicked, partial(self._change, deck.file, "before_ankiweb_sync"))
        for column, widget in ((_STRATEGY, strategy), (_POLICY, policy), (_BEFORE, before)):
            self.list.setItemWidget(item, column, widget)

    def _choice(
        self, deck: LinkedDeck, key: str, name: str, words: tuple[tuple[str, str], ...]
    ) -> QComboBox:
        box = QComboBox(self.list)
        for text, value in words:
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(getattr(deck, key)))
        box.setAccessibleName(f"{name} of {deck.name or deck.path}")
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        qconnect(box.activated, lambda _: self._change(deck.file, key, box.currentData()))
        return box

    def _change(self, file: Path, key: str, value: object) -> None:
        profile.change_linked(self._mw, file, **{key: value})
        self._mw.taskman.run_on_main(runs.announce_change)  # later: it deletes the box that called

    def _enable_buttons(self) -> None:
        for button in (self.remove_button, self.preview_button, self.sync_button):
            button.setEnabled(self.chosen() is not None)
        self.all_button.setEnabled(bool(self._decks))

    def _add(self) -> None:
        start = str(self._decks[-1].file.parent if self._decks else Path.home())
        files, _ = QFileDialog.getOpenFileNames(
            self, "TOML decks", start, "TOML decks (*.toml);;All files (*)"
        )
        for file in files:
            self.add_file(Path(file))

    def add_file(self, file: Path) -> None:
        """Link a file, then read its deck's name and its errors in the background."""
        if not link_file(self._mw, file):
            say(f"“{file.name}” is linked already.", parent=self)
            self.choose(file)
            return
        self.choose(file)

        def read(_: Collection) -> ReadFile:
            return read_file(file)

        def note(found: ReadFile) -> None:
            errors = sum(problem.level == "error" for problem in found.problems)
            name = found.deck.package.name if found.deck else ""
            told = f"{count_words(errors, 'error')} in the file: see Preview…"
            profile.change_linked(self._mw, file, name=name, last_result=told if errors else "")
            runs.announce_change()

        read_for(self._mw, self._mw, read, note, uses_collection=False)

    def _new(self) -> None:
        show_export(self._mw, self)

    def _remove(self) -> None:
        chosen = self.chosen()
        if chosen:
            left = [deck for deck in self._decks if deck.path != chosen.path]
            profile.save_linked(self._mw, left)
            runs.announce_change()
            say("The link was removed. The file and the deck are as they were.", parent=self)

    def _preview(self) -> None:
        chosen = self.chosen()
        if chosen:
            show_deck_preview(self._mw, chosen.file, chosen.options, self)

    def _sync(self) -> None:
        chosen = self.chosen()
        if chosen:
            runs.sync_decks(self._mw, [chosen], self)

    def _sync_all(self) -> None:
        runs.sync_decks(self._mw, self._decks, self)


def describe_state(deck: LinkedDeck, in_anki: int = 0) -> str:
    """The state of a linked file in words, from the file's date and its last run.

    ``in_anki``: how many of its notes have changed in Anki since.
    """
    now = runs.date_of(deck.file)
    if not now:
        return "File is missing"
    if not deck.last_run:
        return deck.last_result or "Not synced yet"
    told = f"{count_words(in_anki, 'note')} changed in Anki since"
    if now != deck.seen:
        return f"File edited since, and {told}" if in_anki else "File edited since"
    return told if in_anki and deck.last_result == IN_STEP else deck.last_result


aqt.dialogs.register_dialog(_NAME, DecksDialog)
