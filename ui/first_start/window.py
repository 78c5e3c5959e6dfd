"""The first start: which vault, mirror or two-way, which decks; then numbers, and a first run."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Optional

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    Qt,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom
from PyQt6 import sip

from ...sync.run.done import count_words
from ...sync.run.errors import Cancelled
from ...sync.run.progress import Progress
from ...sync.run.report import Report
from ...sync.vault.changes import VaultPlan
from ...sync.vault.run import apply_plan, plan_vault
from ...sync.vault.settings import Settings
from ..app import obsidian, profile
from ..app.background import Outcome
from ..app.labels import breakable, breaking_label, plain_label
from ..app.leading import add_help
from ..app.messages import explain, say, tell_error
from ..app.places import restore_place
from ..runs import vault as sync_now
from ..runs.ended import Ended, keep_last_run
from ..widgets.deck_counts import count_decks
from ..widgets.deck_tree import DeckTree
from ..widgets.named_list import make_button
from .numbers import tell_numbers
from .vault_step import VaultStep
from .way_step import WayStep

_NAME = "AnkivaultFirstStart"
_WELCOME = "Each note becomes a page in Obsidian, in the folder of its deck. "


def show_window(mw: AnkiQt, *, by_itself: bool = False) -> None:
    """Open the first start, or bring it to the front."""
    if not mw.col:
        say("Open a profile first: a vault belongs to it.", parent=mw)
        return
    aqt.dialogs.open(_NAME, mw, by_itself)


class FirstStart(QDialog):
    """Asks three questions, tells what would be done, and does it. Nothing is saved before."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt, by_itself: bool = False) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._mw = mw
        self._made: list[Path] = []  # folders that were made to plan in
        self._plan: Optional[VaultPlan] = None
        self._works = False
        self.setWindowTitle("Ankivault: First Start")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, by_itself)
        self.vault, self.way = VaultStep(mw, self), WayStep(self)
        self.decks = DeckTree(self, separate=True)
        self.numbers = plain_label(self, spoken=True)
        self.ending = breaking_label(self, spoken=True)
        larger = self.numbers.font()
        larger.setPointSizeF(larger.pointSizeF() * 1.2)
        self.numbers.setFont(larger)
        self.steps = QStackedWidget(self)
        for page in (self.vault, self.way, self.decks, self._page(self.numbers)):
            self.steps.addWidget(page)
        self.steps.addWidget(self._page(self.ending))
        self._lay_out()
        self._fill()
        self._go_to(0)
        self.resize(680, 540)
        restore_place(self, "ankivaultFirstStart")
        self.show()

    def _page(self, label: QWidget) -> QWidget:
        page = QWidget(self)
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(label)
        inside.addStretch(1)
        return page

    def _lay_out(self) -> None:
        self.title = plain_label(self, short=True, spoken=True)
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.title.setFont(font)
        self.about = breaking_label(self, spoken=True)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        self.close_button = make_button(self, "Not Now", "Close; nothing is changed", self.reject)
        self.back_button = make_button(self, "< Bac&k", "The step before", self._go_back)
        self.open_button = make_button(
            self, "&Open in Obsidian", "Show the new pages", self._open_vault
        )
        self.next_button = QPushButton("Ne&xt >", self)
        self.next_button.setDefault(True)
        qconnect(self.next_button.clicked, lambda _: self._go_on())
        row = QHBoxLayout()
        row.addWidget(self.close_button)
        row.addStretch(1)
        for button in (self.back_button, self.open_button, self.next_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        for widget in (self.title, self.about, line):
            layout.addWidget(widget)
        layout.addWidget(self.steps, 1)
        layout.addLayout(row)
        add_help(self._mw, self, "first-start", None)
        qconnect(self.vault.changed, self._enable)
        self.setTabOrder(self.steps, self.back_button)

    def _fill(self) -> None:
        settings, _ = profile.get_settings(self._mw)
        self.way.show_way(two_way=settings.two_way)
        decks = self._mw.col.decks.all_names_and_ids(include_filtered=False)
        self.decks.show_choice({deck.id: deck.name for deck in decks}, settings.deck_choice)
        count_decks(self._mw, self.decks)

    def settings(self) -> Settings:
        """The settings of the profile with what was chosen here."""
        settings, _ = profile.get_settings(self._mw)
        folder = self.vault.place.folder if self.vault.place else settings.vault_folder
        chosen = replace(settings, vault_folder=folder, two_way=self.way.two_way.isChecked())
        return chosen.with_decks(self.decks.choice())

    def _go_to(self, step: int) -> None:
        titles = (
            "Step 1 of 3: which vault?",
            "Step 2 of 3: mirror or two-way?",
            "Step 3 of 3: which decks?",
            "Ready",
            "Done",
        )
        abouts = (
            f"{_WELCOME}Choose where the pages go. Nothing is written before the last step.",
            "You can change this at any time, under Configure… ▸ Two-Way.",
            "Space ticks a deck with all below it; Shift+Space only the deck itself.",
            f"The pages go to {_shown(self.settings().vault_folder)}",
            "",
        )
        self.steps.setCurrentIndex(step)
        self.title.setText(titles[step])
        self.about.setText(abouts[step])
        self.about.setVisible(bool(abouts[step]))
        self.back_button.setVisible(0 < step < 4)
        self.open_button.setVisible(step == 4)
        makes = self._plan is not None and self._plan.pages and not self._plan.is_empty
        last = {3: "&Make the Pages" if makes else "&Use This Folder", 4: "Close"}
        self.next_button.setText(last.get(step, "Ne&xt >"))
        self.close_button.setVisible(step < 4)
        way = self.way.two_way if self.way.two_way.isChecked() else self.way.mirror
        focus = (self.vault.list, way, self.decks.tree, self.next_button, self.open_button)
        focus[step].setFocus()
        self._enable()

    def _enable(self) -> None:
        step = self.steps.currentIndex()
        ready = (self.vault.place is not None, True, True, self._plan is not None, True)[step]
        self.next_button.setEnabled(ready and not self._works)
        self.back_button.setEnabled(not self._works)

    def _go_back(self) -> None:
        self._unmake()
        self._go_to(self.steps.currentIndex() - 1)

    def _go_on(self) -> None:
        step = self.steps.currentIndex()
        if step < 2:
            self._go_to(step + 1)
        elif step == 2:
            self._look()
        elif step == 3 and self._plan is not None:
            self._ask_and_write(self._plan)
        else:
            self.accept()

    def _look(self, stopped: str = "") -> None:
        """Plan the first run, in the folder that was chosen, and tell its numbers.

        ``stopped`` is what a run has done that was stopped: this one does the rest.
        """
        settings, state = self.settings(), profile.state_folder(self._mw)
        problem = self._make(settings.folder)
        if problem:
            self._go_to(0)
            self.vault.status.setText(f"✕ {problem}")
            return

        def work(col: Collection, progress: Progress) -> VaultPlan:
            return plan_vault(col, settings, state, progress)

        def done(outcome: Outcome[VaultPlan]) -> None:
            self._works = False
            if sip.isdeleted(self) or not self.isVisible():
                self._unmake()
            elif outcome.value is None:
                self._fail(outcome.error, 2)
            else:
                self._plan = outcome.value
                self.numbers.setText(tell_numbers(outcome.value))
                self._go_to(3)
                if stopped:
                    self.title.setText("Stopped")
                    self.about.setText(
                        f"{stopped} Make the rest now, or at any time with Sync Now:"
                    )

        self._works = sync_now.start(self._mw, work, done, parent=self)
        self._enable()

    def _ask_and_write(self, plan: VaultPlan) -> None:
        """Write what was told; first ask where that rewrites or deletes much of an old vault."""
        if plan.large_change:
            sync_now.ask_about_large_change(
                self._mw, plan.large_change, lambda: self._write(plan), parent=self
            )
        else:
            self._write(plan)

    def _write(self, plan: VaultPlan) -> None:
        """Do what was told, and save the settings."""
        state = profile.state_folder(self._mw)

        def work(col: Collection, progress: Progress) -> Report:
            return apply_plan(col, plan, state, progress)

        def done(outcome: Outcome[Report]) -> None:
            self._works = False
            is_shown = not sip.isdeleted(self) and self.isVisible()
            if outcome.value is None:
                self._fail(outcome.error, 3) if is_shown else tell_error(self._mw, outcome.error)
                return
            report, where = outcome.value, plan.settings.vault_folder
            ended = Ended.of(outcome, report, plan.settings.folder, where)
            keep_last_run(self._mw, ended, "by hand")
            sync_now.remember(ended)
            if is_shown and report.cancelled:
                self._look(report.summary())
            elif is_shown:
                self.ending.setText(_tell_end(report, plan.settings))
                self._go_to(4)
                if not report.ok:
                    self.title.setText("Not all could be written")
            else:
                say(report.summary(), parent=self._mw)

        self._works = sync_now.start(self._mw, work, done, parent=self)
        if self._works:
            self._made.clear()
            profile.save_settings(self._mw, plan.settings)
        self._enable()

    def _fail(self, error: Optional[BaseException], step: int) -> None:
        self._go_to(step)
        if error is None or isinstance(error, Cancelled):
            self.about.setText("Stopped. You can go on where you were.")
        else:
            self.about.setText(f"✕ {explain(self._mw, error)}")

    def _make(self, folder: Path) -> str:
        """Make the folder, which a plan needs. Why it cannot be made; empty if it is there."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        try:
            for each in reversed(missing):
                each.mkdir()
                self._made.append(each)
        except OSError as error:
            return f"This folder cannot be made: {error.strerror or error}."
        return ""

    def _unmake(self) -> None:
        """Take away the folders that were made here, if nothing is in them."""
        while self._made:
            with contextlib.suppress(OSError):
                self._made.pop().rmdir()

    def _open_vault(self) -> None:
        obsidian.show_vault(self.settings(), self)

    def reopen(self, mw: AnkiQt, by_itself: bool = False) -> None:
        """Asked for again while it is open: it stays as it is."""

    def done(self, result: int) -> None:
        self.vault.stop()
        self._unmake()  # also while a plan is made: nobody waits for it, and Anki may close first
        saveGeom(self, "ankivaultFirstStart")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)


def _shown(folder: str) -> str:
    """A path that wraps, and is shortened in its middle where it is long."""
    return breakable(folder if len(folder) <= 160 else f"{folder[:80]}…{folder[-80:]}")


def _tell_end(report: Report, settings: Settings) -> str:
    told = len(report.messages)
    errors = [message.text for message in report.messages if message.level == "error"]
    parts = [report.summary()]
    parts += [breakable(errors[0])] if errors else []
    parts.append(f"The pages are in {_shown(settings.vault_folder)}.")
    if told:
        are = "is" if told == 1 else "are"
        parts.append(f"{count_words(told, 'message')} {are} in Last Summary….")
    if errors:
        parts.append("When that is mended, Sync Now writes what is missing.")
    elif settings.live:
        parts.append(
            "From now on, Ankivault keeps them in step while Anki is open. The sign at the right "
            "of Anki’s toolbar says how both sides stand."
        )
    else:
        parts.append("Sync Now brings them up to date.")
    return "\n\n".join(parts)


aqt.dialogs.register_dialog(_NAME, FirstStart)
