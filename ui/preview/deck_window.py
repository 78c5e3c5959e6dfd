"""The preview of a TOML deck's run: compare both sides, settle conflicts, then Sync Now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import (
    QDialogButtonBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
    qconnect,
)

from ...sync.deck.changes import DeckPlan
from ...sync.deck.options import ChoiceKey, DeckOptions
from ...sync.deck.run import plan_deck
from ...sync.deck.values import Values
from ...sync.deck.words import explain_refusal
from ...sync.run.progress import Progress
from ..app import profile
from ..app.labels import plain_title
from ..app.messages import say
from ..app.raising import show_in_front
from ..runs import decks as runs
from ..widgets.choice_bar import Asked
from .deck_details import list_sections
from .deck_options import OptionBoxes
from .deck_questions import answers_of, list_questions, with_answers
from .deck_rows import CHANGED, CONFLICT, Change, Listing, is_open, list_plan
from .deck_words import explain_losses, explain_plan, list_problems
from .leaving import ask_to_leave
from .plan_window import Work, make_plan
from .sides_window import SidesWindow


def show_deck_preview(mw: AnkiQt, file: Path, options: DeckOptions, parent: QWidget) -> None:
    """Make a plan in the background, then show it. The file and the collection stay as they are."""

    def show(listing: Listing) -> None:
        show_in_front(aqt.dialogs.open(DeckPreview.NAME, mw, listing))

    make_plan(mw, _plan_work(mw, file, options), show, parent)


def _plan_work(mw: AnkiQt, file: Path, options: DeckOptions) -> Work[Listing]:
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Listing:
        return list_plan(plan_deck(col, file, options, state, progress))

    return work


class DeckPreview(SidesWindow[Listing, DeckOptions]):
    """Shows the plan of a TOML deck: notes that only one side has, and notes that differ."""

    NAME = "AnkivaultDeckPreview"
    HELP = "toml-decks#look-before-settle-conflicts"
    GEOMETRY = "ankivaultDeckPreview"
    SIZE = (980, 640)
    HEADERS = ("Group", "Note", "Deck", "What happens")
    WIDTHS = (110, 360, 200)

    def __init__(self, mw: AnkiQt, listing: Listing) -> None:
        options = listing.plan.options
        self._values = Values()
        self._settled_before = answers_of(options)
        super().__init__(mw, listing, options)
        self.refresh_button = QPushButton("&Look Again")
        self.refresh_button.setToolTip("Read the file and Anki again")
        self.refresh_button.setAutoDefault(False)
        self.buttons.addButton(self.refresh_button, QDialogButtonBox.ButtonRole.ActionRole)
        qconnect(self.refresh_button.clicked, lambda _: self._ask_for(self._asked))
        self.reopen(mw, listing)
        self._open()

    def _add_options(self, layout: QVBoxLayout) -> None:
        self.options = OptionBoxes(self)
        qconnect(self.options.changed, self._change_options)
        layout.addWidget(self.options)

    def reopen(self, mw: AnkiQt, listing: Listing) -> None:
        """Show another plan. Anki calls this when the window is already open.

        A plan of the same file keeps the answers given; before another file, the user is asked.
        """
        answers, given = answers_of(self._asked), self._count_given()
        options = listing.plan.options

        def show() -> None:
            self._settled_before = answers_of(options)
            self.list.forget_filter()
            self._show(listing, options)

        if listing.plan.file != self._listing.plan.file:
            ask_to_leave(self, given, show)
        else:
            show()
            if given:
                self._ask_for(with_answers(options, {**answers_of(options), **answers}))

    def _fill(self) -> None:
        listing = self._listing
        plan, rows = listing.plan, listing.rows
        self._values = Values(plan.definition.media if plan.definition else ())
        self.setWindowTitle(plain_title(f"Ankivault: Preview of {plan.file.name}"))
        self.counts.setText(explain_plan(plan))
        self._warn(explain_refusal(plan))
        kinds = [(kind, 0, kind) for kind in dict.fromkeys(row[0] for row in rows)]
        filters = [("Conflicts", 4, CONFLICT), ("Changes", 5, CHANGED), *kinds]
        self.list.show_rows(rows, filters, listing.grouping, first=(5, CHANGED))
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
        before, now = self._settled_before, answers_of(self._asked)
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

    # What the user decides

    def _answers(self) -> Mapping[ChoiceKey, str]:
        return answers_of(self._asked)

    def _with_answers(self, answers: Mapping[ChoiceKey, str]) -> DeckOptions:
        return with_answers(self._asked, answers)

    def _questions(self, change: Change) -> Sequence[Asked]:
        return list_questions(self._listing.plan, change)

    def _may_ask(self, change: Change) -> bool:
        return is_open(change)

    def _details(self, change: Change) -> tuple[str, Any]:
        return list_sections(self._listing.plan, change, self._values, self._fields_of)

    def _fields_of(self, notetype_id: int) -> Sequence[str]:
        data = self._mw.col.models.get(notetype_id)  # type: ignore[arg-type]
        return [field["name"] for field in data["flds"]] if data else ()

    def _change_options(self) -> None:
        options = self.options.apply_to(self._asked)
        runs.remember_options(self._mw, self._listing.plan.file, options)
        self._ask_for(options)


aqt.dialogs.register_dialog(DeckPreview.NAME, DeckPreview)
