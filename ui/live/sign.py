"""The sign in Anki's top toolbar that says whether Anki and the vault are in step.

The sign is drawn once, with all its marks in it. A change of state changes attributes of that one
element: the toolbar is never drawn anew. Each state has a mark of its own shape in the colour of
the text, so that it reads by day, by night, and without colours.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.toolbar import Toolbar

from ..app import profile
from ..app.listeners import Listeners
from ..app.spoken import Announcer
from .state import LiveState

Act = Callable[[AnkiQt], object]

_ID = "ankivault-live"
_OFF = LiveState("off")
_MOST = 99  # the largest number that the sign has room for
_TIP_WIDTH = 60  # characters in a line: Qt does not wrap a tooltip of plain text
_state = _OFF  # what is shown now, and drawn when Anki draws its toolbar again
_announced = (_OFF.kind, "")  # of which kind, and about what, the last state was that was said
_announcer: Optional[Announcer] = None
_changed = Listeners()
on_change, off_change = _changed.add, _changed.remove

_STYLE = f"""<style>
#{_ID} {{ padding: 5px 10px; background: none !important;
  border-radius: var(--border-radius); }}
#{_ID}[data-kind="off"] {{ display: none; }}
#{_ID} span {{ display: inline-grid; place-items: center; min-width: 1.1em; height: 1em;
  vertical-align: middle; position: relative; top: -0.1em; }}
#{_ID} span > * {{ grid-area: 1 / 1; visibility: hidden; }}
#{_ID} svg {{ width: 1em; height: 1em; overflow: visible; fill: none; stroke: currentColor;
  stroke-width: 1.6px; stroke-linecap: round; stroke-linejoin: round; opacity: 0.7; }}
#{_ID} svg[data-for="trouble"] {{ opacity: 1; }}
#{_ID} b {{ position: relative; font-size: 0.8em; line-height: 1.5; padding: 0 0.5em; }}
#{_ID} b svg {{ position: absolute; inset: 0; width: 100%; height: 100%; }}
#{_ID} rect {{ x: 0.06em; y: 0.06em; width: calc(100% - 0.12em); height: calc(100% - 0.12em);
  rx: 0.7em; stroke-width: 0.12em; }}
#{_ID} i {{ font-style: normal; }}
#{_ID} [data-on] {{ visibility: visible; }}
#{_ID}[data-kind="working"] span > * {{ transition: visibility 0s 0.5s; }}
</style>"""
_MARKS = {
    "in step": '<path d="M2.5 8.5 6.3 12.3 13.5 4"/>',
    "working": '<path stroke-width="2.4" d="M2.5 8h.01M8 8h.01M13.5 8h.01"/>',
    "trouble": '<path d="M8 1.8 15 14H1z M8 6.4v3.4M8 11.9h.01"/>',
    "resting": '<path d="M5.3 3.5v9M10.7 3.5v9"/>',
}
# Not a border: the web engine of older Ankis makes borders dark by night.
_RING = '<svg aria-hidden="true"><rect/></svg>'


def set_up(mw: AnkiQt, on_click: Act) -> None:
    """Make room for the sign in Anki's toolbar. A click calls ``on_click``.

    Call it before Anki draws its toolbar. Nothing is seen until ``show`` is called.
    """

    def add_sign(items: list[str], toolbar: Toolbar) -> None:
        toolbar.link_handlers[_ID] = lambda: on_click(mw)
        items.append(_draw(_state))

    gui_hooks.top_toolbar_will_set_right_tray_content.append(add_sign)
    gui_hooks.profile_will_close.append(partial(show, mw, _OFF))


def show(mw: AnkiQt, state: LiveState) -> None:
    """Show this state from now on, also where Anki draws its toolbar later.

    To be called on the main thread, at any time while the main window is there. Without an open
    profile, or without a vault folder in its settings, nothing is shown.
    """
    global _state
    if state.kind != "off" and not _has_vault(mw):
        state = _OFF
    if state != _state:
        _state = state
        mw.toolbar.web.eval(_update(state))
        _announce(mw, state)
        _changed.call()


def _announce(mw: AnkiQt, state: LiveState) -> None:
    """Have a screen reader say what waits for a person, or is wrong: once, in the main window."""
    global _announcer, _announced
    if state.kind == "working":
        return  # how it ends is told
    asks, ails = state.kind == "questions", state.kind in ("trouble", "resting")
    about = str(state.questions) if asks else state.text if ails else ""
    if (state.kind, about) != _announced:
        _announced = (state.kind, about)
        _announcer = _announcer or Announcer(mw)
        _announcer.say(state.words() if asks or ails else "")


def shown() -> LiveState:
    """What the sign shows now."""
    return _state


def _has_vault(mw: AnkiQt) -> bool:
    return mw.pm.profile is not None and bool(profile.get_settings(mw)[0].vault_folder.strip())


def _draw(state: LiveState) -> str:
    marks = "".join(
        f'<svg viewBox="0 0 16 16" aria-hidden="true" data-for="{kind}"'
        f"{_on(kind == state.kind)}>{drawing}</svg>"
        for kind, drawing in _MARKS.items()
    )
    asked = state.kind == "questions"
    count = f'<b data-for="questions"{_on(asked)}>{_RING}<i>{_count(state)}</i></b>'
    words, tip = escape(state.words()), escape(_tip(state))
    return (
        f'{_STYLE}<a id="{_ID}" class="hitem" tabindex="-1" href="#" data-kind="{state.kind}" '
        f'title="{tip}" aria-label="{words}" onclick="return pycmd(\'{_ID}\')">'
        f"<span>{marks}{count}</span></a>"
    )


def _tip(state: LiveState) -> str:
    """The words in lines. Qt shows a tooltip as HTML if it looks so: an empty space prevents it."""
    lines = textwrap.fill(state.words(), _TIP_WIDTH)
    return lines.replace("<", "<\u200b").replace("&", "&\u200b")


def _on(is_on: bool) -> str:
    return " data-on" if is_on else ""


def _count(state: LiveState) -> str:
    return f"{_MOST}+" if state.questions > _MOST else str(state.questions)


def _update(state: LiveState) -> str:
    """The script that changes the sign, if it is there. While working, the number may stay."""
    change = {
        "kind": state.kind,
        "words": state.words(),
        "tip": _tip(state),
        "count": _count(state),
    }
    return f"""(function(to) {{
    const sign = document.getElementById("{_ID}");
    if (!sign) return;
    sign.dataset.kind = to.kind;
    sign.title = to.tip;
    sign.setAttribute("aria-label", to.words);
    for (const mark of sign.querySelectorAll("[data-for]"))
        mark.toggleAttribute("data-on", mark.dataset.for === to.kind);
    if (to.kind !== "working") sign.querySelector("i").textContent = to.count;
}})({json.dumps(change)});"""
