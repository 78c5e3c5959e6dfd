"""The preview of a linked deck's run: both sides compared, conflicts settled, then Sync Now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional, cast

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
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

from ...sync.deck.changes import DeckPlan
from ...sync.deck.options import ChoiceKey, DeckOptions, Side
from ...sync.deck.run import plan_deck
from ...sync.deck.values import Values
from ...sync.progress import Progress
from .. import profile, sync_now
from ..background import Outcome
from ..change_list import ChangeList
from ..leaving import ask_to_leave
from ..message_list import MessageList
from ..messages import TITLE, say, still_open, tell_error
from ..same_for_all import SameForAll
from ..settle import Asked, SettleBar
from ..sides import SideBySide
from . import runs
from .items import (
    CONFLICT,
    Change,
    Listing,
    is_open,
    list_plan,
    list_questions,
    list_sections,
)
from .preview_words import explain_plan, list_problems

_NAME = "AnkivaultDeckPreview"
_REMOVALS = (("Leave them", "none"), ("Delete from Anki", "anki"), ("Delete from the file", "toml"))


def show_deck_preview(mw: AnkiQt, file: Path, options: DeckOptions, parent: QWidget) -> None:
    """Plan in the background, then show the plan. Nothing is written."""
    _plan(mw, file, options, parent, lambda listing: aqt.dialogs.open(_NAME, mw, listing))


def _plan(
    mw: AnkiQt,
    file: Path,
    options: DeckOptions,
    parent: QWidget,
    use: Callable[[Listing], Any],
    fail: Callable[[], Any] = lambda: None,
) -> None:
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Listing:
        return list_plan(plan_deck(col, file, options, state, progress))

    def done(outcome: Outcome[Listing]) -> None:
        if outcome.value is None:
            fail()
            tell_error(mw, outcome.error, still_open(parent, mw))
        else:
            use(outcome.value)

    if not sync_now.start(mw, work, done, parent=parent):
        fail()


class DeckPreview(QDialog):
    """A plan, and the button that does what it says."""

    def __init__(self, mw: AnkiQt, listing: Listing) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._listing = listing
        self._options = listing.plan.options  # those asked for; the plan's own may lag behind
        self._values = Values()
        self._alike: Sequence[ChoiceKey] = ()
        self._last_side: Optional[Side] = None  # the last answer of a person
        self._settled_before = listing.plan.options.choices
        self._is_planning = False
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)

        self.counts = _make_label(self)
        self.refusal = _make_label(self)
        self.messages = MessageList(mw, self)
        self.tabs = QTabWidget(self)
        self._make_list()
        self.tabs.addTab(self.list, "")
        problems = QWidget(self)
        QVBoxLayout(problems).addWidget(self.messages)
        self.tabs.addTab(problems, "")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.sync_button = QPushButton("&Sync Now")
        self.sync_button.setToolTip("Do exactly what is listed here")
        self.refresh_button = QPushButton("&Look Again")
        self.refresh_button.setToolTip("Read the file and Anki again")
        self.refresh_button.setAutoDefault(False)
        buttons.addButton(self.refresh_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.sync_button, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        for widget in (self.counts, self.refusal):
            layout.addWidget(widget)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(self._make_options())
        layout.addWidget(buttons)
        qconnect(buttons.rejected, self.reject)
        qconnect(self.sync_button.clicked, self._sync)
        qconnect(self.refresh_button.clicked, self._look_again)
        gui_hooks.theme_did_change.append(self.sides.recolour)

        self.reopen(mw, listing)
        self.resize(980, 700)
        restoreGeom(self, "ankivaultDeckPreview")
        restoreSplitter(self.splitter, "ankivaultDeckPreview")
        self.show()

    def _make_list(self) -> None:
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
        self.list = ChangeList(headers, widths, "Search notes and decks", below)
        self.search, self.splitter = self.list.search, self.list.splitter
        self.rows, self.view = self.list.rows, self.list.view
        self.view.setAccessibleName("Notes, note types, decks and media")
        self.splitter.setSizes([240, 300])
        qconnect(self.settle.settled, self._settle)
        qconnect(self.all_button.wanted, self._settle_alike)
        qconnect(self.list.chosen_changed, self._show_sides)
        qconnect(self.list.selection_changed, self._show_alike)

    def _make_options(self) -> QHBoxLayout:
        self.removal = QComboBox(self)
        for text, value in _REMOVALS:
            self.removal.addItem(text, value)
        label = QLabel("Notes &missing on one side:", self)
        label.setBuddy(self.removal)
        self.removal.setToolTip("Notes that were on both sides, and that one side deleted since.")
        self.models = QCheckBox("Let this run change &note types", self)
        self.models.setToolTip(
            "Where a note type that the file declares differs from the one in Anki."
        )
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.removal)
        row.addSpacing(16)
        row.addWidget(self.models)
        row.addStretch(1)
        qconnect(self.removal.activated, lambda _: self._change_options())
        qconnect(self.models.clicked, lambda _: self._change_options())
        return row

    def reopen(self, mw: AnkiQt, listing: Listing) -> None:
        """Show another plan: Anki calls this when the window is open already."""
        choices = self._options.choices

        def show() -> None:
            self._settled_before = listing.plan.options.choices
            self.list.forget_filter()
            self._show(listing)

        if listing.plan.file != self._listing.plan.file:
            ask_to_leave(self, self._count_given(), show)
        elif self._count_given():
            show()
            self._plan_with(replace(self._options, choices={**self._options.choices, **choices}))
        else:
            show()

    def _show(self, listing: Listing) -> None:
        selected = self._chosen()
        plan, rows = listing.plan, listing.rows
        self._listing, self._options = listing, plan.options
        self._values = Values(plan.definition.media if plan.definition else ())
        self.setWindowTitle(f"Ankivault: Preview of {plan.file.name}")
        self.counts.setText(explain_plan(plan))
        self.refusal.setText(f"⚠ {plan.refusal}" if plan.refusal else "")
        self.refusal.setVisible(bool(plan.refusal))
        kinds = [(kind, 0, kind) for kind in dict.fromkeys(row[0] for row in rows)]
        self.list.show_rows(rows, [("Conflicts", 4, CONFLICT), *kinds])
        if selected:
            wanted = _identify(selected)
            found = (n for n, each in enumerate(listing.changes) if _identify(each) == wanted)
            self.list.select(next(found, -1))
        self.messages.show_messages(list_problems(plan), plan.file.parent)
        self.tabs.setTabText(0, f"&Changes ({len(rows) - plan.counts['unchanged']:,})")
        self.tabs.setTabText(1, f"&Problems ({len(plan.problems):,})")
        if plan.problems and not rows:
            self.tabs.setCurrentIndex(1)
        self.removal.setCurrentIndex(self.removal.findData(plan.options.remove_missing))
        self.models.setChecked(plan.options.change_models)
        missing = any(note.deleted_in for note in plan.notes)
        self.removal.setEnabled(missing or plan.options.remove_missing != "none")
        self.models.setEnabled(any(m.notetype for m in plan.models) or self.models.isChecked())
        self.sync_button.setEnabled(not plan.refusal and not (plan.is_empty and not plan.learns))

    def reject(self) -> None:
        ask_to_leave(self, self._count_given(), super().reject)

    def closeWithCallback(self, onsuccess: Callable[[], None]) -> None:
        """Anki closes all windows before the profile, and waits for what comes of it."""

        def leave() -> None:
            self.done(QDialog.DialogCode.Rejected)
            onsuccess()

        ask_to_leave(self, self._count_given(), leave)

    def _count_given(self) -> int:
        """How many answers were given in this window."""
        before, now = self._settled_before, self._options.choices
        return sum(before.get(key) != now.get(key) for key in {**before, **now})

    def done(self, result: int) -> None:
        gui_hooks.theme_did_change.remove(self.sides.recolour)
        saveGeom(self, "ankivaultDeckPreview")
        saveSplitter(self.splitter, "ankivaultDeckPreview")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)
        # Qt and Python keep a closed dialog for a while; the deck need not stay.
        self._listing = list_plan(DeckPlan(self._listing.plan.file, self._options))
        self.rows.set_rows(())

    def _chosen(self) -> Optional[Change]:
        position = self.view.chosen()
        return None if position is None else self._listing.changes[position]

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
        """What a person can settle of a change, with the answers that no plan has yet."""
        choices = self._options.choices
        asked = list_questions(self._listing.plan, change)
        return [replace(each, chosen=choices.get(cast("ChoiceKey", each.key))) for each in asked]

    def _show_alike(self) -> None:
        """What The Same for All is about: the open questions selected, or those that are shown."""
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
        """Keep answers, go to the next question, and plan with them."""
        choices = dict(self._options.choices)
        for key, side in answers.items():
            choices.pop(key, None)
            if side is not None:
                choices[key] = self._last_side = side
        self._options = replace(self._options, choices=choices)
        change = self._chosen()
        if change is None or not self._has_questions(change):
            self.list.select_next(lambda n: self._has_questions(self._listing.changes[n]))
        self._plan_with(self._options)

    def _has_questions(self, change: Change) -> bool:
        """Whether something of a change is left to settle, also after what was said just now."""
        return is_open(change) and any(each.chosen is None for each in self._ask(change))

    def _change_options(self) -> None:
        removal, models = self.removal.currentData(), self.models.isChecked()
        self._plan_with(replace(self._options, remove_missing=removal, change_models=models))

    def _look_again(self) -> None:
        self._plan_with(self._options)

    def _plan_with(self, options: DeckOptions) -> None:
        """Plan again with these options and show that; until then there is nothing to press."""
        self._options = options
        self.sync_button.setEnabled(False)
        if self._is_planning:
            return
        self._is_planning = True
        shown = self._listing

        def show(listing: Listing) -> None:
            self._is_planning = False
            if self._listing is not shown or not self.isVisible():
                return
            if self._options is options or listing is shown:
                self._show(listing)
            else:  # more was answered meanwhile
                self._plan_with(self._options)

        _plan(self._mw, shown.plan.file, options, self, show, lambda: show(shown))

    def _sync(self) -> None:
        """Ask what has to be asked, then do exactly what is shown."""
        plan = self._listing.plan
        doomed = [
            (sum(note.action == action for note in plan.notes), where)
            for action, where in (("remove_from_anki", "Anki"), ("remove_from_toml", "the file"))
        ]
        losses = [f"{n:,} {'note' if n == 1 else 'notes'} from {side}" for n, side in doomed if n]

        def answered(yes: bool) -> None:
            if yes:
                self._go(plan)

        if losses:
            question = f"This deletes {' and '.join(losses)}.\n\nGo on?"
            ask_user(question, answered, defaults_yes=False, parent=self, title=TITLE)
        else:
            answered(True)

    def _go(self, plan: DeckPlan) -> None:
        if plan.full_sync and not self._mw.confirm_schema_modification():
            say("Nothing was written.", parent=self)
            return
        self.accept()
        runs.sync_plan(self._mw, plan, self._mw)


def _make_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _identify(change: Change) -> tuple[object, ...]:
    """What stays the same of a change from one plan to the next."""
    id_, position = getattr(change, "note_id", 0), getattr(change, "position", 0)
    return type(change), id_, position if not id_ else 0, getattr(change, "name", "")


aqt.dialogs.register_dialog(_NAME, DeckPreview)
