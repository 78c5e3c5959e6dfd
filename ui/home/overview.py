"""Home's first page: how the vault, the decks, the sources and dynamic notes stand."""

from __future__ import annotations

from functools import partial
from typing import Optional

from anki.collection import Collection, OpChanges
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import QFrame, QScrollArea, Qt, QTimer, QVBoxLayout, QWidget, qconnect
from PyQt6 import sip

from ..app import engine, profile
from ..app.anki_changes import may_change_notes
from ..app.messages import explain
from ..app.source_records import get_record
from ..decks.window import describe_state as describe_deck
from ..live import sign
from ..runs import decks as deck_runs
from ..runs import ended, source_kinds
from ..runs import sources as source_runs
from ..sources.window import describe_state as describe_source
from ..widgets.card import Card
from .cards import DecksCard, DynamicCard, Row, SourcesCard, VaultCard
from .guide import load_guide
from .standing import ChangedInAnki, Standing, VaultFacts, look

_SOON = 60  # milliseconds: what happens together is read once


class Overview(QWidget):
    """Cards that follow what happens. All that takes time is read in the background."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(parent)
        self._mw = mw
        self._opened: Optional[Collection] = mw.col
        self._facts, self._changed = VaultFacts(), ChangedInAnki()
        self._is_reading = self._is_old = False
        self.vault = VaultCard(mw, self)
        self.decks = DecksCard(mw, self)
        self.sources = SourcesCard(mw, self)
        self.dynamic = DynamicCard(mw, self)
        inside = QWidget(self)
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(10)
        for card in self._cards():
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setAccessibleName("How things stand")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from button to button, and scrolls
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setStyleSheet("QScrollArea, #inside { background: transparent; }")
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        qconnect(self._soon.timeout, self._read)
        self._follow()
        self.show_vault()
        self.refresh()

    def _cards(self) -> tuple[Card, ...]:
        return (self.vault, self.decks, self.sources, self.dynamic)

    def _follow(self) -> None:
        sign.on_change(self.show_vault)
        ended.on_vault_run(self.refresh)
        profile.on_settings_saved(self.refresh)
        deck_runs.on_change(self.refresh)
        source_runs.on_change(self.refresh)
        gui_hooks.operation_did_execute.append(self._note_operation)
        gui_hooks.theme_did_change.append(self._colour)
        qconnect(self._mw.app.applicationStateChanged, self._note_return)

    def stop(self) -> None:
        """Follow nothing any more: the window closes."""
        self._opened = None
        self._soon.stop()
        sign.off_change(self.show_vault)
        ended.off_vault_run(self.refresh)
        profile.off_settings_saved(self.refresh)
        deck_runs.off_change(self.refresh)
        source_runs.off_change(self.refresh)
        gui_hooks.operation_did_execute.remove(self._note_operation)
        gui_hooks.theme_did_change.remove(self._colour)
        self._mw.app.applicationStateChanged.disconnect(self._note_return)

    def refresh(self) -> None:
        """Show how things stand now, a moment later."""
        if self._opened is not None:
            self.show_vault()
            self._soon.start(_SOON)

    def show_vault(self) -> None:
        """Show the vault with what is known by now. Reads nothing."""
        if self._is_open():
            self.vault.show_vault(profile.get_settings(self._mw), self._facts)

    def _is_open(self) -> bool:
        return self._opened is not None and self._mw.col is self._opened

    def _note_operation(self, changes: OpChanges, _handler: Optional[object]) -> None:
        if self.isVisible() and may_change_notes(self._mw, changes):
            self.refresh()

    def _note_return(self, state: Qt.ApplicationState) -> None:
        """A person comes back from another program, where they may have edited files."""
        if self.isVisible() and state == Qt.ApplicationState.ApplicationActive:
            self.refresh()

    def _colour(self) -> None:
        for card in self._cards():
            card.colour()

    def _read(self) -> None:
        """Read in the background. What happens meanwhile is read afterwards."""
        if not self._is_open():
            return
        if self._is_reading:
            self._is_old = True
            return
        self._is_reading, self._is_old = True, False
        mw = self._mw
        settings, _ = profile.get_settings(mw)
        around, state = source_kinds.look_around(mw), profile.state_folder(mw)
        linked, changed = profile.get_linked(mw), self._changed

        def read(col: Collection) -> Standing:
            engine.load_sources()
            load_guide()  # Help opens at once then
            return look(col, settings, state, linked, around, describe_deck, changed)

        def fail(error: Exception) -> None:
            if self._ends_reading():
                self.vault.say(explain(mw, error), "bad")

        operation = QueryOp(parent=mw, op=read, success=self._show).failure(fail)
        operation.run_in_background()

    def _ends_reading(self) -> bool:
        """Whether this page is still there, and its profile open."""
        if sip.isdeleted(self) or not self._is_open():
            return False
        self._is_reading = False
        if self._is_old:
            self._soon.start(_SOON)
        return True

    def _show(self, standing: Standing) -> None:
        if not self._ends_reading():
            return
        self._facts = standing.vault
        self.show_vault()
        self.decks.show_rows(
            [
                Row(deck.name or deck.file.stem, state, deck.last_run, partial(_choose, deck.file))
                for deck, state in standing.decks
            ]
        )
        rows = []
        for source in standing.sources:
            record = get_record(self._mw, source.key)
            choose = partial(_choose, source.key)
            rows.append(Row(source.title, describe_source(record), record.last_run, choose))
        self.sources.show_rows(rows)
        self.dynamic.show_count(standing.dynamic_notes)


def _choose(what: object, window: object) -> None:
    """Choose a deck or a source in its window."""
    window.choose(what)  # type: ignore[attr-defined]
