"""What is done in Anki's window with live mode: its setting, and its sign in the top toolbar."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import aqt.theme
from anki.decks import DeckId
from aqt.qt import QCursor, QPoint, QToolTip
from PyQt6.QtTest import QTest
from scripts import MENU, OK
from window import Steps, Window


def switch_live_off(window: Window) -> Steps[list[bool]]:
    """Untick the box in Configure…; what it shows before, what is stored, what it shows again."""
    yield from window.ready()
    shown = []
    for _ in range(2):
        window.press(window.menu_action(*MENU, "Configure…"))
        dialog: Any = yield from window.dialog("Ankivault: Settings")
        shown.append(dialog.form.live.isChecked())
        dialog.form.live.setChecked(False)
        window.press(dialog.buttons.button(OK))
        yield from window.closed(dialog)
    profile = window.mw.pm.profile
    assert profile is not None
    return [shown[0], profile["ankivault"]["live"], shown[1]]


_QTest: Any = QTest  # its methods are static, which its type hints do not say
READ = """(function() {
    const sign = document.getElementById("ankivault-live");
    const area = sign.getBoundingClientRect();
    const marks = Array.from(sign.querySelectorAll("[data-for]"))
        .filter(mark => getComputedStyle(mark).visibility === "visible");
    const links = document.querySelector(".toolbar").getBoundingClientRect();
    return {
        signs: document.querySelectorAll("#ankivault-live").length,
        shown: area.width > 0,
        marks: marks.map(mark => mark.dataset.for),
        text: sign.innerText.trim(),
        tip: sign.title,
        name: sign.getAttribute("aria-label"),
        elements: sign.querySelectorAll("*").length,
        colour: getComputedStyle(marks[0] || sign).color,
        text_colour: getComputedStyle(document.getElementById("decks")).color,
        links: [links.x, links.y, links.width, links.height],
        below: Math.max(area.bottom - links.bottom, 0),
        beside: Math.max(area.right - innerWidth, 0),
        place: [area.x + area.width / 2, area.y + area.height / 2],
    };
})()"""


def show_live_states(
    window: Window, states: list[dict[str, Any]], night: bool = False
) -> Steps[list[dict[str, Any]]]:
    """Show one state after the other; what the sign is in each."""
    yield from window.ready()
    if night:
        window.mw.set_theme(aqt.theme.Theme.DARK)
    seen = []
    for state in states:
        show_live(window, **state)
        seen.append((yield from read_sign(window, state["kind"])))
    return seen


def point_at_sign(window: Window, state: dict[str, Any]) -> Steps[str]:
    """Rest the mouse on the sign; the tooltip that Qt then shows."""
    yield from window.ready()
    show_live(window, **state)
    sign = yield from read_sign(window, state["kind"])
    web = window.mw.toolbar.web
    for place in (QPoint(5, 5), QPoint(*map(int, sign["place"]))):
        QCursor.setPos(web.mapToGlobal(place))
        _QTest.mouseMove(web.focusProxy() or web, place)
    return (yield from window.until(QToolTip.text, "the tooltip"))


def redraw_toolbar(window: Window, states: list[dict[str, Any]]) -> Steps[list[dict[str, Any]]]:
    """Show each state, then do what makes Anki draw, empty or hide its toolbar; the sign after."""
    yield from window.ready()
    mw = window.mw
    assert mw.col is not None
    mw.pm.set_hide_top_bar(True)
    mw.col.decks.select(DeckId(mw.col.decks.id("Biology") or 0))

    def draw() -> None:
        mw.toolbar.draw()
        mw.toolbar.redraw()

    def review() -> None:
        mw.moveToState("overview")
        mw.moveToState("review")
        mw.toolbarWeb.hide_if_allowed()

    def leave() -> None:
        mw.moveToState("deckBrowser")

    def nothing() -> None:
        pass

    first: tuple[Callable[[], None], ...] = (nothing, draw, review, leave)
    then: tuple[Callable[[], None], ...] = (draw, nothing, nothing, mw.toolbar.redraw)
    seen = []
    for state, before, after in zip(states, first, then):
        before()
        show_live(window, **state)
        after()
        seen.append((yield from read_sign(window, state["kind"])))
    return seen


def show_live_nowhere(window: Window, state: dict[str, Any]) -> Steps[bool]:
    """Show a state where there is no vault, or no profile yet; whether the sign can be seen."""
    yield from window.until(
        lambda: window.initialised and (window.mw.col or hasattr(window.mw, "profileDiag")),
        "Anki to open a profile or to ask for one",
    )
    show_live(window, **state)
    sign = yield from read_sign(window, "off")
    return bool(sign["shown"])


def read_sign(window: Window, kind: str) -> Steps[dict[str, Any]]:
    """Wait until the sign shows this kind of state; what it is then."""
    web = window.mw.toolbar.web
    seen: list[dict[str, Any]] = []
    wanted = [] if kind == "off" else [kind]

    def look() -> bool:
        if seen and seen[-1] and seen[-1]["marks"] == wanted:
            return True
        web.evalWithCallback(READ, seen.append)
        return False

    yield from window.until(look, f"the sign to be “{kind}”")
    return seen[-1]


def show_live(window: Window, **state: Any) -> None:
    """Show a state of live mode by the sign."""
    module = importlib.import_module("ankivault.ui.live.state")
    sign = importlib.import_module("ankivault.ui.live.sign")
    sign.show(window.mw, module.LiveState(**state))
