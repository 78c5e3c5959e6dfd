"""Bring Back…: shows what would be put there again, asks, and does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.qt import QDialog, QDialogButtonBox, Qt, QVBoxLayout, QWidget, qconnect
from aqt.utils import disable_help_button, saveGeom, show_info

from ...sync.activity.entry import Kept
from ...sync.run.errors import Cancelled
from ..app import profile
from ..app.background import Outcome
from ..app.labels import plain_label
from ..app.leading import add_help
from ..app.messages import TITLE, find_open, say, still_open, tell_error
from ..app.places import restore_place
from ..preview.shown_sides import ShownSides
from ..runs import vault as sync_now
from .activity_words import compare_texts

if TYPE_CHECKING:
    from ...sync.bring_back.plan import BackPlan
    from ...sync.run.progress import Progress
    from ...sync.run.report import Report


def bring_back(
    mw: AnkiQt, kept: Kept, told: str, parent: QWidget, then: Callable[[], None]
) -> None:
    """Look what an entry of Activity would bring back, show it, and do it after a yes.

    ``told`` says what the entry is. ``then`` is called after something was done.
    """
    settings, _ = profile.get_settings(mw)
    state = profile.state_folder(mw)

    def look(col: Collection, _: Progress) -> BackPlan:
        from ...sync.bring_back.run import plan_back

        return plan_back(col, settings, state, kept)

    def show(outcome: Outcome[BackPlan]) -> None:
        if find_open(parent) is None or not parent.isVisible():
            return  # whoever leaves Activity meanwhile wants nothing brought back
        plan, window = outcome.value, parent.window() or mw
        if plan is None:
            tell_error(mw, outcome.error, window)
        elif plan.refusal:
            show_info(plan.refusal, parent=window, title=TITLE, textFormat=Qt.TextFormat.PlainText)
        else:
            BackDialog(mw, plan, told, window, partial(_apply, mw, plan, window, then)).open()

    sync_now.start(mw, look, show, parent=parent.window())


def _apply(mw: AnkiQt, plan: BackPlan, parent: QWidget, then: Callable[[], None]) -> None:
    settings, _ = profile.get_settings(mw)
    state = profile.state_folder(mw)
    written: list[Optional[OpChanges]] = []

    def work(col: Collection, _: Progress) -> Report:
        from ...sync.bring_back.run import apply_back

        report = apply_back(col, settings, state, plan)
        written.append(report.changes)
        return report

    def done(outcome: Outcome[Report]) -> None:
        window = still_open(parent, mw)
        report = outcome.value
        if report is None:
            if not isinstance(outcome.error, Cancelled):
                tell_error(mw, outcome.error, window)
            return
        done_something = () if report.errors else (report.summary(),)
        say("\n".join((*done_something, *(m.text for m in report.messages))), parent=window)
        then()

    sync_now.start(mw, work, done, parent=parent, changes=lambda: written[0] if written else None)


class BackDialog(QDialog):
    """What would change: now, and then. Enter does not bring back: the first button is Cancel."""

    def __init__(
        self, mw: AnkiQt, plan: BackPlan, told: str, parent: QWidget, act: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._act = act
        self.setWindowTitle("Ankivault: Bring Back")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        heading = plain_label(self, told)
        self.texts = ShownSides(mw, self)
        self.texts.show_sections(
            "",
            [compare_texts(p.name, ("Now", p.now), ("Then", p.then), p.form) for p in plan.parts],
            vault=profile.find_vault(mw),
        )
        self.told = plain_label(self, "\n".join(plan.told))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        add_help(mw, self, "activity#bring-something-back", buttons)
        self.button = buttons.addButton("&Bring Back", QDialogButtonBox.ButtonRole.AcceptRole)
        assert self.button is not None
        self.button.setAutoDefault(False)
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        assert cancel is not None
        cancel.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(self.texts, 1)
        layout.addWidget(self.texts.markdown)
        layout.addWidget(self.told)
        layout.addWidget(buttons)
        qconnect(buttons.accepted, self.accept)
        qconnect(buttons.rejected, self.reject)
        self.resize(720, 460)
        restore_place(self, "ankivaultBringBack")
        cancel.setFocus()

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultBringBack")
        self.texts.cleanup()
        super().done(result)
        if result == QDialog.DialogCode.Accepted:
            self._act()
