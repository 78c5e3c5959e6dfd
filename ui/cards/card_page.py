"""Makes the page of a dynamic note's card safe: no HTML of the note is part of the page.

A template can only name fields, and Anki puts their HTML into the page before any script runs. In
Anki's window, this module turns it into text. The cards' script then cleans the text and shows it.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Optional

from anki import hooks
from anki.template import TemplateRenderContext, TemplateRenderOutput

from ...model.notetype import front_template

_ID, _AFTER_ID = '<span id="ankivault-id">', "</span>”:"
_DATA = '<script type="application/json" id="ankivault-data">'
_MEDIA = '</script>\n<script type="text/plain" id="ankivault-media">'
_MORE = '</script>\n<script type="text/plain" id="ankivault-more">'
_RENDERER = '</script>\n<script src="_ankivault_0_1_0.js"></script>\n'
_TEMPLATE = front_template(1)
_BETWEEN = _TEMPLATE[_TEMPLATE.index(_AFTER_ID) : _TEMPLATE.index(_DATA)]
_TAG = re.compile(r"<[^>]*>?")
_SCRIPT = re.compile(r"<(?=/?script)", re.IGNORECASE)


def set_up() -> None:
    """Change the page each time Anki renders a card."""
    hooks.card_did_render.append(_make_page)


def _make_page(output: TemplateRenderOutput, _context: TemplateRenderContext) -> None:
    output.question_text = make_page(output.question_text)
    output.answer_text = make_page(output.answer_text)


def make_page(page: str) -> str:
    """A dynamic note's rendered template, with its fields as text. Other pages stay as they are.

    A field may contain text that looks like a piece of the template. Even if it is mistaken for
    that piece, everything that may come from a field becomes text.
    """
    parts = _find_parts(page)
    if parts is None:
        return page
    card_id, after_id, data, media, more = parts
    return "".join(
        (
            page[: card_id + len(_ID)],
            escape(unescape(_TAG.sub("", page[card_id + len(_ID) : after_id]))),
            page[after_id : data + len(_DATA)],
            page[data + len(_DATA) : media].replace("<", "\\u003c"),
            _MEDIA + _as_text(page[media + len(_MEDIA) : more]),
            _MORE + _as_text(page[more + len(_RENDERER) :]),
            _RENDERER,
        )
    )


def _find_parts(page: str) -> Optional[tuple[int, int, int, int, int]]:
    """Where the five fixed pieces of the template begin; ``None`` if the page lacks them.

    The first of each if they are in order, else the last.
    """
    card_id = page.find(_ID)
    after_id = page.find(_AFTER_ID, card_id)
    data = page.find(_DATA, after_id)
    media = page.find(_MEDIA, data)
    more = page.find(_RENDERER, media)
    if -1 < card_id < after_id < data < media < more and page[after_id:data] == _BETWEEN:
        return card_id, after_id, data, media, more
    more = page.rfind(_RENDERER)
    media = page.rfind(_MEDIA, 0, max(more, 0))
    data = page.rfind(_DATA, 0, max(media, 0))
    after_id = page.rfind(_AFTER_ID, 0, max(data, 0))
    card_id = page.find(_ID, 0, max(after_id, 0))
    return None if card_id < 0 else (card_id, after_id, data, media, more)


def _as_text(html: str) -> str:
    """HTML changed so that it can be inside a script element: it opens and closes no script."""
    return _SCRIPT.sub(r"<\\", html)
