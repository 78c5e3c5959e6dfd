"""Subscribe…: paste an address, see what the deck there brings, and take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Optional

import aqt
from aqt.main import AnkiQt
from aqt.qt import (
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    Qt,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, openLink, saveGeom

from ...sync.run.done import count_words
from ...sync.source.subscription.preview import Preview
from ...sync.source.subscription.run import (
    add_subscription,
    check_address,
    fetch,
    forget_subscription,
    preview_address,
)
from ...sync.source.subscription.store import Home
from ...sync.source.subscription.subscription import Subscription
from ...sync.source.web import Limits, Web, refuse_address, show_address
from ..app import profile
from ..app.asking import Asking
from ..app.background import Outcome
from ..app.labels import plain_label, plain_name
from ..app.leading import add_help
from ..app.messages import explain, still_open
from ..app.places import restore_place
from ..app.tab_order import follow_layout
from ..runs import sources as runs
from ..runs.source_kinds import SubscriptionSource
from ..widgets.quiet_dialog import QuietDialog
from ..widgets.search_field import QuietField

_NAME = "AnkivaultSubscribe"
_LIMITS = Limits(bytes=50_000_000, seconds=300)  # of the deck file; its media come afterwards
_MOST_DECKS, _MOST_PLACES = 8, 3
_MOST_WORDS = 600  # characters of a description
_KEY = "deck"


def show_subscribe(mw: AnkiQt, choose: Callable[[str], None]) -> None:
    """Open the window for a new subscription. ``choose`` gets its key when there is one."""
    aqt.dialogs.open(_NAME, mw, choose)


class SubscribeDialog(QuietDialog):
    """Asks for an address, and shows what is there before anything is written into Anki."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt, choose: Callable[[str], None]) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw, self._choose = mw, choose
        self._state = profile.state_folder(mw)
        self._asking: Optional[Asking] = None
        self._offer: Optional[Preview] = None
        self.setWindowTitle("Ankivault: Subscribe to a Deck")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.address = QuietField(self)
        self.address.setPlaceholderText("https://…/deck.toml")
        self.address.setAccessibleName("Address of the deck")
        self.look_button = QPushButton("&Look", self)
        self.look_button.setToolTip("Fetch the deck, and show what it brings")
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.status = plain_label(self, spoken=True)
        self.facts = QWidget(self)
        self.form = QFormLayout(self.facts)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.scripts = plain_label(self, spoken=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.subscribe_button = QPushButton("&Subscribe")
        self.subscribe_button.setToolTip("Bring these notes into Anki, and keep them up to date")
        self.buttons.addButton(self.subscribe_button, QDialogButtonBox.ButtonRole.ActionRole)
        add_help(mw, self, "subscribe#subscribe", self.buttons)
        self._lay_out()
        qconnect(self.address.textEdited, lambda _: self._forget_offer())
        qconnect(self.address.returnPressed, self._enter)
        qconnect(self.look_button.clicked, lambda _: self._look_or_stop())
        qconnect(self.subscribe_button.clicked, lambda _: self._subscribe())
        qconnect(self.buttons.rejected, self.reject)
        self._show_state("Nothing is written into Anki before you press Subscribe.")
        self.resize(620, 420)
        restore_place(self, "ankivaultSubscribe")
        self.show()
        self.address.setFocus()

    def _lay_out(self) -> None:
        label = plain_label(self, "&Address:", short=True)
        label.setBuddy(self.address)
        row = QHBoxLayout()
        for widget in (label, self.address, self.look_button):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self.progress)
        layout.addWidget(self.status)
        layout.addWidget(self.facts)
        layout.addWidget(self.scripts)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def reopen(self, mw: AnkiQt, choose: Callable[[str], None]) -> None:
        """Anki calls this when the window is already open."""
        self._choose = choose

    def done(self, result: int) -> None:
        if self._asking:
            self._asking.drop()
            self._asking = None
        self._forget_offer()
        saveGeom(self, "ankivaultSubscribe")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)

    # Looking

    def _look_or_stop(self) -> None:
        if self._asking:
            self._asking.drop()
        else:
            self._look()

    def _enter(self) -> None:
        """Enter in the address looks at it; then it leads on to Subscribe, and never presses it."""
        if self._offer is None:
            self._look()
        else:
            self.subscribe_button.setFocus()

    def _look(self) -> None:
        address = self.address.text().strip()
        self._forget_offer()
        refusal = check_address(address)
        if refusal:
            self._show_state(f"⚠ {refusal[:1].upper()}{refusal[1:]}")
            return
        asking = self._asking = Asking()
        asking.add(_KEY, partial(self._fetch, asking, self._state, address))
        self._show_state(f"Asking {show_address(address)}…")
        asking.wait(self._mw, partial(self._looked, asking, address), shows=False)

    @staticmethod
    def _fetch(asking: Asking, state: Path, address: str) -> Preview:
        with Web(_LIMITS, is_cancelled=lambda: asking.is_dropped) as web:
            fetch(state, address, web)
        return preview_address(state, address)

    def _looked(self, asking: Asking, address: str) -> None:
        if self._asking is not asking:
            return
        self._asking = None
        outcome = asking.outcomes.get(_KEY)
        if asking.is_dropped or outcome is None:
            self._show_state("Cancelled.")
        elif outcome.value is not None:
            self._show_offer(outcome.value)
        elif outcome.error is not None:
            self._show_state(f"⚠ {explain(self._mw, outcome.error)}")

    def _show_offer(self, offer: Preview) -> None:
        self._offer = offer
        if self._is_subscribed(offer.address):
            self._show_state("You are subscribed to this deck already.")
            self.subscribe_button.setEnabled(False)
        else:
            self._show_state("")
        for name, text in list_facts(offer):
            self.form.addRow(f"{name}:", plain_label(self.facts, text))
        homepage = offer.package.homepage or ""
        if homepage and refuse_address(homepage) is None:
            self.form.addRow("Homepage:", self._link_button(homepage))
        told = explain_scripts(offer)
        self.scripts.setText(f"⚠ {told}" if told else "")
        self.scripts.setVisible(bool(told))
        self.facts.show()
        follow_layout(self)

    def _link_button(self, homepage: str) -> QPushButton:
        button = QPushButton(plain_name(homepage[:80]), self.facts)
        button.setFlat(True)
        button.setAutoDefault(False)
        button.setToolTip("Open it in the browser")
        button.setStyleSheet(
            "text-align: left; text-decoration: underline; border: none; padding: 0; "
            "background: transparent;"
        )
        qconnect(button.clicked, lambda _: openLink(homepage))
        return button

    def _is_subscribed(self, address: str) -> bool:
        return Home(self._state, address).read() is not None

    def _forget_offer(self) -> None:
        """Show no deck any more. What was fetched of a deck that nobody subscribed to goes."""
        offer, self._offer = self._offer, None
        if offer and not self._is_subscribed(offer.address):
            forget_subscription(self._state, offer.address)
        while self.form.rowCount():
            self.form.removeRow(0)
        if not self._asking:
            self._show_state("")

    def _show_state(self, text: str) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self.progress.setVisible(self._asking is not None)
        self.look_button.setText("&Stop" if self._asking else "&Look")
        self.address.setEnabled(self._asking is None)
        self.facts.setVisible(self._offer is not None)
        self.scripts.setVisible(self._offer is not None and bool(self._offer.scripts.total))
        ready = self._offer is not None
        self.subscribe_button.setEnabled(ready)
        self.subscribe_button.setDefault(ready)
        self.look_button.setDefault(not ready)

    # Subscribing

    def _subscribe(self) -> None:
        offer = self._offer
        if offer is None:
            return
        self.buttons.setEnabled(False)  # a moment: the deck is read once more
        asking = Asking()
        asking.add(_KEY, partial(add_subscription, self._state, Subscription(offer.address)))
        asking.wait(self._mw, partial(self._added, asking), shows=False)

    def _added(self, asking: Asking) -> None:
        outcome: Outcome[Subscription] = asking.outcomes[_KEY]
        mw, added = self._mw, outcome.value
        if still_open(self, mw) is not self:  # closed in that moment: nothing was wanted
            if added:
                forget_subscription(self._state, added.address)
            return
        if added is None:
            self.buttons.setEnabled(True)
            self._show_state(f"⚠ {explain(mw, outcome.error)}" if outcome.error else "")
            return
        source = SubscriptionSource(added, self._state, Path(mw.col.media.dir()))
        self.accept()
        runs.announce_change()
        self._choose(added.key)
        runs.update(mw, [source], mw)


