"""The page of a dynamic note's card, made so that Anki puts nothing of the note into it as HTML.

A template can only name fields, and what stands in them would be part of the page before any
script sees it. In Anki's window they become text here, which the cards' script cleans and shows.
"""

from __future__ import annotations

import re
from html import escape, unescape

from anki import hooks
from anki.template import TemplateRenderContext, TemplateRenderOutput

_DATA = '<script type="application/json" id="ankivault-data">'
_MEDIA = '</script>\n<script type="text/plain" id="ankivault-media">'
_RENDERER = '</script>\n<script src="_ankivault_0_1_0.js"></script>\n'
# The texts between a template's own parts; the last of several that look alike is the template's.
_PAGE = re.compile(
    r'(.*?<span id="ankivault-id">)(.*)(</span>”:.*?'
    f"{re.escape(_DATA)})(.*)({re.escape(_MEDIA)})(.*){re.escape(_RENDERER)}(.*)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>?")
_SCRIPT = re.compile(r"<(?=/?script)", re.IGNORECASE)


def set_up() -> None:
    """Make the page whenever Anki renders a card."""
    hooks.card_did_render.append(_make_page)


def _make_page(output: TemplateRenderOutput, _context: TemplateRenderContext) -> None:
    output.question_text = make_page(output.question_text)
    output.answer_text = make_page(output.answer_text)


def make_page(page: str) -> str:
    """A rendered template with its fields as text; what is no dynamic note's page stays."""
    found = _PAGE.fullmatch(page) if _DATA in page else None
    if found is None:
        return page
    start, card_id, to_data, data, to_media, media, more = found.groups()
    card_id = escape(unescape(_TAG.sub("", card_id)))
    kept = f'</script>\n<script type="text/plain" id="ankivault-more">{_as_text(more)}'
    data = data.replace("<", "\\u003c")
    return f"{start}{card_id}{to_data}{data}{to_media}{_as_text(media)}{kept}{_RENDERER}"


def _as_text(html: str) -> str:
    """HTML as it can stand in a script element, which it neither ends nor begins."""
    return _SCRIPT.sub(r"<\\", html)
