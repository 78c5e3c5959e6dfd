"""The cards of Home's Overview, each with what it can do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aqt
from aqt.main import AnkiQt
from aqt.qt import QPushButton, QWidget

from ...sync.run.done import count_words
from ...sync.vault.settings import SettingProblem, Settings
from ..app import leading, obsidian
from ..app.labels import break_endless, plain_label, plain_tip
from ..app.messages import capitalise
from ..app.moments import tell_moment
from ..app.spoken import Announcer
from ..decks.window import show_linked_decks
from ..dynamic.open_editor import show_new_note
from ..live import sign
from ..preview.vault_window import show_preview
from ..runs import vault as sync_now
from ..runs.ended import get_last_run
from ..sources.window import show_sources
from ..widgets.card import LOOKING, Card, Mood
from ..widgets.elided_label import ElidedLabel
from ..widgets.named_list import make_button
from .standing import VaultFacts
from .words import count_questions, tell_last_run, tell_mode, tell_state

_SHOWN = 8  # rows of a card; the others are in its window


class VaultCard(Card):
    """The vault: its folder, its last run, whether both sides are in step, what waits."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__("Obsidian vault", parent)
        self._mw = mw
        self.folder = ElidedLabel(self)
        self.mode, self.last = plain_label(self), plain_label(self)
        self._names = []
        for row, (name, label) in enumerate(
            (("Folder", self.folder), ("Kept", self.mode), ("Last run", self.last))
        ):
            self._names.append(plain_label(self, name, short=True))
            self.body.addWidget(self._names[-1], row, 0)
            self.body.addWidget(label, row, 1)
        act = self._make_button
        self.set_up = act(
            "Set &Up…", "Choose a vault and make the first pages", sync_now.set_up_vault
        )
        self.questions = act(
            "", "Open Preview Changes… at what is left to you", self._answer, default=True
        )
        self.sync = act("S&ync Now", "Bring both sides in step", sync_now.run)
        self.preview = act("&Preview Changes…", "See what Sync Now would do", show_preview)
        self.open = act("&Open in Obsidian", "Show the vault in Obsidian", self._open)
        self.messages = act("", "Open the summary of the last run", sync_now.show_last_summary)

    def _make_button(
        self, text: str, purpose: str, act: Callable[[AnkiQt], object], *, default: bool = False
    ) -> QPushButton:
        button = make_button(self, text, purpose, lambda: act(self._mw), once=True)
        button.setDefault(default)
        return self.add_button(button)

    def show_vault(self, read: tuple[Settings, list[SettingProblem]], facts: VaultFacts) -> None:
        """Show the vault of these settings."""
        settings, problems = read
        is_set = bool(settings.vault_folder.strip())
        last, live = get_last_run(self._mw), sign.shown()
        asked = count_questions(live, last) if is_set else 0
        self.folder.setText(settings.vault_folder)
        self.mode.setText(break_endless(tell_mode(settings, facts)))
        self.last.setText(break_endless(tell_last_run(last)))
        for widget in (*self._names, self.folder, self.mode, self.last):
            widget.setVisible(is_set)
        for button in (self.sync, self.preview, self.open):
            button.setVisible(is_set)
        self.set_up.setVisible(not is_set)
        self.questions.setText(f"&Answer {count_words(asked, 'Question')}…")
        self.questions.setVisible(asked > 0)
        summary = sync_now.last_run(self._mw) if is_set else None
        is_ours = summary and (summary.where == settings.vault_folder or live.kind == "trouble")
        told = len(summary.messages) if summary and is_ours else 0
        self.messages.setText(f"Show {count_words(told, '&Message')}…")
        self.messages.setVisible(told > 0)
        errors = [problem.message for problem in problems if problem.level == "error"]
        if not is_set:
            self.say(
                "Each note becomes a page in Obsidian. No vault is set up in this profile yet.", ""
            )
        elif errors:
            self.say(" ".join(errors), "bad")
        else:
            self.say(*tell_state(settings, facts, live, last))

    def _answer(self, mw: AnkiQt) -> None:
        show_preview(mw, at_questions=True)

    def _open(self, mw: AnkiQt) -> None:
        settings = sync_now.settings_to_use(mw)
        if settings:
            obsidian.show_vault(settings, self.window() or mw)


@dataclass(frozen=True)
class Row:
    """One deck or source: its name, its state in words, when it last ran, and what chooses it."""

    name: str
    state: str
    last_run: int
    choose: Callable[[object], None]


