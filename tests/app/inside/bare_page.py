"""Runs in a process of its own: Chromium with one page and nothing of Anki. Only needs PyQt6.

Usage: ``bare_page.py JOB.json``, where the job names the page's file, the window's width, the
steps, and the file for the result. A step is a JavaScript expression that is asked for until it
is neither null, nor undefined, nor false; its value is part of the result. A step
``{"picture": file}`` takes a picture of the page.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Optional

from PyQt6.QtCore import QSize, QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

LOOK_EVERY = 20  # milliseconds
PATIENCE = 30  # seconds for one step


class Page(QWebEnginePage):
    """A page that remembers what was written to its console, and where it wanted to go."""

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


class Player:
    """Plays the steps of a job, one after the other."""

    def __init__(self, view: QWebEngineView, page: Page, job: dict[str, Any]) -> None:
        self.view, self.page, self.job = view, page, job
        self.values: list[Any] = []
        self.patience = PATIENCE * 1000 // LOOK_EVERY

    def play(self) -> None:
        """Look at the next step, now or when it has come true."""
        if len(self.values) == len(self.job["steps"]):
            self.end()
            return
        step = self.job["steps"][len(self.values)]
        if isinstance(step, dict):
            # Twice: the first time makes the page paint what it holds.
            self.view.grab()
            QTimer.singleShot(300, lambda: self.take(step["picture"]))
        else:
            self.page.runJavaScript(step, self.hear)

    def hear(self, value: Any) -> None:
        """Take a step's value, or ask again."""
        if value is None or value is False or value == "":
            self.patience -= 1
            if self.patience > 0:
                QTimer.singleShot(LOOK_EVERY, self.play)
                return
            value = "waited in vain"
        self.values.append(value)
        self.play()

    def take(self, file: str) -> None:
        """Take a picture."""
        self.values.append(self.view.grab().save(file, "PNG"))
        self.play()

    def end(self) -> None:
        """Write down what came of it."""
        result = {"values": self.values, "console": self.page.console}
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
    page.loadFinished.connect(lambda _: player.play())
    page.load(QUrl.fromLocalFile(job["page"]))
    app.exec()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
