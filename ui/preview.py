"""Preview Changes…: the plan of a run as a list one can search, and what it leaves to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Optional

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QStackedWidget,
    Qt,
    QTabWidget,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import (
    ask_user,
    disable_help_button,
    restoreGeom,
    restoreSplitter,
    saveGeom,
    saveSplitter,
)

from ..sync.progress import Progress
from ..sync.question import Choice, Question
from ..sync.settings import Settings
from ..sync.vault.changes import VaultPlan
from ..sync.vault.run import plan_vault
from . import obsidian, profile, sync_now
from .background import Outcome
from .change_list import ChangeList
from .diff import DiffView
from .leaving import ask_to_leave
from .message_list import MessageList
from .messages import TITLE, explain, still_open, tell_error
from .preview_items import TO_DECIDE, Detail, describe, find_file, list_plan
from .preview_words import explain_losses, explain_plan
from .question_bar import QuestionBar
from .sides import SideBySide

_NAME = "AnkivaultPreview"


def show_preview(mw: AnkiQt, *, at_questions: bool = False) -> None:
    """Plan in the background, then show the plan. Nothing is written."""
    settings = sync_now.settings_to_use(mw)
    if settings:
        _plan(mw, settings, {}, lambda p: aqt.dialogs.open(_NAME, mw, p, at_questions), mw)


def _plan(
    mw: AnkiQt,
    settings: Settings,
    answers: Mapping[str, Choice],
    use: Callable[[VaultPlan], Any],
    parent: QWidget,
    fail: Callable[[], Any] = lambda: None,
) -> None:
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> VaultPlan:
        return plan_vault(col, settings, state, progress, answers=answers)

    def done(outcome: Outcome[VaultPlan]) -> None:
        if outcome.value is None:
            fail()
            tell_error(mw, outcome.error, still_open(parent, mw))
        else:
            use(outcome.value)

    if not sync_now.start(mw, work, done, parent=parent):
        fail()


class PreviewDialog(QDialog):
    """A plan, and the button that does exactly what it says."""

    def __init__(self, mw: AnkiQt, plan: VaultPlan, at_questions: bool = False) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._listing = list_plan(plan)
        self._answers: dict[str, Choice] = {}
        self._planned_with: Mapping[str, Choice] = {}
        self._is_planning = False
        self.setWindowTitle("Ankivault: Preview")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)

        self.counts, self.large = _make_label(self), _make_label(self)
        self.messages = MessageList(mw, self)
        self.tabs = QTabWidget(self)
        self._make_list()
        self.tabs.addTab(self.list, "")
        self.tabs.addTab(_with_margins(self.messages), "")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.sync_button = QPushButton("&Sync Now")
        self.sync_button.setToolTip("Do exactly what is listed here")
        buttons.addButton(self.sync_button, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.counts)
        layout.addWidget(self.large)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        qconnect(buttons.rejected, self.reject)
        qconnect(self.sync_button.clicked, self._sync)
        gui_hooks.theme_did_change.append(self._recolour)

        self.reopen(mw, plan, at_questions)
        self.resize(940, 660)
        restoreGeom(self, "ankivaultPreview")
        restoreSplitter(self.list.splitter, "ankivaultPreview")
        self.show()

    def _make_list(self) -> None:
        below = QWidget(self)
        self.questions = QuestionBar(below)
        self.diff = DiffView(below)
        self.diff.setPlaceholderText("Select a page to see what would change in its text.")
        self.sides = SideBySide(below)
        self._stack = QStackedWidget(below)
        self._stack.addWidget(self.diff)
        self._stack.addWidget(self.sides)
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.questions)
        inside.addWidget(self._stack, 1)
        headers, widths = ("Direction", "Change", "Page", "What and why"), (104, 100, 330)
        self.list = ChangeList(headers, widths, "Search pages and reasons", below)
        self.search, self.kind = self.list.search, self.list.kind
        self.rows, self.view = self.list.rows, self.list.view
        self.view.setAccessibleName("Planned changes")
        qconnect(self.list.chosen_changed, self._show_chosen)
        qconnect(self.list.selection_changed, self._show_alike)
        qconnect(self.questions.answered, self._answer)
        qconnect(self.view.activated, self._open_chosen)

    def reopen(self, mw: AnkiQt, plan: VaultPlan, at_questions: bool = False) -> None:
        """Show another plan: Anki calls this when the window is open already."""
        self._planned_with = {}
        self.list.forget_filter()
        self._show(plan)
        if at_questions:
            self.tabs.setCurrentIndex(0)
            self.list.show_only(0, TO_DECIDE)
        if self._answers and not self._is_planning:
            self._plan_again()

    def _show(self, plan: VaultPlan) -> None:
        chosen = self._chosen_question()
        self._listing = listing = list_plan(plan)
        self.counts.setText(explain_plan(plan))
        self.large.setText(f"⚠ {plan.large_change}" if plan.large_change else "")
        self.large.setVisible(bool(plan.large_change))
        self.view.setColumnHidden(0, not plan.settings.two_way)
        self.list.show_rows(listing.rows, listing.filters)
        if chosen:
            keys = [question.key for question in plan.questions]
            if chosen.key in keys:
                self.list.select(keys.index(chosen.key))
        self.messages.show_messages(plan.messages, plan.folder)
        self.tabs.setTabText(0, f"&Changes ({len(listing.rows):,})")
        self.tabs.setTabText(1, f"&Messages ({len(plan.messages):,})")
        self.sync_button.setEnabled(bool(plan.pages or plan.indexes or plan.media or plan.notes))

    def reject(self) -> None:
        self._ask_to_leave(super().reject)

    def closeWithCallback(self, onsuccess: Callable[[], None]) -> None:
        """Anki closes all windows before the profile, and waits for what comes of it."""

        def leave() -> None:
            self.done(QDialog.DialogCode.Rejected)
            onsuccess()

        self._ask_to_leave(leave)

    def _ask_to_leave(self, leave: Callable[[], None]) -> None:
        """Leave at once, or after the question what is to become of answers given."""
        given = sum(choice != "later" for choice in self._answers.values())
        ask_to_leave(self, given, leave)

    def done(self, result: int) -> None:
        gui_hooks.theme_did_change.remove(self._recolour)
        saveGeom(self, "ankivaultPreview")
        saveSplitter(self.list.splitter, "ankivaultPreview")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)
        # Qt and Python keep a closed dialog for a while; the texts of its pages need not stay.
        plan = self._listing.plan
        self._listing = list_plan(VaultPlan(plan.folder, plan.settings))
        self.rows.set_rows(())

    def _recolour(self) -> None:
        self.diff.recolour()
        self.sides.recolour()

    # What the selected change is about

    def _chosen_question(self) -> Optional[Question]:
        position = self.view.chosen()
        change = None if position is None else self._listing.changes[position]
        return change if isinstance(change, Question) else None

    def _open_chosen(self) -> None:
        """Show the selected page in Obsidian, if it is there."""
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
            show(Detail(diff=explain(self._mw, error)))

        QueryOp(parent=self, op=lambda col: describe(plan, change, col), success=show).failure(
            fail
        ).without_collection().run_in_background()

    def _show_alike(self) -> None:
        """What The Same for All is about: the questions selected, or those that are shown."""
        several, positions = self.list.in_question()
        questions = self._listing.plan.questions  # the first changes of the list
        chosen = [questions[n] for n in positions if n < len(questions)]
        self.questions.show_alike(chosen, several, self._answers)

    def _show_detail(self, detail: Detail) -> None:
        self.diff.setPlainText(detail.diff)
        self.sides.show_sections(detail.heading, detail.sections)
        self._stack.setCurrentWidget(self.sides if detail.heading else self.diff)

    # What a person decides

    def _answer(self, answers: Mapping[str, Choice]) -> None:
        self._answers = {**self._answers, **answers}
        self.list.select_next(self._is_open)
        if not self._is_planning:
            self._plan_again()

    def _is_open(self, position: int) -> bool:
        """Whether a row is a question that nobody has answered yet, also not just now."""
        change = self._listing.changes[position]
        if not isinstance(change, Question):
            return False
        return self._answers.get(change.key, change.answer) in (None, "later")

    def _plan_again(self) -> None:
        """Plan with the answers and show that; until then there is nothing to press."""
        self._is_planning = True
        self.sync_button.setEnabled(False)
        shown, answers = self._listing.plan, self._answers

        def show(plan: VaultPlan) -> None:
            self._is_planning = False
            if still_open(self, self._mw) is not self or self._listing.plan is not shown:
                return
            self._planned_with = answers
            if self._answers is answers:
                self._show(plan)
            else:  # more was answered meanwhile
                self._plan_again()

        def fail() -> None:
            self._answers = dict(self._planned_with)
            self._is_planning = False
            if still_open(self, self._mw) is self:
                self._show(self._listing.plan)

        _plan(self._mw, shown.settings, answers, show, self, fail)

    def _sync(self) -> None:
        """Ask about what cannot be had back from a page, then do exactly what is shown."""
        plan = self._listing.plan
        losses = explain_losses(plan)

        def answered(yes: bool) -> None:
            if yes:
                self.accept()
                sync_now.run_plan(self._mw, plan)

        if losses:
            question = f"{losses}\n\nGo on?"
            ask_user(question, answered, defaults_yes=False, parent=self, title=TITLE)
        else:
            answered(True)


def _make_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _with_margins(widget: QWidget) -> QWidget:
    around = QWidget()
    QVBoxLayout(around).addWidget(widget)
    return around


aqt.dialogs.register_dialog(_NAME, PreviewDialog)