class ListCard(Card):
    """A card with a row for each deck or source. ``NAME`` is its window's, in ``aqt.dialogs``."""

    TITLE = NAME = EMPTY = ""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(self.TITLE, parent)
        self._mw = mw
        self._widgets: list[QWidget] = []
        self.opens: list[QPushButton] = []
        self._states: dict[str, str] = {}
        self._announcer = Announcer(self)
        self.say(LOOKING)

    def show_window(self, mw: AnkiQt) -> None:
        """Open the window that lists them all."""
        raise NotImplementedError

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these, in place of those that are there. A screen reader says which changed."""
        before, self._states = self._states, {row.name: row.state for row in rows}
        news = [row for row in rows[:_SHOWN] if before.get(row.name, row.state) != row.state]
        self._announcer.say(". ".join(f"{row.name}: {row.state}" for row in news))
        for widget in self._widgets:
            self.body.removeWidget(widget)
            widget.deleteLater()
        self._widgets, self.opens = [], []
        for number, row in enumerate(rows[:_SHOWN]):
            self._add_row(number, row)
        more = len(rows) - _SHOWN
        text = f"{more:,} more in their window." if more > 0 else ""
        moods = {mood_of(row.state) for row in rows}
        mood: Mood = next((each for each in _WORST_FIRST if each in moods), "")
        self.say(text if rows else self.EMPTY, mood)

    def _add_row(self, number: int, row: Row) -> None:
        when = tell_moment(row.last_run)
        name, state = ElidedLabel(self, row.name), plain_label(self, row.state)
        last = plain_label(self, capitalise(when), short=True)
        button = make_button(self, "Open…", "", lambda: self._open(row))
        button.setToolTip(plain_tip(f"Show {row.name} in its window"))
        button.setAccessibleName(f"Open {row.name}")
        for column, widget in enumerate((name, state, last, button)):
            self.body.addWidget(widget, number, column)
            self._widgets.append(widget)
        self.body.setColumnStretch(0, 2)
        self.body.setColumnStretch(1, 3)
        self.opens.append(button)

    def _open(self, row: Row) -> None:
        self.show_window(self._mw)
        window = aqt.dialogs._dialogs[self.NAME][1]
        if window is not None:
            row.choose(window)


class DecksCard(ListCard):
    """The TOML decks of this profile."""

    TITLE, NAME = "TOML decks", "AnkivaultDecks"
    EMPTY = "A deck can be a text file that you edit, share and keep in Git. None is linked yet."

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(mw, parent)
        self.all_button = self.add_button(
            make_button(
                self,
                "&TOML Decks…",
                "Link, make, preview and sync deck files",
                lambda: show_linked_decks(mw),
            )
        )

    def show_window(self, mw: AnkiQt) -> None:
        show_linked_decks(mw)


class SourcesCard(ListCard):
    """The subscriptions of this profile, and the account of Rember."""

    TITLE, NAME = "Sources", "AnkivaultSources"
    EMPTY = "Decks from the web, and the account of Rember. There is none yet."

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__(mw, parent)
        self.all_button = self.add_button(
            make_button(
                self, "So&urces…", "Subscribe, update and sign in", lambda: show_sources(mw)
            )
        )

    def show_window(self, mw: AnkiQt) -> None:
        show_sources(mw)


class DynamicCard(Card):
    """Dynamic notes: how many there are, and a new one."""

    def __init__(self, mw: AnkiQt, parent: QWidget) -> None:
        super().__init__("Dynamic notes", parent)
        self.say(LOOKING)
        self.new_button = self.add_button(
            make_button(
                self,
                "New &Dynamic Note…",
                "Write a note with as many cards as you like",
                lambda: show_new_note(mw),
            )
        )
        self.help_button = self.add_button(
            make_button(
                self,
                "What Are These?",
                "The page about dynamic notes in the guide",
                lambda: leading.show_help(mw, "dynamic-notes"),
            )
        )

    def show_count(self, count: int) -> None:
        """Show how many there are."""
        many = f"{count_words(count, 'note')} with up to 100 cards each."
        self.say(many if count else "One note, up to 100 cards. There is none yet.")


_WORST_FIRST: tuple[Mood, ...] = ("bad", "asks", "", "good")


def mood_of(state: str) -> Mood:
    """How the state of a deck or a source feels: all is well, it asks, or something is wrong."""
    if state in ("In step", "Up to date"):
        return "good"
    if "question" in state or "conflict" in state:
        return "asks"
    waits = state.startswith("Not ") or state.endswith(" since") or state in ("", "Cancelled")
    return "" if waits else "bad"
