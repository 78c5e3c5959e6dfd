"""More of what is done in Anki's window: the corners of dialogs, runs and automatic runs."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import aqt
import aqt.sync
from aqt.qt import (
    QApplication,
    QDialogButtonBox,
    QEvent,
    QKeyEvent,
    QMessageBox,
    Qt,
    QTimer,
)
from choice_scripts import QTest
from PyQt6 import sip
from scripts import MENU, add_note, edit_note, note_syncs, write_settings
from two_way_scripts import placed
from window import Steps, Window, label_of

# Tells, when its input ends, how long it was kept waiting by the machine alone.
IDLE = """
import select, sys, time
worst, last = 0.0, time.perf_counter()
while not select.select([sys.stdin], [], [], 0.002)[0]:
    now = time.perf_counter()
    worst, last = max(worst, now - last), now
print(worst * 1000)
"""


def time_event_loop(window: Window, settings: dict[str, Any]) -> Steps[dict[str, float]]:
    """Sync Now, with the longest time (ms) the event loop stood still, and an idle process did."""
    yield from window.ready()
    write_settings(window, settings)
    idle = subprocess.Popen(
        [sys.executable, "-c", IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    timer = QTimer(window.mw)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    before = window.seen.mark()
    timer.start(2)
    window.press(window.menu_action(*MENU, "Sync Now"))
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    timer.stop()
    elsewhere, _ = idle.communicate("")
    return {"window": max(gaps), "elsewhere": float(elsewhere), "beats": len(gaps)}


def press_sync_now_twice(window: Window, settings: dict[str, Any]) -> Steps[list[str]]:
    """Press Sync Now again while the first run is still going on."""
    yield from window.ready()
    write_settings(window, settings)
    before = window.seen.mark()
    sync_now = window.menu_action(*MENU, "Sync Now")
    sync_now.trigger()
    sync_now.trigger()
    yield from window.until(lambda: len(window.seen.news(before)) > 1, "both to be told")
    yield from window.idle()
    return window.seen.tooltips


def close_while_anki_is_busy(window: Window) -> Steps[dict[str, Any]]:
    """Open and close windows while Anki shows progress; the sizes they had, and have again."""
    yield from window.ready()
    seen: dict[str, Any] = {}
    for entry, title in (
        ("TOML Decks…", "TOML Decks"),
        ("Sources…", "Sources"),
        ("Configure…", "Settings"),
        ("Home…", "Home"),
        ("New Dynamic Note…", "Dynamic Note"),
    ):
        for is_busy in (False, True):
            if is_busy:
                window.mw.progress.start()
            window.press(window.menu_action(*MENU, entry))
            dialog: Any = yield from window.dialog(title)
            if not is_busy:
                yield from placed(window)
                dialog.resize(743, 521)  # the screen has 800 × 800
            seen.setdefault(entry, []).append([dialog.width(), dialog.height()])
            dialog.close()
            yield from window.until(partial(sip.isdeleted, dialog), "Qt to delete the window")
            if is_busy:
                window.mw.progress.finish()
                yield from placed(window)
    return seen


def edit_and_close(window: Window, search: str, text: str) -> Steps[list[str]]:
    """Change one note, or with an empty search every note, and close Anki."""
    yield from window.ready()
    pages = _pages(window)
    col = window.mw.col
    assert col is not None
    if search:
        edit_note(window, search, text)
    else:
        notes = [col.get_note(note_id) for note_id in col.find_notes("")]
        for note in notes:
            note.fields[0] += text
        col.update_notes(notes)
    return [path.name for path in pages]


def update_and_close(window: Window, package: str, search: str, text: str) -> Steps[str]:
    """Install another version over the running one, press Sync Now, edit a note, close Anki."""
    yield from window.ready()
    window.mw.addonManager.install(package)
    edit_note(window, search, text)
    before = window.seen.mark()
    window.press(window.menu_action(*MENU, "Sync Now"))
    yield from window.until(lambda: window.seen.news(before), "an answer")
    return window.seen.tooltips[-1]


def cancel_the_run_on_close(window: Window, front: str) -> Steps[None]:
    """Add notes, close Anki, and press Esc in the progress window of our run."""
    yield from window.ready()
    add_note(window, front)
    unload = window.mw._unloadCollection
    want_cancel = window.mw.progress.want_cancel
    pressed = Event()

    def cancel() -> None:
        progress = window.mw.progress._win
        if progress is not None:
            progress.wantCancel = True
            pressed.set()

    def want_cancel_then() -> bool:
        """The run is so short that it has to wait for the key."""
        if current_thread() is not main_thread():
            assert pressed.wait(60)
        return want_cancel()

    def note_then_unload() -> None:
        timer.stop()
        unload()

    window.mw._unloadCollection = note_then_unload  # type: ignore[method-assign]
    window.mw.progress.want_cancel = want_cancel_then  # type: ignore[method-assign]
    timer = QTimer(window.mw)
    timer.timeout.connect(cancel)
    timer.start(1)


def break_our_runs(window: Window, search: str, text: str) -> Steps[list[dict[str, Any]]]:
    """Press Anki's Sync while every run of ours ends in a panic, of a kind few expect."""
    syncs = note_syncs(window, text)
    yield from window.ready()
    runs = importlib.import_module("ankivault.sync.vault.run")

    def panic(*args: Any, **kwargs: Any) -> None:
        raise BaseException("everything is broken")

    runs.sync_vault = panic  # type: ignore[attr-defined]
    edit_note(window, search, text)
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.idle()
    return syncs


