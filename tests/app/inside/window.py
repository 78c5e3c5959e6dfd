"""Driving Anki's window from inside, without ever blocking its event loop.

A script is a generator. What it yields is what it waits for; a timer in the event loop resumes it
when that has come true, also while a modal dialog runs an event loop of its own. Whatever may
open such a dialog is handed to the loop with ``press`` or ``call``, never called by the script.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar

import aqt.sound
import aqt.utils
from aqt.main import AnkiQt
from aqt.qt import (
    QAction,
    QApplication,
    QDesktopServices,
    QDialog,
    QEvent,
    QLabel,
    QMenu,
    QMessageBox,
    QObject,
    QTimer,
    QUrl,
    QWidget,
    pyqtSlot,
)
from PyQt6 import sip

T = TypeVar("T")
LOOK_EVERY = 10  # milliseconds
PATIENCE = 60.0  # seconds for one condition


@dataclass(frozen=True)
class Wait:
    """What a script waits for. It is first looked at ``after`` so many seconds of rest."""

    condition: Callable[[], Any]
    what: str
    patience: float = PATIENCE
    after: float = 0.0


Steps = Generator[Wait, Any, T]


@dataclass
class Seen:
    """What a person would have seen come up, in order."""

    dialogs: list[dict[str, Any]] = field(default_factory=list)
    tooltips: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def mark(self) -> tuple[int, int]:
        """A point in time, for ``news``."""
        return len(self.dialogs), len(self.tooltips)

    def news(self, mark: tuple[int, int]) -> list[dict[str, Any]]:
        """Dialogs and tooltips since then, without those that only show progress."""
        dialogs = [d for d in self.dialogs[mark[0] :] if d["kind"] != "ProgressDialog"]
        return dialogs + [{"kind": "tooltip", "text": text} for text in self.tooltips[mark[1] :]]


def watch() -> Seen:
    """Keep a list of the tooltips from now on. To be called before add-ons are loaded."""
    seen = Seen()
    show_tooltip = aqt.utils.tooltip

    def tooltip(msg: str, *args: Any, **kwargs: Any) -> None:
        seen.tooltips.append(msg.replace("<br>", " "))
        show_tooltip(msg, *args, **kwargs)

    aqt.utils.tooltip = tooltip
    return seen


def keys_of(box: QMessageBox) -> dict[str, Any]:
    """Which buttons a message box has, and which of them Enter and Esc press."""
    roles = {label_of(button): box.buttonRole(button) for button in box.buttons()}
    ways_out = [*roles] if len(roles) == 1 else []
    for role in (QMessageBox.ButtonRole.RejectRole, QMessageBox.ButtonRole.NoRole):
        ways_out = ways_out or [label for label, own in roles.items() if own == role]
    enter = box.defaultButton()
    return {
        "buttons": [*roles],
        "enter": label_of(enter) if enter else "",
        "esc": ways_out[0] if len(ways_out) == 1 else "",
    }


class Watcher(QObject):
    """Notes every dialog that is shown, and takes links meant for Obsidian."""

    def __init__(self, app: QApplication, seen: Seen) -> None:
        super().__init__(app)
        self._seen = seen
        app.installEventFilter(self)

    def eventFilter(self, source: Optional[QObject], event: Optional[QEvent]) -> bool:
        if event and event.type() == QEvent.Type.Show and isinstance(source, QDialog):
            box = source if isinstance(source, QMessageBox) else None
            self._seen.dialogs.append(
                {
                    "kind": type(source).__name__,
                    "title": source.windowTitle(),
                    "text": box.text() if box else "",
                    "modal": source.isModal(),
                    "enabled_window": bool(aqt.mw and aqt.mw.isEnabled()),
                    "keys": keys_of(box) if box else None,
                }
            )
        return False

    @pyqtSlot(QUrl)
    def note_link(self, url: QUrl) -> None:
        self._seen.links.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


class Window:
    """Anki's main window, as a script sees it."""

    def __init__(self, mw: AnkiQt, seen: Seen) -> None:
        self.mw = mw
        self.seen = seen
        self.initialised = False
        self.syncs_done = 0
        self.stays_open = False
        self._watcher = Watcher(mw.app, seen)
        aqt.gui_hooks.main_window_did_init.append(self._note_init)
        aqt.gui_hooks.sync_did_finish.append(self._note_sync)
        QDesktopServices.setUrlHandler("obsidian", self._watcher.note_link)

    def _note_init(self) -> None:
        self.initialised = True

    def _note_sync(self) -> None:
        self.syncs_done += 1

    def ready(self) -> Steps[None]:
        """Wait until the collection is open and nothing is going on."""
        yield Wait(lambda: self.initialised and self.mw.col, "Anki to open the profile")
        yield from self.idle()
        yield from self.loaded()

    def loaded(self) -> Steps[None]:
        """Wait until the main window shows what it is about to show.

        Anki takes the end of an earlier page for the end of a later one that it has begun to load.
        """
        webs = (self.mw.toolbarWeb, self.mw.web, self.mw.bottomWeb)
        yield from self.until(
            lambda: all(web._domDone and not web.page().isLoading() for web in webs),
            "the main window's pages",
        )

    def idle(self) -> Steps[None]:
        """Wait until no progress window is up or about to be, and no work is on its way."""
        yield Wait(
            lambda: not (self.mw.progress.busy() or self.mw.media_syncer.is_syncing()),
            "work to end",
        )
        # Anki reads for its screens in the background, one after the other. It is in trouble when
        # the collection is closed before they show what was read.
        done: list[Any] = []
        self.mw.taskman.run_in_background(lambda: None, done.append, uses_collection=True)
        yield Wait(lambda: done, "work in the background to end")

    def until(self, condition: Callable[[], T], what: str, patience: float = PATIENCE) -> Steps[T]:
        """Wait for a condition; its value is the value of the ``yield from``."""
        reached: T = yield Wait(condition, what, patience)
        return reached

    def call(self, act: Callable[[], Any]) -> None:
        """Let the event loop call something that may open a modal dialog."""
        QTimer.singleShot(0, act)

    def press(self, target: Any) -> None:
        """Trigger an action, or click a button, as a person would: only if it is enabled."""
        if not target.isEnabled():
            raise AssertionError(f"“{label_of(target)}” is disabled")
        self.call(target.trigger if isinstance(target, QAction) else target.click)

    def menu_action(self, *path: str) -> QAction:
        """The action at a path of titles: ``menu_action("Tools", "Ankivault", "Sync Now")``."""
        menu_bar = self.mw.form.menubar
        actions = menu_bar.actions()
        for depth, title in enumerate(path, start=1):
            found = [action for action in actions if label_of(action) == title]
            if len(found) != 1:
                known = ", ".join(label_of(action) for action in actions)
                raise AssertionError(f"No single “{title}” in the menu; there are: {known}")
            if depth == len(path):
                return found[0]
            menu: Optional[QMenu] = found[0].menu()
            assert menu is not None
            menu.aboutToShow.emit()
            actions = menu.actions()
        raise AssertionError("an empty path")

    def dialog(self, title: str) -> Steps[Any]:
        """Wait for a visible dialog whose title contains ``title``."""

        def find() -> Any:
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, QDialog) and title in widget.windowTitle():
                    return widget if widget.isVisible() else None
            return None

        return (yield from self.until(find, f"a dialog called “{title}”"))

    def closed(self, dialog: QWidget) -> Steps[None]:
        """Wait until a dialog has gone."""
        yield from self.until(
            lambda: sip.isdeleted(dialog) or not dialog.isVisible(), "the dialog to close"
        )

    def texts(self, parent: QWidget) -> list[str]:
        """What the visible labels of a dialog say."""
        return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]

    def close(self) -> None:
        """Close Anki, as a click on its window's cross does."""
        if self.mw.pm.name:
            self.mw.close()
        else:
            self.mw.profileDiag.close()

    def leave_profile(self) -> Steps[None]:
        """Switch to the list of profiles, as File ▸ Switch Profile does."""
        if self.mw.state in ("overview", "review"):  # their pages ask for more while they load
            self.mw.moveToState("deckBrowser")
            yield from self.idle()
            yield from self.loaded()
        for _ in range(2 if self.mw.col else 0):  # a screen may ask for more when an operation ends
            yield from self.idle()
        if self.mw.state != "profileManager":
            self.call(self.mw.unloadProfileAndShowProfileManager)
        yield from self.until(
            lambda: self.mw.state == "profileManager" and self.mw.profileDiag.isVisible(),
            "the profile to be closed",
        )

    def forget(self, scripts: tuple[Any, ...]) -> None:
        """Begin anew for another script: nothing that one of them hears or plays goes on."""
        ours = {script.__name__ for script in scripts}
        for hook in vars(aqt.gui_hooks).values():
            heard = getattr(hook, "_hooks", [])
            heard[:] = [f for f in heard if getattr(f, "__module__", "") not in ours]
        players = aqt.sound.av_player.players
        players[:] = [player for player in players if type(player).__module__ not in ours]
        self.seen.dialogs, self.seen.tooltips, self.seen.links = [], [], []
        self.syncs_done = 0

    def left_over(self) -> list[QWidget]:
        """What is on the screen beside the list of profiles."""
        return [
            widget
            for widget in QApplication.topLevelWidgets()
            if widget.isVisible() and widget is not self.mw.profileDiag
        ]

    def describe(self) -> str:
        """What is on the screen, for a message about a wait that was in vain."""
        shown = [
            f"{type(widget).__name__} “{widget.windowTitle()}” {self.texts(widget)}"
            for widget in QApplication.topLevelWidgets()
            if widget.isVisible()
        ]
        return "\n  ".join(["On the screen:", *shown])


