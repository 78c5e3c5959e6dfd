"""Preview Changes…: the plan of a vault's run as a searchable list, and its open questions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Optional

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import QVBoxLayout, QWidget, qconnect

from ...sync.reconcile.question import Answers, Choice, Question
from ...sync.run.progress import Progress
from ...sync.vault.answering import AskedPlan
from ...sync.vault.changes import VaultPlan
from ...sync.vault.run import answer_vault, ask_vault
from ...sync.vault.settings import Settings
from ..app import obsidian, profile
from ..app.messages import explain
from ..app.raising import show_in_front
from ..app.reading import read_for
from ..runs import vault as sync_now
from ..widgets.change_list import ChangeList
from .plan_window import PlanWindow, Work, make_plan
from .question_bar import QuestionBar
from .shown_sides import ShownSides
from .vault_details import Detail, describe
from .vault_groups import shorten
from .vault_rows import TO_DECIDE, Listing, find_file, list_plan
from .vault_words import explain_losses, explain_plan


def show_preview(mw: AnkiQt, *, at_questions: bool = False) -> None:
    """Make a plan in the background, then show it. The vault and the collection stay as they are.

    ``at_questions``: show only its open questions.
    """
    settings = sync_now.settings_to_use(mw)
    if settings:
        show = partial(_open, mw, at_questions)
        make_plan(mw, _plan_work(mw, settings), show, mw)


def _open(mw: AnkiQt, at_questions: bool, listing: Listing) -> None:
    show_in_front(aqt.dialogs.open(PreviewDialog.NAME, mw, listing, at_questions))


def _plan_work(mw: AnkiQt, settings: Settings) -> Work[Listing]:
    """Plan everything."""
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Listing:
        asked = ask_vault(col, settings, state, progress)
        return list_plan(asked.plan, asked)

    return work


def _answer_work(mw: AnkiQt, listing: Listing, answers: Answers) -> Work[Listing]:
    """Plan what these answers change."""
    state, before = profile.state_folder(mw), listing.asked or AskedPlan(listing.plan)

    def work(col: Collection, progress: Progress) -> Listing:
        asked = answer_vault(before, col, state, answers, progress)
        return list_plan(asked.plan, asked)

    return work


class PreviewDialog(PlanWindow[Listing, Answers]):
    """Shows the plan of a vault: pages, notes and media, and the questions of a two-way run."""

    NAME = "AnkivaultPreview"
    HELP = "vault#run-it"
    GEOMETRY = "ankivaultPreview"
    SIZE = (980, 640)

    def __init__(self, mw: AnkiQt, listing: Listing, at_questions: bool = False) -> None:
        super().__init__(mw, listing, {})
        self.setWindowTitle("Ankivault: Preview")
        self.reopen(mw, listing, at_questions)
        self._open()

    def _make_list(self) -> ChangeList:
        below = QWidget(self)
        self.questions = QuestionBar(below)
        self.sides = ShownSides(self._mw, below)
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.questions)
        inside.addWidget(self.sides, 1)
        headers, widths = ("Direction", "Change", "Page", "What and why"), (104, 100, 330)
        changes = ChangeList(headers, widths, "Search pages and reasons", below, 2, shorten)
        changes.view.setAccessibleName("Planned changes")
        changes.add_tool(self.sides.markdown)
        changes.view.answers = changes.tree.answers = self.questions.settle.first
        changes.splitter.setSizes([230, 400])
        qconnect(changes.chosen_changed, self._show_chosen)
        qconnect(changes.selection_changed, self._show_alike)
        qconnect(self.questions.answered, self._answer)
        qconnect(changes.view.activated, self._open_chosen)
        return changes

    def reopen(self, mw: AnkiQt, listing: Listing, at_questions: bool = False) -> None:
        """Show another plan. Anki calls this when the window is already open.

        Answers that were given stay. ``at_questions``: show only the open questions.
        """
        answers = self._asked
        self.list.forget_filter()
        self._show(listing, {})
        if at_questions:
            self.tabs.setCurrentIndex(0)
            self.list.show_only(0, TO_DECIDE)
        if answers:
            self._ask_for(answers)

    def _fill(self) -> None:
        listing, plan = self._listing, self._listing.plan
        self.counts.setText(explain_plan(plan))
        self._warn(plan.large_change)
        self.view.setColumnHidden(0, not (plan.settings.two_way or plan.questions))
        self.list.show_rows(listing.rows, listing.filters, listing.grouping)
        self.messages.show_messages(plan.messages, plan.folder)
        self.tabs.setTabText(0, f"&Changes ({len(listing.rows):,})")
        self.tabs.setTabText(1, f"&Messages ({len(plan.messages):,})")
        decided = any(not question.is_open for question in plan.questions)
        changes = plan.pages or plan.indexes or plan.media or plan.notes or plan.emptied or decided
        self.sync_button.setEnabled(bool(changes))

    def _identify(self, change: object) -> Optional[str]:
        return change.key if isinstance(change, Question) else None

    def _plan_for(self, asked: Answers) -> Work[Listing]:
        return _answer_work(self._mw, self._listing, asked)

    def _count_given(self) -> int:
        return sum(choice != "later" for choice in self._asked.values())

    def _explain_losses(self) -> str:
        return explain_losses(self._listing.plan)

    def _run(self) -> None:
        plan = self._listing.plan
        self.accept()
        sync_now.run_plan(self._mw, plan)

    def _forget(self) -> Listing:
        plan = self._listing.plan
        return list_plan(VaultPlan(plan.folder, plan.settings))

    def _recolour(self) -> None:
        self.sides.recolour()

    def _free(self) -> None:
        self.sides.cleanup()

    # The selected change

    def _chosen_question(self) -> Optional[Question]:
        change = self._chosen()
        return change if isinstance(change, Question) else None

    def _open_chosen(self) -> None:
        """Open the selected page in Obsidian if it exists."""
        position = self.view.chosen()
        if position is not None:
            file = find_file(self._listing.plan, self._listing.changes[position])
            if file is not None:
                obsidian.show_file(file, self)

    def _show_chosen(self) -> None:
        position = self.view.chosen()
        listing = self._listing
        self.questions.show_question(self._chosen_question())
        self._show_alike()
        self._show_detail(Detail())
        if position is None:
            return
        plan, change = listing.plan, listing.changes[position]

        def show(detail: Detail) -> None:
            if self._listing is listing and self.view.chosen() == position:
                self._show_detail(detail)

        def fail(error: Exception) -> None:
            show(Detail(explain(self._mw, error)))

        read = partial(describe, plan, change)
        read_for(self, self._mw, read, show, fail, uses_collection=False)

    def _show_alike(self) -> None:
        """Offer The Same for All for the questions in the selected rows, or in all rows."""
        if self._chosen_question() is None:
            return
        several, positions = self.list.in_question()
        questions = self._listing.plan.questions  # the first changes of the list
        chosen = [questions[n] for n in positions if n < len(questions)]
        self.questions.show_alike(chosen, several, self._asked)

    def _show_detail(self, detail: Detail) -> None:
        folder = self._listing.plan.folder
        self.sides.show_sections(detail.heading, detail.sections, detail.diff, folder)

    # What the user decides

    def _answer(self, answers: Mapping[str, Choice]) -> None:
        self._note_answered(len(answers))
        self._asked = {**self._asked, **answers}
        self.list.select_next(self._is_undecided)
        self._ask_for(self._asked)

    def _is_undecided(self, position: int) -> bool:
        """Whether a row is a question that is still without an answer."""
        change = self._listing.changes[position]
        if not isinstance(change, Question):
            return False
        return self._asked.get(change.key, change.answer) in (None, "later")


aqt.dialogs.register_dialog(PreviewDialog.NAME, PreviewDialog)
