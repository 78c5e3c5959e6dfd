"""The preview of a source's update: see both sides, answer questions, then Update Now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget, qconnect

from ...sync.run.errors import AnkivaultError
from ...sync.run.progress import Progress
from ..app.background import Outcome
from ..app.messages import say, still_open, tell_error
from ..runs import sources as runs
from ..runs.source_kinds import Decisions, RemberSource, Source
from ..widgets.change_list import ChangeList
from ..widgets.choice_bar import Asked, SettleBar
from ..widgets.side_by_side import SideBySide
from .leaving import ask_to_leave
from .plan_window import PlanWindow, Work, make_plan
from .rember_rows import list_rember
from .same_for_all import SameForAll
from .source_rows import HEADERS, QUESTION, Listing, Shown
from .subscription_rows import list_subscription

_NOTHING = Decisions()


def show_source_preview(mw: AnkiQt, source: Source, parent: QWidget) -> None:
    """Ask a source's server, make a plan, then show it. The collection stays as it is.

    When the server cannot be asked, that is told, and the plan is of what came before.
    """

    def show(listing: Listing) -> None:
        aqt.dialogs.open(SourcePreview.NAME, mw, listing)

    def plan(fetched: list[tuple[Source, Outcome[Any]]]) -> None:
        outcome = fetched[0][1]
        window = still_open(parent, mw)
        if outcome.error is not None:
            if not isinstance(outcome.error, AnkivaultError):
                tell_error(mw, outcome.error, window)
                return
            say(f"{outcome.error} Shown is what came before.", parent=window, period=7000)
        make_plan(mw, _plan_work(source, outcome.value, _NOTHING), show, window)

    runs.fetch_then(mw, [source], parent, plan)


def _plan_work(source: Source, fetched: Any, decisions: Decisions) -> Work[Listing]:
    def work(col: Collection, progress: Progress) -> Listing:
        plan = source.plan(col, fetched, decisions, progress)
        listing = list_plan(source, plan)
        told = getattr(fetched, "messages", ())
        return replace(listing, messages=(*told, *listing.messages), fetched=fetched)

    return work


def list_plan(source: Source, plan: Any) -> Listing:
    """The rows of a plan of either kind of source."""
    return (
        list_rember(source, plan)
        if isinstance(source, RemberSource)
        else list_subscription(source, plan)
    )


class SourcePreview(PlanWindow[Listing, Decisions]):
    """Shows the plan of one source."""

    NAME = "AnkivaultSourcePreview"
    GEOMETRY = "ankivaultSourcePreview"
    SIZE = (980, 700)

    def __init__(self, mw: AnkiQt, listing: Listing) -> None:
        self._alike: Sequence[str] = ()
        self._last_answer: Optional[str] = None
        super().__init__(mw, listing, _NOTHING)
        self.sync_button.setText("&Update Now")
        self.reopen(mw, listing)
        self._open()

    def _make_list(self) -> ChangeList:
        self.sides = SideBySide(self)
        self.settle = SettleBar(self)
        below = QWidget(self)
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        self.all_button = SameForAll(below)
        questions = QHBoxLayout()
        questions.addWidget(self.settle, 1)
        questions.addWidget(self.all_button)
        inside.addLayout(questions)
        inside.addWidget(self.sides, 1)
        changes = ChangeList(HEADERS, (110, 320, 200), "Search notes and decks", below)
        changes.view.setAccessibleName("Notes, note types, decks and media")
        changes.splitter.setSizes([240, 300])
        qconnect(self.settle.settled, self._settle)
        qconnect(self.all_button.wanted, self._settle_alike)
        qconnect(changes.chosen_changed, self._show_sides)
        qconnect(changes.selection_changed, self._show_alike)
        return changes

    def _add_options(self, layout: QVBoxLayout) -> None:
        self.types = QCheckBox("Let this update change note types (forces a full AnkiWeb sync)")
        qconnect(
            self.types.clicked, lambda on: self._ask_for(replace(self._asked, change_types=on))
        )
        layout.addWidget(self.types)

    def reopen(self, mw: AnkiQt, listing: Listing) -> None:
        """Show another plan. Anki calls this when the window is already open.

        A plan of the same source keeps the answers given; before another, the user is asked.
        """
        before, given = self._asked, self._count_given()

        def show() -> None:
            self.list.forget_filter()
            self._show(listing, _NOTHING)

        if listing.source.key != self._listing.source.key:
            ask_to_leave(self, given, show)
        else:
            show()
            if before != _NOTHING:
                self._ask_for(before)

    def _fill(self) -> None:
        listing, rows = self._listing, self._listing.rows
        self.setWindowTitle(f"Ankivault: Update of {listing.source.title}")
        self.counts.setText(listing.counts)
        self._warn(listing.warning)
        groups = [(group, 0, group) for group in dict.fromkeys(row[0] for row in rows)]
        self.list.show_rows(rows, [("Questions", 4, QUESTION), *groups])
        self.messages.show_messages(listing.messages, listing.folder)
        self.tabs.setTabText(0, f"&Changes ({len(rows):,})")
        self.tabs.setTabText(1, f"Pro&blems ({len(listing.messages):,})")
        self.types.setVisible(listing.may_change_types)
        self.types.setChecked(self._asked.change_types)
        self.sync_button.setEnabled(listing.can_run)

    def _identify(self, change: Shown) -> Hashable:
        return change.key

    def _plan_for(self, asked: Decisions) -> Work[Listing]:
        return _plan_work(self._listing.source, self._listing.fetched, asked)

    def _count_given(self) -> int:
        return len(self._asked.answers)

    def _explain_losses(self) -> str:
        return self._listing.losses

    def _run(self) -> None:
        listing = self._listing
        if listing.full_sync and not self._mw.confirm_schema_modification():
            say("Nothing was written.", parent=self)
            return
        self.accept()
        runs.apply_plan(self._mw, listing.source, listing.plan, self._mw)

    def _forget(self) -> Listing:
        return Listing(self._listing.source, None)

    def _recolour(self) -> None:
        self.sides.recolour()

    # What the user decides

    def _show_sides(self) -> None:
        change = self._chosen()
        if change is None:
            self.sides.show_sections("", ())
            self.settle.show_questions(())
        else:
            self.sides.show_sections(*change.details())
            self.settle.show_questions(self._ask(change))
        self._show_alike()

    def _ask(self, change: Shown) -> list[Asked]:
        """The questions about a change, with the newest answers, which no plan may have yet."""
        answers = self._asked.answers
        return [replace(each, chosen=answers.get(str(each.key))) for each in change.asked]

    def _show_alike(self) -> None:
        """Offer The Same for All for the open questions in the selected rows, or in all rows."""
        change = self._chosen()
        here = self._ask(change) if change is not None else []
        one = next((each for each in here if each.chosen is None), here[0] if here else None)
        if one is None:
            self.all_button.offer(0, False, (), None)
            return
        several, positions = self.list.in_question()
        changes = self._listing.changes
        asked = (each for n in positions for each in self._ask(changes[n]))
        self._alike = [
            str(each.key) for each in asked if each.chosen is None and each.answers == one.answers
        ]
        count = 0 if list(self._alike) == [one.key] else len(self._alike)
        answers = [answer for answer in one.answers if answer[1] is not None]
        self.all_button.offer(count, several, answers, one.chosen or self._last_answer)

    def _settle_alike(self, answer: str) -> None:
        self._choose(dict.fromkeys(self._alike, answer))

    def _settle(self, key: str, answer: Optional[str]) -> None:
        self._choose({key: answer})

    def _choose(self, given: Mapping[str, Optional[str]]) -> None:
        """Store the answers, select the next open question, and make a new plan."""
        answers = dict(self._asked.answers)
        for key, answer in given.items():
            answers.pop(key, None)
            if answer is not None:
                answers[key] = self._last_answer = answer
        self._asked = replace(self._asked, answers=answers)
        change = self._chosen()
        if change is None or not self._has_questions(change):
            self.list.select_next(lambda n: self._has_questions(self._listing.changes[n]))
        self._ask_for(self._asked)

    def _has_questions(self, change: Shown) -> bool:
        """Whether a change has a question that is still without an answer."""
        return any(each.chosen is None for each in self._ask(change))


aqt.dialogs.register_dialog(SourcePreview.NAME, SourcePreview)
