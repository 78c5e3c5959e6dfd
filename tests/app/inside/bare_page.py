"""Runs in a process of its own: Chromium with nothing of Anki. Only needs PyQt6.

Reads jobs from its input, one a line, and writes a line for each that is done. A job names the
page's file or address, the window's size, the steps, and the file for the result. It gets a page
and a browser profile of its own. A step is a JavaScript expression that is asked for until it is
neither null, nor undefined, nor false; its value is part of the result. Other steps are
``{"picture": file}``, ``{"press": key}`` and ``{"read": word}``: the text of the page when it has
that word, also where scripts are switched off.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable, Optional

from PyQt6.QtCore import QEvent, QSize, QSocketNotifier, Qt, QTimer, QUrl
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

LOOK_EVERY = 20  # milliseconds
PATIENCE = 20  # seconds for one step
SETTLE = 300  # milliseconds for the page to paint what it holds


class Page(QWebEnginePage):
    """A page that remembers what was written to its console."""

    def __init__(self, profile: QWebEngineProfile, parent: QWebEngineView) -> None:
        super().__init__(profile, parent)
        self.console: list[str] = []

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: Optional[str],
        line: int,
        source: Optional[str],
    ) -> None:
        self.console.append(f"{level.name} {Path(source or '').name}:{line} {message}")


class Requests(QWebEngineUrlRequestInterceptor):
    """Remembers every address that the page asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        self.addresses.append(
            info.requestUrl().toString(QUrl.ComponentFormattingOption.FullyEncoded)
        )


class Player:
    """Plays the steps of a job, one after the other."""

    def __init__(
        self, view: QWebEngineView, page: Page, job: dict[str, Any], done: Callable[[], None]
    ) -> None:
        self.view, self.page, self.job, self.done = view, page, job, done
        self.requests = Requests()
        page.setUrlRequestInterceptor(self.requests)
        self.values: list[Any] = []
        self.patience = 0

    def play(self) -> None:
        """Begin the next step."""
        if len(self.values) == len(self.job["steps"]):
            self.end()
            return
        self.patience = PATIENCE * 1000 // LOOK_EVERY
        step = self.job["steps"][len(self.values)]
        if isinstance(step, str):
            self.look()
        elif "picture" in step:
            self.view.grab()  # makes the page paint
            QTimer.singleShot(SETTLE, lambda: self.keep(self.view.grab().save(step["picture"])))
        elif "press" in step:
            self.press(Qt.Key[f"Key_{step['press']}"])
        else:
            self.look()

    def look(self) -> None:
        """Ask for the value of the present step."""
        step = self.job["steps"][len(self.values)]
        if isinstance(step, str):
            self.page.runJavaScript(step, self.hear)
        else:
            self.page.toPlainText(lambda text: self.hear(step["read"] in text and text))

    def hear(self, value: Any) -> None:
        """Take the step's value, or ask again."""
        self.patience -= 1
        if value not in (None, False, "") or not self.patience:
            self.keep(value)
        else:
            QTimer.singleShot(LOOK_EVERY, self.look)

    def press(self, key: Qt.Key) -> None:
        """Press and release a key, as a person does."""
        target = self.view.focusProxy() or self.view
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            text = {Qt.Key.Key_Space: " ", Qt.Key.Key_Return: "\r"}.get(key, "")
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.postEvent(target, event)
        QTimer.singleShot(LOOK_EVERY, lambda: self.keep(True))

    def keep(self, value: Any) -> None:
        """Keep a step's value, and go on."""
        self.values.append(value)
        self.play()

    def end(self) -> None:
        """Write down what came of it."""
        result = {
            "values": self.values,
            "console": self.page.console,
            "requests": self.requests.addresses,
        }
        Path(self.job["result"]).write_text(json.dumps(result), encoding="utf-8")
        self.done()


class Browser:
    """Takes one job after the other."""

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.input = b""
        self.player: Optional[Player] = None
        self.notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self.notifier.activated.connect(self.read)

    def read(self) -> None:
        """Take what there is of the input."""
        data = os.read(0, 65536)
        if not data:
            os._exit(0)  # Qt's web engine, torn down with Python, now and then crashes
        self.input += data
        if b"\n" in self.input:
            line, _, self.input = self.input.partition(b"\n")
            self.open(json.loads(line))

    def open(self, job: dict[str, Any]) -> None:
        """Open the page, then play the steps."""
        profile = QWebEngineProfile(QApplication.instance())
        view = QWebEngineView()
        page = Page(profile, view)
        view.setPage(page)
        settings = page.settings()
        assert settings is not None
        wanted = QWebEngineSettings.WebAttribute
        settings.setAttribute(wanted.PlaybackRequiresUserGesture, not job["autoplay"])
        settings.setAttribute(wanted.JavascriptEnabled, job["scripts"])
        view.resize(QSize(*job["size"]))
        view.show()

        def close() -> None:
            page.destroyed.connect(profile.deleteLater)
            view.close()
            view.deleteLater()
            os.write(self.answers, b"done\n")

        self.player = Player(view, page, job, close)
        page.loadFinished.connect(self.player.play, Qt.ConnectionType.SingleShotConnection)
        place = job["page"]
        page.load(QUrl(place) if "://" in place else QUrl.fromLocalFile(place))


def main() -> None:
    """Take jobs until the input ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what Chromium has to say is no answer
    app = QApplication(["page"])
    app.setQuitOnLastWindowClosed(False)
    browser = Browser(answers)
    app.exec()
    del browser


if __name__ == "__main__":
    main()
