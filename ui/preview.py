"""Preview Changes…: the plan of a run as a list one can search, with each page's changes."""

from __future__ import annotations

from collections import Counter
from typing import Union

import aqt
from anki.collection import Collection
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    Qt,
    QTabWidget,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, restoreGeom, restoreSplitter, saveGeom, saveSplitter

from ..sync.progress import Progress
from ..sync.vault.changes import IndexChange, MediaChange, PageChange, VaultPlan
from ..sync.vault.run import page_texts, plan_vault
from . import profile, sync_now
from .background import Outcome
from .diff import DiffView, compare
from .messages import explain, tell_error
from .rows import Rows, RowsView
from .search_field import SearchField
from .summary import MessageList

_NAME = "AnkivaultPreview"
Change = Union[PageChange, IndexChange, MediaChange]


def show_preview(mw: AnkiQt) -> None:
    """Plan in the background, then show the plan. Nothing is written."""
    settings = sync_now.settings_to_use(mw)
    if not settings:
        return
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> VaultPlan:
        return plan_vault(col, settings, state, progress)

    def done(outcome: Outcome[VaultPlan]) -> None:
        if outcome.value is None:
            tell_error(mw, outcome.error)
        else:
            aqt.dialogs.open(_NAME, mw, outcome.value)

    sync_now.start(mw, work, done)


class PreviewDialog(QDialog):
    """A plan, and the button that does exactly what it says."""

    silentlyClose = True

    def __init__(self, mw: AnkiQt, plan: VaultPlan) -> None:
        super().__init__(mw, Qt.WindowType.Window)
        self._mw = mw
        self._plan = plan
        self._changes: list[Change] = []
        self.setWindowTitle("Ankivault: Preview")
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)

        self.counts = QLabel(self)
        self.counts.setTextFormat(Qt.TextFormat.PlainText)
        self.counts.setWordWrap(True)
        self.large = QLabel(self)
        self.large.setTextFormat(Qt.TextFormat.PlainText)
        self.large.setWordWrap(True)
        self.messages = MessageList(mw, self)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._make_changes_tab(), "")
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
        qconnect(buttons.accepted, self._sync)
        gui_hooks.theme_did_change.append(self.diff.recolour)

        self.reopen(mw, plan)
        self.resize(900, 640)
        restoreGeom(self, "ankivaultPreview")
        restoreSplitter(self.splitter, "ankivaultPreview")
        self.show()

    def _make_changes_tab(self) -> QWidget:
        tab = QWidget(self)
        self.search = SearchField("Search pages and reasons", tab)
        self.kind = QComboBox(tab)
        self.kind.setAccessibleName("Kind of change")
        self.rows = Rows(("Kind", "Page", "Reason"), self)
        self.view = RowsView(self.rows, (90, 480), tab)
        self.view.setAccessibleName("Planned changes")
        self.diff = DiffView(tab)
        self.diff.setPlaceholderText("Select a page to see what would change in its text.")
        self.splitter = QSplitter(Qt.Orientation.Vertical, tab)
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(self.diff)
        self.splitter.setChildrenCollapsible(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.kind)
        layout = QVBoxLayout(tab)
        layout.addLayout(top)
        layout.addWidget(self.splitter, 1)
        qconnect(self.search.textChanged, lambda _: self._filter())
        qconnect(self.kind.currentIndexChanged, lambda _: self._filter())
        chosen = self.view.selectionModel()
        assert chosen is not None
        qconnect(chosen.currentChanged, lambda *_: self._show_diff())
        qconnect(self.rows.modelReset, self._show_diff)
        return tab

    def reopen(self, mw: AnkiQt, plan: VaultPlan) -> None:
        """Show another plan: Anki calls this when the window is open already."""
        self._plan = plan
        self._changes = [
            *(page for page in plan.pages if page.kind != "adopt"),
            *(index for index in plan.indexes if index.writes),
            *(media for media in plan.media if media.kind != "adopt"),
        ]
        rows = [_row(change) for change in self._changes]
        kinds = Counter(row[0] for row in rows)
        self.counts.setText(_sentence(plan))
        self.large.setText(f"⚠ {plan.large_change}" if plan.large_change else "")
        self.large.setVisible(bool(plan.large_change))
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(f"All ({len(rows):,})", "")
        for kind, count in kinds.items():
            self.kind.addItem(f"{kind.capitalize()} ({count:,})", kind)
        self.kind.blockSignals(False)
        self.search.clear()
        self.rows.set_rows(rows)
        self.messages.show_messages(plan.messages, plan.folder)
        self.tabs.setTabText(0, f"&Changes ({len(rows):,})")
        self.tabs.setTabText(1, f"&Messages ({len(plan.messages):,})")
        self.sync_button.setEnabled(bool(plan.pages or plan.indexes or plan.media))

    def done(self, result: int) -> None:
        gui_hooks.theme_did_change.remove(self.diff.recolour)
        saveGeom(self, "ankivaultPreview")
        saveSplitter(self.splitter, "ankivaultPreview")
        aqt.dialogs.markClosed(_NAME)
        super().done(result)
        # Qt and Python keep a closed dialog for a while; the texts of its pages need not stay.
        self._plan = VaultPlan(self._plan.folder, self._plan.settings)
        self._changes = []
        self.rows.set_rows(())

    def _sync(self) -> None:
        plan = self._plan
        self.accept()
        sync_now.run_plan(self._mw, plan)

    def _filter(self) -> None:
        self.rows.search(self.search.text(), 0, self.kind.currentData() or "")

    def _show_diff(self) -> None:
        position = self.view.chosen()
        self.diff.clear()
        if position is None:
            return
        plan, change = self._plan, self._changes[position]

        def show(text: str) -> None:
            if self._plan is plan and self.view.chosen() == position:
                self.diff.setPlainText(text)

        def fail(error: Exception) -> None:
            show(explain(self._mw, error))

        QueryOp(parent=self, op=lambda _: _explain_change(plan, change), success=show).failure(
            fail
        ).without_collection().run_in_background()