def sync_fully(window: Window) -> Steps[dict[str, Any]]:
    """Choose to upload when the sync at start-up asks, because a full sync is due."""
    syncs = note_syncs(window, "")
    yield from window.ready()

    def find_upload() -> Any:
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                return [b for b in box.buttons() if label_of(b) == "Upload to AnkiWeb"]
        return None

    (upload,) = yield from window.until(find_upload, "the question about the full sync")
    pages_when_asked = len(_pages(window))
    window.press(upload)
    yield from window.until(lambda: window.syncs_done, "AnkiWeb sync to end")
    yield from window.until(lambda: _pages(window), "the pages")
    yield from window.idle()
    return {"when_sync_began": syncs[0]["pages"], "when_asked": pages_when_asked}


def open_groups(tree: Any, deck: int) -> None:
    """Open a deck, and the kinds of changes in it, as by clicks."""
    index = tree.model().index(deck, 0)
    tree.expand(index)
    inside = [tree.model().index(row, 0, index) for row in range(tree.model().rowCount(index))]
    for child in filter(tree.model().hasChildren, inside):
        tree.expand(child)


def show_many_changes(window: Window, folder: str, count: int) -> Steps[dict[str, Any]]:
    """Open a preview of many pages, select, search, filter; how long (s) each took. Press Enter."""
    yield from window.ready()
    changes = importlib.import_module("ankivault.sync.vault.changes")
    settings = importlib.import_module("ankivault.sync.vault.settings")
    importlib.import_module("ankivault.ui.preview.vault_window")
    items = importlib.import_module("ankivault.ui.preview.vault_rows")
    why = (changes.Why.NO_PAGE_YET,)
    pages = tuple(
        changes.PageChange("update" if i % 3 else "create", i, f"Deck {i % 9}/Page {i}.md", why)
        for i in range(count)
    )
    plan = changes.VaultPlan(Path(folder), settings.Settings(vault_folder=folder), pages)
    listing = items.list_plan(plan)  # in the background, when a person opens it
    seconds: dict[str, float] = {}
    dialog: Any = None

    def show() -> None:
        nonlocal dialog
        dialog = aqt.dialogs.open("AnkivaultPreview", window.mw, listing)

    acts: dict[str, Callable[[], object]] = {
        "open": show,
        "open a deck": lambda: open_groups(dialog.list.tree, 5),
        "select": lambda: dialog.list.tree.choose(count // 2),
        "filter": lambda: dialog.kind.setCurrentIndex(1),
        "no filter": lambda: dialog.kind.setCurrentIndex(0),
        "as a list": lambda: dialog.list.as_tree.click(),
        "as a tree": lambda: dialog.list.as_tree.click(),
        "search": lambda: dialog.search.setText("page 77"),
        "sort": lambda: dialog.view.sortByColumn(2, Qt.SortOrder.DescendingOrder),
        "filter what is found": lambda: dialog.kind.setCurrentIndex(1),
    }
    for name, act in acts.items():
        yield from window.idle()
        started = time.perf_counter()
        act()
        QApplication.processEvents()
        seconds[name] = time.perf_counter() - started
    enter = (QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    for widget in (dialog.search, dialog.view):
        QApplication.sendEvent(widget, QKeyEvent(*enter))
    assert dialog.isVisible(), "Enter pressed a button"
    rows = dialog.rows
    shown = [rows.data(rows.index(row, 2)) for row in range(rows.rowCount())]
    dialog.reject()
    return {"seconds": seconds, "shown": shown}


def leave_out_decks(window: Window, parent: str) -> Steps[dict[str, Any]]:
    """Untick every deck below one, then that one, then tick one below it."""
    yield from window.ready()
    opened = window.mw.addonManager.configAction("ankivault")
    assert opened is not None
    window.call(opened)
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    (item,) = dialog.form.decks.tree.findItems(parent, Qt.MatchFlag.MatchExactly)
    children = [item.child(i) for i in range(item.childCount())]
    col = window.mw.col
    assert col is not None

    def left_out() -> list[str]:
        return sorted(col.decks.name(deck_id) for deck_id in dialog.form.decks.left_out())

    for child in children:
        child.setCheckState(0, Qt.CheckState.Unchecked)
    seen: dict[str, Any] = {"children": left_out(), "all": sorted(_names_below(window, parent))}
    item.setCheckState(0, Qt.CheckState.Unchecked)
    seen["parent"] = left_out()
    children[0].setCheckState(0, Qt.CheckState.Checked)
    seen["one_again"] = left_out()
    seen["kept"] = [col.decks.name(d) for d in dialog.form.decks.choice().brought_in]
    seen["said"] = [item.text(2), children[0].text(2), children[1].text(2)]
    dialog.form.decks.search.setText(children[0].text(0))
    seen["found"] = [child.text(0) for child in children if not child.isHidden()]
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    window.press(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
    yield from window.until(lambda: closed, "the dialog to close")
    assert window.mw.pm.profile is not None
    saved = window.mw.pm.profile["ankivault"]
    for key in ("excluded_decks", "included_decks"):
        seen[key] = sorted(col.decks.name(deck_id) for deck_id in saved[key])
    return seen


def open_note_without_page(window: Window, settings: dict[str, Any]) -> Steps[str]:
    """Ask for the page of a note that has none, from the reviewer's More menu."""
    yield from window.ready()
    write_settings(window, settings)
    window.mw.moveToState("review")
    yield from window.until(lambda: window.mw.reviewer.card, "a card")
    menu = aqt.qt.QMenu(window.mw)
    aqt.gui_hooks.reviewer_will_show_context_menu(window.mw.reviewer, menu)
    (entry,) = [a for a in menu.actions() if label_of(a) == "Open in Obsidian"]
    before = window.seen.mark()
    window.press(entry)
    yield from window.until(lambda: window.seen.news(before), "an answer")
    return window.seen.tooltips[-1]


def _pages(window: Window) -> list[Path]:
    assert window.mw.pm.profile is not None
    folder = Path(window.mw.pm.profile["ankivault"]["vault_folder"])
    begin = "---\nanki_note_id:"
    return [p for p in folder.rglob("*.md") if p.read_text(encoding="utf-8").startswith(begin)]


def _names_below(window: Window, parent: str) -> list[str]:
    assert window.mw.col is not None
    names = [deck.name for deck in window.mw.col.decks.all_names_and_ids()]
    return [n for n in names if n.startswith(f"{parent}::") and "::" not in n[len(parent) + 2 :]]


def press_enter_in_settings(window: Window, folder: str) -> Steps[dict[str, Any]]:
    """Press Enter in the folder's field for a missing folder, then Tab until OK on each tab."""
    yield from window.ready()
    opened = window.mw.addonManager.configAction("ankivault")
    assert opened is not None
    window.call(opened)
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    before = window.seen.mark()
    form = dialog.form
    form.folder.setText(folder)
    QTest.keyClick(form.folder, Qt.Key.Key_Return)
    yield from window.until(lambda: "✕" in form.status.text(), "what is wrong")
    seen: dict[str, Any] = {"open": dialog.isVisible(), "news": window.seen.news(before)}
    seen["saved"] = (window.mw.pm.profile or {}).get("ankivault")
    seen["width"] = dialog.minimumSizeHint().width()
    seen["tabs"] = {}
    window.mw.app.setActiveWindow(dialog)
    for number in range(form.tabs.count()):
        form.tabs.setCurrentIndex(number)
        page, bar = form.tabs.currentWidget(), form.tabs.tabBar()
        bar.setFocus()
        visited, widget = [], bar
        for _ in range(2000):
            widget = widget.nextInFocusChain()
            if not widget.isVisible() or not widget.isEnabled():
                continue
            if widget.focusPolicy() in (Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.ClickFocus):
                continue
            visited.append(page.isAncestorOf(widget))
            if widget in dialog.buttons.buttons():
                break
        seen["tabs"][form.tabs.tabText(number)] = visited
    dialog.reject()
    return seen
