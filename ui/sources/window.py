"""Sources…: the window with the subscriptions of this profile, and the account of Rember."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Optional

import aqt
from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    Qt,
    QTreeWidgetItem,
    QVBoxLayout,
    qconnect,
)
from aqt.utils import ask_user, disable_help_button, saveGeom

from ...sync.run.done import count_words
from ...sync.run.errors import AnkivaultError
from ...sync.source.subscription.run import change_subscription, forget_subscription
from ...sync.source.subscription.store import Home
from ...sync.source.web import show_address
from ..app.labels import plain_label, plain_tip
from ..app.leading import add_help
from ..app.messages import TITLE, say, still_open, tell_error
from ..app.places import restore_place
from ..app.source_records import REMBER, Record, change_record, forget_record, get_record
from ..app.tab_order import follow_layout
from ..preview.source_window import show_source_preview
from ..runs import source_kinds
from ..runs import sources as runs
from ..runs.source_kinds import Source, SubscriptionSource
from ..widgets.flow import Flow
from ..widgets.named_list import make_button, make_list
from ..widgets.quiet_dialog import QuietDialog
from .options import show_options
from .rember_menu import change_account, name_account_action
from .subscribe import show_subscribe
from .suggest import suggest_change

_NAME = "AnkivaultSources"
_SOURCE, _OWNER, _VERSION, _ADDRESS, _AUTOMATIC, _LAST, _STATE = range(7)
_HEADERS = ("Source", "Author", "Version", "Address", "Automatic", "Last update", "State")
_WIDTHS = (165, 130, 65, 190, 100, 125)


def show_sources(mw: AnkiQt) -> None:
    """Open the list of this profile's sources. Without a profile, a tooltip says so."""
    if not mw.col:
        say("Open a profile first: the list belongs to it.", parent=mw)
        return
    aqt.dialogs.open(_NAME, mw)


