"""Driving Anki's window from inside, without ever blocking its event loop.

A script is a generator. What it yields is what it waits for; a timer in the event loop resumes it
when that has come true, also while a modal dialog runs an event loop of its own. Whatever may
open such a dialog is handed to the loop with ``press`` or ``call``, never called by the script.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar

import aqt.utils
from aqt.main import AnkiQt
from aqt.qt import (
    QAbstractButton,
    QAction,
    QApplication,
    QDialog,
    QEvent,
    QLabel,
    QMenu,
    QMessageBox,
    QObject,
    QTimer,
    QUrl,
    QWidget,
)

T = TypeVar("T")
LOOK_EVERY = 10  # milliseconds
PATIENCE = 60.0  # seconds for one condition


@dataclass(frozen=True)
class Wait:
    """What a script waits for."""

    condition: Callable[[], Any]
    what: str
    patience: float = PATIENCE


Steps = Generator[Wait, Any, T]


@dataclass
class Seen:
    """What a person would have seen come up, in order."""

    dialogs: list[dict[str, Any]] = field(default_factory=list)
    tooltips: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    longest_stall: float = 0.0


def watch() -> Seen:
    """Keep a list of tooltips and of links opened from now on; links go nowhere else."""
    seen = Seen()
    show_tooltip = aqt.utils.tooltip

    def tooltip(msg: str, *args: Any, **kwargs: Any) -> None:
        seen.tooltips.append(msg)
        show_tooltip(msg, *args, **kwargs)

    def open_link(link: Any) -> None:
        seen.links.append(link.toString() if isinstance(link, QUrl) else str(link))

    aqt.utils.tooltip = tooltip
    aqt.utils.openLink = open_link
    return seen


class DialogWatcher(QObject):
    """Notes every dialog that is shown, with its title, its text and whether it is modal."""

    def __init__(self, app: QApplication, seen: Seen) -> None:
        super().__init__(app)
        self._seen = seen
        app.installEventFilter(self)

    def eventFilter(self, source: Optional[QObject], event: Optional[QEvent]) -> bool:
        if event and event.type() == QEvent.Type.Show and isinstance(source, QDialog):
            text = source.text() if isinstance(source, QMessageBox) else ""
            self._seen.dialogs.append(
                {
                    "kind": type(source).__name__,
                    "title": source.windowTitle(),
                    "text": text,
                    "modal": source.isModal(),
                    "enabled_window": bool(aqt.mw and aqt.mw.isEnabled()),
                }
            )
        return False


class Window:
    """Anki's main window, as a script sees it."""

    def __init__(self, mw: AnkiQt, seen: Seen) -> None:
        self.mw = mw
        self.seen = seen
        self.initialised = False
        self._watcher = DialogWatcher(mw.app, seen)
        aqt.gui_hooks.main_window_did_init.append(self._note_init)

    def _note_init(self) -> None:
        self.initialised = True

    def ready(self) -> Steps[None]:
        """Wait until the collection is open and nothing is going on."""
        yield Wait(lambda: self.initialised and self.mw.col, "Anki to open the profile")
        yield from self.idle()

    def idle(self) -> Steps[None]:
        """Wait until no progress window is up, and none is about to be."""
        yield Wait(lambda: not self.mw.progress.busy(), "work to end")

    def until(self, condition: Callable[[], T], what: str, patience: float = PATIENCE) -> Steps[T]:
        """Wait for a condition; its value is the value of the ``yield from``."""
        return (yield Wait(condition, what, patience))

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

    def dialog(self, title: str) -> Steps[QDialog]:
        """Wait for a visible dialog whose title contains ``title``."""

        def find() -> Optional[QDialog]:
            for widget in QApplication.topLevelWidgets():
                shown = isinstance(widget, QDialog) and widget.isVisible()
                if shown and title in widget.windowTitle():
                    return widget
            return None

        return (yield from self.until(find, f"a dialog called “{title}”"))

    def button(self, parent: QWidget, text: str) -> QAbstractButton:
        """The button of a dialog with this text."""
        buttons = parent.findChildren(QAbstractButton)
        found = [button for button in buttons if label_of(button) == text]
        if len(found) != 1:
            known = ", ".join(label_of(button) for button in buttons)
            raise AssertionError(f"No single button “{text}”; there are: {known}")
        return found[0]

    def child(self, parent: QWidget, kind: type[T], name: str = "") -> T:
        """The only visible child of a kind; with ``name``, the one with that object name."""
        found = [
            child
            for child in parent.findChildren(kind)
            if (child.objectName() == name if name else child.isVisibleTo(parent))
        ]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} children of kind {kind.__name__} {name}")
        return found[0]

    def texts(self, parent: QWidget) -> list[str]:
        """What the visible labels of a dialog say."""
        return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]

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
    """Plays a script's steps from a timer in the event loop, then closes Anki's window."""

    def __init__(self, steps: Steps[Any], window: Window) -> None:
        self.value: Any = None
        self.error = ""
        self.finished = False
        self._steps = steps
        self._window = window
        self._wait = Wait(lambda: True, "the start")
        self._since = self._last_look = time.monotonic()
        self._timer = QTimer(window.mw.app)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin as soon as the event loop runs."""
        self._timer.start(LOOK_EVERY)

    def _look(self) -> None:
        try:
            reached = self._wait.condition()
            if not reached:
                if time.monotonic() - self._since > self._wait.patience:
                    self._steps.throw(
                        TimeoutError(f"Waited for {self._wait.what}.\n{self._window.describe()}")
                    )
                return
            self._since = time.monotonic()
            self._wait = self._steps.send(None if self._wait.what == "the start" else reached)
        except StopIteration as end:
            self.value = end.value
            self._end()
        except BaseException:
            self.error = traceback.format_exc()
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self.finished = True
        for widget in QApplication.topLevelWidgets() if self.error else ():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
        if self._window.mw.isVisible():
            self._window.mw.close()
        elif not self._window.mw.pm.name:
            self._window.mw.app.exit(0)