def label_of(target: Any) -> str:
    """The text of an action or a button, without its mnemonic."""
    return str(target.text()).replace("&", "")


class Script:
    """Plays a script's steps from a timer in the event loop, then calls ``end``.

    A script that fails ends the process at once: closing a window that hangs might never end.
    """

    def __init__(self, steps: Steps[Any], window: Window, end: Callable[[], None]) -> None:
        self.value: Any = None
        self.finished = False
        self._steps = steps
        self._window = window
        self._end = end
        self._wait: Optional[Wait] = None
        self._since = 0.0
        self._timer = QTimer(window.mw.app)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Play up to the first wait, and go on when the event loop runs."""
        self._timer.start(LOOK_EVERY)
        self._look()

    def _look(self) -> None:
        try:
            reached = self._wait.condition() if self._wait else None
            if self._wait and not reached:
                if time.monotonic() - self._since > self._wait.patience:
                    waited = f"Waited in vain for {self._wait.what}.\n{self._window.describe()}"
                    self._steps.throw(TimeoutError(waited))
                return
            self._since = time.monotonic()
            self._wait = self._steps.send(reached)
            self._timer.setInterval(int(self._wait.after * 1000) or LOOK_EVERY)
        except StopIteration as end:
            self._timer.stop()
            self.value = end.value
            self.finished = True
            if not self._window.stays_open:
                self._end()
        except BaseException:
            traceback.print_exc(file=sys.stdout)
            faulthandler.dump_traceback(file=1)
            os._exit(1)