def _with_margins(widget: QWidget) -> QWidget:
    around = QWidget()
    QVBoxLayout(around).addWidget(widget)
    return around


def _row(change: Change) -> tuple[str, str, str]:
    if isinstance(change, PageChange):
        moved = change.old_path and change.old_path != change.path
        path = f"{change.old_path} → {change.path}" if moved else change.path
        return change.kind, path, change.reason
    if isinstance(change, IndexChange):
        return "index", change.path, change.reason
    words = {
        "copy": "used by a page",
        "replace": "changed in Anki",
        "remove": "no longer used",
        "adopt": "as it should be",
    }
    return "media", change.path, words[change.kind]


_KINDS = {
    "create": "to create",
    "restore": "to bring back",
    "update": "to update",
    "move": "to move",
    "rewrite": "edited by hand, to rewrite",
    "delete": "to delete",
}


def _sentence(plan: VaultPlan) -> str:
    counts = plan.counts()
    parts = [f"{counts[kind]:,} {words}" for kind, words in _KINDS.items() if counts.get(kind)]
    parts.append(f"{counts['unchanged']:,} unchanged")
    text = f"Pages: {', '.join(parts)}."
    if counts["index pages"]:
        text += f" Index pages: {counts['index pages']:,} to write."
    if counts["media"]:
        text += f" Media: {counts['media']:,} files."
    if plan.is_empty:
        text += " There is nothing to do: every page is as it should be."
    return text


def _explain_change(plan: VaultPlan, change: Change) -> str:
    now, after = _texts(plan, change)
    return compare(now, after) or "The text stays the same."


def _texts(plan: VaultPlan, change: Change) -> tuple[str, str]:
    if isinstance(change, PageChange):
        return page_texts(plan, change)
    path = plan.folder / change.path
    if isinstance(change, IndexChange):
        now = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        return now, change.text or ""
    return "", ""


aqt.dialogs.register_dialog(_NAME, PreviewDialog)