def list_facts(offer: Preview) -> Iterator[tuple[str, str]]:
    """What a deck is and brings, each with its name."""
    package = offer.package
    told = [("Deck", package.name), ("Author", package.author), ("Version", package.version)]
    for name, text in told:
        yield name, _one_line(text) if text else "not said"
    if package.description:
        yield "Description", _shorten(package.description, _MOST_WORDS)
    yield "Notes", f"{offer.notes:,}"
    decks = [f"{_one_line(deck.name)} ({deck.notes:,})" for deck in offer.decks[:_MOST_DECKS]]
    if len(offer.decks) > _MOST_DECKS:
        decks.append(f"and {len(offer.decks) - _MOST_DECKS:,} more")
    yield "Decks", ", ".join(decks) or "none"
    yield "Note types", ", ".join(map(_one_line, offer.models)) or "none of its own"
    size = "the author does not say how large"
    if offer.media_bytes is not None:
        size = _show_size(offer.media_bytes)
    media = f"{count_words(offer.media, 'file')}, {size}" if offer.media else "none"
    yield "Media", f"{media}. The deck file itself: {_show_size(offer.bytes)}."
    if offer.optional_tags:
        tags = ", ".join(f"{tag} ({count:,})" for tag, count in offer.optional_tags)
        yield "Optional tags", f"{tags}. Choose them in Options… afterwards."
    if offer.problems:
        count = count_words(len(offer.problems), "fault")
        yield "Faults", f"{count} in the author's file: see Preview… afterwards."


def explain_scripts(offer: Preview) -> str:
    """What may run programs when its cards are shown, in words; empty if nothing may."""
    scripts = offer.scripts
    counts = (
        (scripts.templates, "in its templates"),
        (scripts.fields, "in its notes"),
        (scripts.files, "in its media"),
    )
    told = [f"{count:,} {where}" for count, where in counts if count]
    if not told:
        return ""
    places = "; ".join(map(_one_line, scripts.places[:_MOST_PLACES]))
    more = " and more" if len(scripts.places) > _MOST_PLACES else ""
    return (
        f"This deck brings program code ({', '.join(told)}). It runs when its cards are shown, and "
        "may load things from the web. Subscribe only if you trust the author.\n"
        f"It is here: {places}{more}."
    )


def _show_size(size: int) -> str:
    for unit, limit in (("kB", 1_000_000), ("MB", 1_000_000_000)):
        if size < limit:
            return f"{max(size * 1000 / limit, 0.1):,.1f} {unit}"
    return f"{size / 1_000_000_000:,.1f} GB"


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _one_line(text: str) -> str:
    return _shorten(" ".join(text.split()), 120)


aqt.dialogs.register_dialog(_NAME, SubscribeDialog)
