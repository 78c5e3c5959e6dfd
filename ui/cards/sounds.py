"""Lets Anki's own player play the sounds of dynamic notes' cards: autoplay, R, play buttons.

Anki finds a card's sounds in its rendered text. The sounds of a dynamic note are hidden from Anki
in the field ``Data``, because otherwise each card would play the sounds of all cards. So this
module passes the sounds of the card shown to Anki. Without the add-on, as on a phone, the card's
script plays them in the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from os.path import basename
from typing import Optional

from anki import hooks
from anki.sound import SoundOrVideoTag
from anki.template import TemplateRenderContext, TemplateRenderOutput

from ...model.note import Card, read_note
from ...model.notetype import FIELDS, FIRST_SLOT_FIELD, SLOTS

_ROOT = '<div id="ankivault"'
_SOUND = re.compile(r"\[sound:([^\]]+)\]")


def set_up() -> None:
    """Pass the sounds to Anki each time it renders a card."""
    hooks.card_did_render.append(_add_sounds)


def _add_sounds(output: TemplateRenderOutput, context: TemplateRenderContext) -> None:
    if _ROOT not in output.question_text:
        return
    card = find_card(context.note().fields, context.card().ord)
    if card is None:
        return
    commands: dict[str, str] = {}
    for side, html, tags in (
        ("q", card.front, output.question_av_tags),
        ("a", card.back, output.answer_av_tags),
    ):
        for name in _find_sounds(html):
            commands.setdefault(name, f"play:{side}:{len(tags)}")
            tags.append(SoundOrVideoTag(filename=basename(name)))
    if commands:
        marked = f'{_ROOT} data-sounds="{escape(json.dumps(commands))}"'
        output.question_text = output.question_text.replace(_ROOT, marked, 1)
        output.answer_text = output.answer_text.replace(_ROOT, marked, 1)


def find_card(fields: Sequence[str], ord: int) -> Optional[Card]:
    """The content of the dynamic note's card with this template number, counted from 0.

    ``None`` for notes of other types, and if the note has no such card.
    """
    if len(fields) != len(FIELDS) or ord >= SLOTS:
        return None
    id_ = fields[FIRST_SLOT_FIELD + ord].strip()
    return next((card for card in read_note(fields).content.cards if card.id == id_), None)


def _find_sounds(html: str) -> Iterator[str]:
    return (unescape(name) for name in _SOUND.findall(html))
