"""The preview of a source's update: see both sides, answer questions, then Update Now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import aqt
from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.qt import QCheckBox, QVBoxLayout, QWidget, qconnect

from ...sync.run.errors import AnkivaultError
from ...sync.run.progress import Progress
from ..app.background import Outcome
from ..app.labels import plain_title
from ..app.messages import say, still_open, tell_error
from ..runs import sources as runs
from ..runs.source_kinds import Decisions, RemberSource, Source
from ..widgets.choice_bar import Asked
from .leaving import ask_to_leave
from .plan_window import Work, make_plan
from .rember_rows import list_rember
from .sides_window import SidesWindow
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


class SourcePreview(SidesWindow[Listing, Decisions]):
    """Shows the plan of one source."""

    NAME = "AnkivaultSourcePreview"
    HELP = "subscribe#answer-questions"
    GEOMETRY = "ankivaultSourcePreview"
    SIZE = (980, 640)
    HEADERS = HEADERS
    WIDTHS = (110, 320, 200)

    def __init__(self, mw: AnkiQt, listing: Listing) -> None:
        super().__init__(mw, listing, _NOTHING)
        self.sync_button.setText("&Update Now")
        self.reopen(mw, listing)
        self._open()

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
        self.setWindowTitle(plain_title(f"Ankivault: Update of {listing.source.title}"))
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

    # What the user decides

    def _answers(self) -> Mapping[str, str]:
        return self._asked.answers

    def _with_answers(self, answers: Mapping[str, str]) -> Decisions:
        return replace(self._asked, answers=answers)

    def _questions(self, change: Shown) -> Sequence[Asked]:
        return change.asked

    def _details(self, change: Shown) -> tuple[str, Any]:
        return change.details()


aqt.dialogs.register_dialog(SourcePreview.NAME, SourcePreview)