class SourcesDialog(QuietDialog):
    """Lists the sources with their states, and buttons to work with them."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._sources: list[Source] = []
        self.setWindowTitle("Ankivault: Sources")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.list = make_list(self, "Sources", _HEADERS, _WIDTHS)
        self.empty = plain_label(
            self,
            "There is no source yet. Subscribe… takes the address of a deck that somebody keeps "
            "on the web, and shows what it brings before anything is written. Sign In to Rember… "
            "brings your rembs. Updates never undo your own edits, tags, decks and reviews.",
        )
        self._make_buttons()
        self._lay_out()
        qconnect(self.list.currentItemChanged, lambda *_: self._enable_buttons())
        qconnect(self.list.itemDoubleClicked, lambda *_: self._preview())
        runs.on_change(self.refresh)
        self.refresh()
        self.resize(1000, 380)
        restore_place(self, "ankivaultSources")
        self.show()

    def _make_buttons(self) -> None:
        self.subscribe_button = make_button(
            self, "Su&bscribe…", "Take a deck from its address on the web", self._subscribe
        )
        self.account_button = make_button(self, "", "The account of Rember", self._change_account)
        self.options_button = make_button(
            self, "&Options…", "Protected fields, tags, and decks that you leave out", self._options
        )
        self.suggest_button = make_button(
            self,
            "Suggest a &Change…",
            "Save what you changed in this deck as a file for its author",
            self._suggest,
        )
        self.remove_button = make_button(
            self,
            "U&nsubscribe",
            "No more updates. The notes stay as they are.",
            self._unsubscribe,
            once=True,
        )
        self.preview_button = make_button(
            self,
            "&Preview…",
            "See what an update would do, and answer its questions",
            self._preview,
            once=True,
        )
        self.update_button = make_button(
            self, "&Update", "Update the selected source", self._update, once=True
        )
        self.all_button = make_button(
            self, "Update &All", "Update every source of the list", self._update_all, once=True
        )

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        add_help(self._mw, self, "subscribe", close)
        qconnect(close.rejected, self.reject)
        above, row, last = QHBoxLayout(), Flow(), QHBoxLayout()
        for button in (self.subscribe_button, self.account_button):
            above.addWidget(button)
        above.addStretch(1)
        for button in (self.options_button, self.suggest_button, self.remove_button):
            row.addWidget(button)
        for button in (self.preview_button, self.update_button, self.all_button):
            row.addWidget(button)
        last.addLayout(row, 1)
        last.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.addLayout(above)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addLayout(last)

    def reopen(self, mw: AnkiQt) -> None:
        """Refresh the list. Anki calls this when the window is already open."""
        self.refresh()

    def done(self, result: int) -> None:
        runs.off_change(self.refresh)
        saveGeom(self, "ankivaultSources")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    def refresh(self) -> None:
        """Show the sources that the profile has now. The selected one stays selected."""
        if not self._mw.col:
            return
        chosen = self.chosen()
        self._sources = source_kinds.look_around(self._mw).find(automatic=False)
        self.list.clear()
        for source in self._sources:
            self._add_row(source)
        keys = [source.key for source in self._sources]
        if keys:
            row = keys.index(chosen.key) if chosen and chosen.key in keys else 0
            self.list.setCurrentItem(self.list.topLevelItem(row))
        self.empty.setVisible(not keys)
        self._enable_buttons()
        follow_layout(self)

    def chosen(self) -> Optional[Source]:
        """The source of the selected row; ``None`` if no row is selected."""
        item = self.list.currentItem()
        position = self.list.indexOfTopLevelItem(item) if item else -1
        return self._sources[position] if 0 <= position < len(self._sources) else None

    def choose(self, key: str) -> None:
        """Select the row of a source."""
        for row, source in enumerate(self._sources):
            if source.key == key:
                self.list.setCurrentItem(self.list.topLevelItem(row))

    def _add_row(self, source: Source) -> None:
        record = get_record(self._mw, source.key)
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.last_run))
        address = "https://rember.com"
        if isinstance(source, SubscriptionSource):
            address = show_address(source.subscription.address)
        texts = ["" for _ in _HEADERS]
        texts[_SOURCE], texts[_OWNER], texts[_VERSION] = source.title, record.owner, record.version
        texts[_ADDRESS] = address
        texts[_LAST] = when if record.last_run else "never"
        texts[_STATE] = describe_state(record)
        texts = [" ".join(text.split()) for text in texts]
        item = QTreeWidgetItem(texts)
        for column in (_SOURCE, _OWNER, _ADDRESS, _STATE):
            item.setToolTip(column, plain_tip(texts[column]))
        self.list.addTopLevelItem(item)
        box = QCheckBox("with sync", self.list)
        box.setChecked(is_automatic(source, record))
        box.setAccessibleName(f"Update {source.title} with each AnkiWeb sync")
        box.setToolTip("Update by itself with each AnkiWeb sync. Questions are left for you.")
        qconnect(box.clicked, partial(self._change_automatic, source))
        self.list.setItemWidget(item, _AUTOMATIC, box)

    def _change_automatic(self, source: Source, automatic: bool) -> None:
        try:
            set_automatic(self._mw, source, automatic)
        except (AnkivaultError, OSError) as error:
            tell_error(self._mw, error, self)
        self._mw.taskman.run_on_main(runs.announce_change)  # later: it deletes the box that called

    def _enable_buttons(self) -> None:
        chosen = self.chosen()
        is_deck = isinstance(chosen, SubscriptionSource)
        for button in (self.options_button, self.suggest_button, self.remove_button):
            button.setEnabled(is_deck)
        for button in (self.preview_button, self.update_button):
            button.setEnabled(chosen is not None)
        self.all_button.setEnabled(bool(self._sources))
        account = name_account_action(self._mw).replace("&", "")
        preposition = "of" if account == "Sign Out" else "to"
        dots = "…" if account.endswith("…") else ""
        self.account_button.setText(f"{account.rstrip('…')} {preposition} &Rember{dots}")

    # What the buttons do

    def _subscribe(self) -> None:
        def choose(key: str) -> None:
            if still_open(self, self._mw) is self:
                self.choose(key)

        show_subscribe(self._mw, choose)

    def _change_account(self) -> None:
        change_account(self._mw)

    def _options(self) -> None:
        chosen = self.chosen()
        if isinstance(chosen, SubscriptionSource):
            show_options(self._mw, chosen, self)

    def _suggest(self) -> None:
        chosen = self.chosen()
        if isinstance(chosen, SubscriptionSource):
            suggest_change(self._mw, chosen, self)

    def _unsubscribe(self) -> None:
        chosen = self.chosen()
        if not isinstance(chosen, SubscriptionSource):
            return

        def answered(yes: bool) -> None:
            if yes:
                self._forget(chosen)

        question = (
            f"End the subscription to “{chosen.title}”?\n\nIts notes stay in Anki, and are only "
            "yours from then on. Which fields you protected and which decks you left out is "
            "forgotten."
        )
        ask_user(question, answered, defaults_yes=False, parent=self, title=TITLE)

    def _forget(self, source: SubscriptionSource) -> None:
        try:
            forget_subscription(source.state, source.subscription.address)
        except (AnkivaultError, OSError) as error:
            tell_error(self._mw, error, self)
            return
        forget_record(self._mw, source.key)
        runs.announce_change()
        say("No more updates come. The notes stay as they are.", parent=self)

    def _preview(self) -> None:
        chosen = self.chosen()
        if chosen:
            show_source_preview(self._mw, chosen, self)

    def _update(self) -> None:
        chosen = self.chosen()
        if chosen:
            runs.update(self._mw, [chosen], self)

    def _update_all(self) -> None:
        runs.update(self._mw, self._sources, self)


def describe_state(record: Record) -> str:
    """The state of a source in words, from its last run."""
    if record.waiting:
        return f"{count_words(record.waiting, 'question')}: see Preview…"
    return record.result or "Not updated yet"


def is_automatic(source: Source, record: Record) -> bool:
    """Whether a source is updated with each AnkiWeb sync."""
    if isinstance(source, SubscriptionSource):
        return source.subscription.automatic
    return record.automatic


def set_automatic(mw: AnkiQt, source: Source, automatic: bool) -> None:
    """Store whether a source is updated with each AnkiWeb sync."""
    if isinstance(source, SubscriptionSource):
        found = Home(source.state, source.subscription.address).read()
        if found:
            change_subscription(source.state, replace(found, automatic=automatic))
    else:
        change_record(mw, REMBER, automatic=automatic)


aqt.dialogs.register_dialog(_NAME, SourcesDialog)
