"""Keys that a person gives to what Ankivault does: of each profile, and at first none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Union

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QAction, QKeySequence, QMainWindow, QShortcut, Qt, QWidget, qconnect
from PyQt6 import sip

_KEY = "ankivault_shortcuts"
# What can have keys: its name in the profile, and its words.
ACTIONS: Mapping[str, str] = {
    "home": "Home…",
    "sync": "Sync Now",
    "preview": "Preview Changes…",
    "open": "Open in Obsidian",
    "edit": "Edit Dynamic Note…",
}
_NEVER = (
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Space,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Backspace,
)
_OF_MAIN_WINDOW = {
    "D": "Decks",
    "S": "Study Now",
    "A": "Add",
    "B": "Browse",
    "T": "Stats",
    "Shift+T": "Stats",
    "Y": "Sync",
    "Ctrl+:": "the debug console",
}
_bound: list[tuple[str, Union[QAction, QShortcut]]] = []


def set_up(mw: AnkiQt) -> None:
    """Have the keys of each profile while it is open."""
    gui_hooks.profile_did_open.append(lambda: _apply(get_shortcuts(mw)))
    gui_hooks.profile_will_close.append(lambda: _apply({}))


def get_shortcuts(mw: AnkiQt) -> dict[str, str]:
    """Action → keys, such as ``Ctrl+Alt+P``, of those that have any."""
    kept = (mw.pm.profile or {}).get(_KEY)
    pairs = kept.items() if isinstance(kept, dict) else ()
    return {name: keys for name, keys in pairs if name in ACTIONS and isinstance(keys, str)}


def save_shortcuts(mw: AnkiQt, shortcuts: Mapping[str, str]) -> None:
    """Store these as all keys of the profile, and use them from now on."""
    if mw.pm.profile is None:
        return
    mw.pm.profile[_KEY] = {name: keys for name, keys in shortcuts.items() if keys}
    mw.pm.save()
    _apply(get_shortcuts(mw))


def bind_action(mw: AnkiQt, name: str, action: QAction) -> None:
    """Give an action the keys of this name, now and when they change."""
    _bind(mw, name, action)


def bind(mw: AnkiQt, name: str, window: QWidget, act: Callable[[], object]) -> None:
    """Have the keys of this name call ``act`` in a window, as long as it is there."""
    shortcut = QShortcut(window)
    shortcut.setAutoRepeat(False)
    qconnect(shortcut.activated, act)
    _bind(mw, name, shortcut)


def _bind(mw: AnkiQt, name: str, bound: Union[QAction, QShortcut]) -> None:
    _forget_closed()
    _bound.append((name, bound))
    _give(bound, get_shortcuts(mw).get(name, ""))


def _forget_closed() -> None:
    """Forget what went with its window."""
    _bound[:] = [(name, bound) for name, bound in _bound if not sip.isdeleted(bound)]


def _apply(shortcuts: Mapping[str, str]) -> None:
    _forget_closed()
    for name, bound in _bound:
        _give(bound, shortcuts.get(name, ""))


def _give(bound: Union[QAction, QShortcut], keys: str) -> None:
    if isinstance(bound, QShortcut):
        bound.setKey(QKeySequence(keys))
    else:
        bound.setShortcut(QKeySequence(keys))


def find_fault(mw: AnkiQt, keys: str) -> str:
    """Why these keys cannot be used: Anki has them, or they are needed everywhere. Else empty."""
    wanted = QKeySequence(keys)
    if wanted.isEmpty():
        return ""
    if wanted[0].key() in _NEVER and not wanted[0].keyboardModifiers():
        return f"{_tell(wanted)} is needed in every window."
    for taken, what in _find_taken(mw):
        if taken == wanted:
            return f"{_tell(wanted)} is taken: Anki uses it for “{what}”."
    return ""


def _tell(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def _find_taken(mw: AnkiQt) -> Iterator[tuple[QKeySequence, str]]:
    """The keys of Anki's main window, of its screens, and of its browser, with what they do."""
    ours = [bound for _, bound in _bound]
    for window in (mw, _EmptyBrowser()):
        for action in window.findChildren(QAction):
            words = action.text().replace("&", "").rstrip("…")
            if not any(action is each for each in ours):
                yield from ((keys, words) for keys in action.shortcuts())
        if window is not mw:
            window.deleteLater()
    yield from ((QKeySequence(keys), words) for keys, words in _OF_MAIN_WINDOW.items())
    for shortcut in mw.findChildren(QShortcut):
        if not any(shortcut is each for each in ours) and shortcut.parent() is mw:
            yield shortcut.key(), "one of its screens"
    for screen, words in ((mw.reviewer, "reviewing"), (mw.overview, "a deck's first page")):
        for keys, _ in screen._shortcutKeys():
            yield QKeySequence(keys), words


class _EmptyBrowser(QMainWindow):
    """A browser's window with its menus, and nothing in it."""

    def __init__(self) -> None:
        from aqt.forms.browser import Ui_Dialog

        super().__init__()
        with suppress(Exception):  # another Anki may connect more: what was made is enough
            Ui_Dialog().setupUi(self)  # type: ignore[no-untyped-call]

    def _handle_close(self) -> None:
        """Be there: Anki's form connects it."""
