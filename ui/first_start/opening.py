"""Opens the first start by itself: once in a profile without a vault, when nothing else goes on."""

from __future__ import annotations

from typing import Any, Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QApplication, QTimer, qconnect

from ..app import profile
from ..app.engine import when_loaded
from ..app.files_in_place import are_files_in_place
from ..live.moment import is_quiet
from ..runs import vault as sync_now

_SEEN = "ankivault_first_start"
_PAUSE = 1500  # milliseconds between two looks at whether Anki is quiet
_LOOKS = 40  # later in the day it would be in the way


def set_up(mw: AnkiQt) -> None:
    """Open the first start a moment after a new profile is opened, and whenever asked for."""
    waiting = _Waiting(mw)
    gui_hooks.profile_did_open.append(waiting.begin)
    gui_hooks.profile_will_close.append(waiting.end)
    sync_now.on_set_up(show_first_start)


def show_first_start(mw: AnkiQt, *, by_itself: bool = False) -> None:
    """Open the first start."""

    def show() -> None:
        from .window import show_window

        show_window(mw, by_itself=by_itself)

    when_loaded(mw, show)


class _Waiting:
    """Waits for a moment at which nothing is in the way, for a while."""

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._looks = 0
        self._timer: Optional[QTimer] = None

    def begin(self) -> None:
        self.end()
        defaults = self._mw.addonManager.getConfig(__name__) or {}
        if defaults.get("vault_folder") or not is_wanted(profile.read_raw(self._mw)):
            return
        self._looks = 0
        self._timer = QTimer(self._mw)
        self._timer.setInterval(_PAUSE)
        qconnect(self._timer.timeout, self._look)
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None

    def _look(self) -> None:
        self._looks += 1
        mw = self._mw
        if self._looks > _LOOKS or not are_files_in_place():
            self.end()
        elif is_quiet(mw) and mw.state == "deckBrowser" and not _other_windows(mw):
            self.end()
            values = profile.read_raw(mw)
            if is_wanted(values):
                values[_SEEN] = True
                mw.pm.save()
                show_first_start(mw, by_itself=True)


def is_wanted(values: dict[str, Any]) -> bool:
    """Whether a profile with these values was never asked, and has nothing of ours yet."""
    ours = [key for key in values if key.startswith("ankivault") and key != "ankivault_profile_id"]
    return not any(values[key] for key in ours)


def _other_windows(mw: AnkiQt) -> bool:
    return any(
        window is not mw and window.isWindow() and window.isVisible()
        for window in QApplication.topLevelWidgets()
    )
