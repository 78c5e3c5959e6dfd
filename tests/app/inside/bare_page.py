"""Runs in a process of its own: Chromium with one page and nothing of Anki. Only needs PyQt6.

Usage: ``bare_page.py JOB.json``, where the job names the page's file, the window's size, the
steps, and the file for the result. A step is a JavaScript expression that is asked for until it
is neither null, nor undefined, nor false; its value is part of the result. Other steps are
``{"picture": file}``, ``{"press": key}`` and ``{"read": word}``: the text of the page when it has
that word, also where scripts are switched off.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Optional

from PyQt6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWebEngineCore import (
    QWebEnginePage,
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

    def __init__(self, parent: QWebEngineView) -> None:
        super().__init__(parent)
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

    def __init__(self, view: QWebEngineView, page: Page, job: dict[str, Any]) -> None:
        self.view, self.page, self.job = view, page, job
        self.requests = Requests()
        page.setUrlRequestInterceptor(self.requests)
        self.values: list[Any] = []
        self.patience = 0

    def play(self) -> None:
        """Begin the next step."""
        if len(self.values) == len(self.job["steps"]):
            self.end()
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
        sys.stdout.flush()
        os._exit(0)  # Qt's web engine, torn down with Python, now and then crashes


def main(job: dict[str, Any]) -> None:
    """Open the page, then play the steps."""
    app = QApplication(["page"])
    view = QWebEngineView()
    page = Page(view)
    view.setPage(page)
    settings = page.settings()
    assert settings is not None
    wanted = QWebEngineSettings.WebAttribute
    settings.setAttribute(wanted.PlaybackRequiresUserGesture, not job["autoplay"])
    settings.setAttribute(wanted.JavascriptEnabled, job["scripts"])
    view.resize(QSize(*job["size"]))
    view.show()
    player = Player(view, page, job)
    page.loadFinished.connect(player.play)
    page.load(QUrl.fromLocalFile(job["page"]))
    app.exec()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
