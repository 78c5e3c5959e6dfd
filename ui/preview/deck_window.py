"""The preview of a TOML deck's run: compare both sides, settle conflicts, then Sync Now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional, cast

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import (
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
    qconnect,
)

from ...sync.deck.changes import DeckPlan
from ...sync.deck.options import ChoiceKey, DeckOptions, Side
from ...sync.deck.run import plan_deck
from ...sync.deck.values import Values
from ...sync.deck.words import explain_refusal
from ...sync.run.progress import Progress
from ..app import profile
from ..app.messages import say
from ..runs import decks as runs
from ..widgets.change_list import ChangeList
from ..widgets.choice_bar import Asked, SettleBar
from ..widgets.side_by_side import SideBySide
from .deck_details import list_sections
from .deck_options import OptionBoxes
from .deck_questions import list_questions
from .deck_rows import CONFLICT, Change, Listing, is_open, list_plan
from .deck_words import explain_losses, explain_plan, list_problems
from .leaving import ask_to_leave
from .plan_window import PlanWindow, Work, make_plan
from .same_for_all import SameForAll


def show_deck_preview(mw: AnkiQt, file: Path, options: DeckOptions, parent: QWidget) -> None:
    """Make a plan in the background, then show it. The file and the collection stay as they are."""

    def show(listing: Listing) -> None:
        aqt.dialogs.open(DeckPreview.NAME, mw, listing)

    make_plan(mw, _plan_work(mw, file, options), show, parent)


def _plan_work(mw: AnkiQt, file: Path, options: DeckOptions) -> Work[Listing]:
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Listing:
        return list_plan(plan_deck(col, file, options, state, progress))

    return work


class DeckPreview(PlanWindow[Listing, DeckOptions]):
    """Shows the plan of a TOML deck: notes that only one side has, and notes that differ."""

    NAME = "AnkivaultDeckPreview"
    GEOMETRY = "ankivaultDeckPreview"
    SIZE = (980, 700)

    def __init__(self, mw: AnkiQt, listing: Listing) -> None:
        options = listing.plan.options
        self._values = Values()
        self._alike: Sequence[ChoiceKey] = ()
        self._last_side: Optional[Side] = None  # the user's last answer
        self._settled_before = options.choices
        super().__init__(mw, listing, options)
        self.refresh_button = QPushButton("&Look Again")
        self.refresh_button.setToolTip("Read the file and Anki again")
        self.refresh_button.setAutoDefault(False)
        self.buttons.addButton(self.refresh_button, QDialogButtonBox.ButtonRole.ActionRole)
        qconnect(self.refresh_button.clicked, lambda _: self._ask_for(self._asked))
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
        headers, widths = ("Group", "Note", "Deck", "What happens"), (110, 360, 200)
        changes = ChangeList(headers, widths, "Search notes and decks", below)
        changes.view.setAccessibleName("Notes, note types, decks and media")
        changes.splitter.setSizes([240, 300])
        qconnect(self.settle.settled, self._settle)
        qconnect(self.all_button.wanted, self._settle_alike)
        qconnect(changes.chosen_changed, self._show_sides)
        qconnect(changes.selection_changed, self._show_alike)
        return changes

    def _add_options(self, layout: QVBoxLayout) -> None:
        self.options = OptionBoxes(self)
        qconnect(self.options.changed, self._change_options)
        layout.addWidget(self.options)

    def reopen(self, mw: AnkiQt, listing: Listing) -> None:
        """Show another plan. Anki calls this when the window is already open.

        A plan of the same file keeps the answers given; before another file, the user is asked.
        """
        choices, given = self._asked.choices, self._count_given()
        options = listing.plan.options

        def show() -> None:
            self._settled_before = options.choices
            self.list.forget_filter()
            self._show(listing, options)

        if listing.plan.file != self._listing.plan.file:
            ask_to_leave(self, given, show)
        else:
            show()
            if given:
                self._ask_for(replace(options, choices={**options.choices, **choices}))

    def _fill(self) -> None:
        plan, rows = self._listing.plan, self._listing.rows
        self._values = Values(plan.definition.media if plan.definition else ())
        self.setWindowTitle(f"Ankivault: Preview of {plan.file.name}")
        self.counts.setText(explain_plan(plan))
        self._warn(explain_refusal(plan))
        kinds = [(kind, 0, kind) for kind in dict.fromkeys(row[0] for row in rows)]
        self.list.show_rows(rows, [("Conflicts", 4, CONFLICT), *kinds])
        self.messages.show_messages(list_problems(plan), plan.file.parent)
        self.tabs.setTabText(0, f"&Changes ({len(rows) - plan.counts['unchanged']:,})")
        self.tabs.setTabText(1, f"&Problems ({len(plan.problems):,})")
        if plan.problems and not rows:
            self.tabs.setCurrentIndex(1)
        self.options.show_plan(plan)
        # When planning was cancelled, the boxes show the old options again: store those again too.
        runs.remember_options(self._mw, plan.file, plan.options)
        self.sync_button.setEnabled(not plan.refusal and not (plan.is_empty and not plan.learns))

    def _identify(self, change: Change) -> Hashable:
        id_, position = getattr(change, "note_id", 0), getattr(change, "position", 0)
        return type(change), id_, position if not id_ else 0, getattr(change, "name", "")

    def _plan_for(self, asked: DeckOptions) -> Work[Listing]:
        return _plan_work(self._mw, self._listing.plan.file, asked)

    def _count_given(self) -> int:
        before, now = self._settled_before, self._asked.choices
        return sum(before.get(key) != now.get(key) for key in {**before, **now})

    def _explain_losses(self) -> str:
        return explain_losses(self._listing.plan)

    def _run(self) -> None:
        plan = self._listing.plan
        if plan.full_sync and not self._mw.confirm_schema_modification():
            say("Nothing was written.", parent=self)
            return
        self.accept()
        runs.sync_plan(self._mw, plan, self._mw)

    def _forget(self) -> Listing:
        return list_plan(DeckPlan(self._listing.plan.file, self._asked))

    def _recolour(self) -> None:
        self.sides.recolour()

    # What the user decides

    def _show_sides(self) -> None:
        change, plan = self._chosen(), self._listing.plan
        if change is None:
            self.sides.show_sections("", ())
            self.settle.show_questions(())
        else:
            self.sides.show_sections(*list_sections(plan, change, self._values, self._fields_of))
            self.settle.show_questions(self._ask(change))
        self._show_alike()

    def _ask(self, change: Change) -> list[Asked]:
        """The questions about a change, with the newest answers, which no plan may have yet."""
        choices = self._asked.choices
        asked = list_questions(self._listing.plan, change)
        return [replace(each, chosen=choices.get(cast("ChoiceKey", each.key))) for each in asked]

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
        asked = (each for n in positions if is_open(changes[n]) for each in self._ask(changes[n]))
        self._alike = [
            cast("ChoiceKey", each.key)
            for each in asked
            if each.chosen is None and each.answers == one.answers
        ]
        count = 0 if list(self._alike) == [one.key] else len(self._alike)
        answers = [answer for answer in one.answers if answer[1] is not None]
        self.all_button.offer(count, several, answers, one.chosen or self._last_side)

    def _settle_alike(self, side: Side) -> None:
        self._choose(dict.fromkeys(self._alike, side))

    def _fields_of(self, notetype_id: int) -> Sequence[str]:
        data = self._mw.col.models.get(notetype_id)  # type: ignore[arg-type]
        return [field["name"] for field in data["flds"]] if data else ()

    def _settle(self, key: ChoiceKey, side: Optional[Side]) -> None:
        self._choose({key: side})

    def _choose(self, answers: Mapping[ChoiceKey, Optional[Side]]) -> None:
        """Store the answers, select the next open question, and make a new plan."""
        choices = dict(self._asked.choices)
        for key, side in answers.items():
            choices.pop(key, None)
            if side is not None:
                choices[key] = self._last_side = side
        self._asked = replace(self._asked, choices=choices)
        change = self._chosen()
        if change is None or not self._has_questions(change):
            self.list.select_next(lambda n: self._has_questions(self._listing.changes[n]))
        self._ask_for(self._asked)

    def _has_questions(self, change: Change) -> bool:
        """Whether a change has a question that is still without an answer."""
        return is_open(change) and any(each.chosen is None for each in self._ask(change))

    def _change_options(self) -> None:
        options = self.options.apply_to(self._asked)
        runs.remember_options(self._mw, self._listing.plan.file, options)
        self._ask_for(options)


aqt.dialogs.register_dialog(DeckPreview.NAME, DeckPreview)
