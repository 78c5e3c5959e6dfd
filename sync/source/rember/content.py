"""What a remb says as the content of a dynamic note, and that content as text for the base."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import Optional

from ....convert.edit.text_edit import TextConverter
from ....convert.html.plain_text import plain_text
from ....convert.text.file_names import shorten
from ....model.note import Card, DynamicNote, clean_note
from ...run.base_file import DamagedBase
from .patch import Remb
from .service import Service

# Of HTML, what can only change how words look. Anything else in a remb is text, such as the type in
# ``vector<int>``: a remb may hold what was found on the web, and nothing of that may run in Anki.
_TEXT = re.compile(
    r"<(?!/?(?:b|big|br|code|del|em|i|ins|kbd|mark|s|small|strong|sub|sup|u)\s*/?>"
    r"|https?://[^\s<>]+>)",
    re.IGNORECASE,
)
_PRIVATE = range(0xE000, 0xF900)  # characters that no text has
_TITLE = 60  # bytes
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


def make_content(remb: Remb, service: Service, held: Optional[DynamicNote]) -> DynamicNote:
    """The note that says what a remb says, as Anki stores it.

    A card whose crop is not understood stays as it was ``held``, so that it is not taken away.
    """
    cards = [Card(crop.card_id, to_html(crop.front), to_html(crop.back)) for crop in remb.crops]
    cards += [card for card in (held.cards if held else ()) if card.id in remb.unread]
    return clean_note(DynamicNote(to_html(remb.text), tuple(cards), service.link(remb.id)))


def to_html(text: str) -> str:
    """The HTML of a text of Rember: Markdown, in which only harmless HTML is more than text."""
    less_than = next((chr(code) for code in _PRIVATE if chr(code) not in text), "")
    html = TextConverter().read(_TEXT.sub(less_than, text))
    return html.replace(less_than, "&lt;") if less_than else html


def name_content(content: DynamicNote) -> str:
    """The first words of a note."""
    sides = (card.front for card in content.cards)
    words = next((told for told in map(plain_text, (content.note, *sides)) if told), "")
    return shorten(words, _TITLE) or "a note without words"


def pack_content(content: DynamicNote) -> str:
    """A note's content as text."""
    cards = [[card.id, card.front, card.back] for card in content.cards]
    return _ENCODE([content.link, content.note, cards])


def unpack_content(packed: str) -> DynamicNote:
    """The content from the text that ``pack_content`` made. Raises ``DamagedBase`` for another."""
    try:
        link, note, cards = json.loads(packed)
        content = DynamicNote(note, tuple(Card(*card) for card in cards), link)
    except (ValueError, TypeError) as error:
        raise DamagedBase("a note that nobody has written") from error
    texts = [link, note, *(each for c in content.cards for each in (c.id, c.front, c.back))]
    if not all(isinstance(text, str) for text in texts):
        raise DamagedBase("a note that nobody has written")
    return content


def digest(packed: str) -> str:
    """A short text that changes with what Rember says of a remb."""
    return blake2b(packed.encode("utf-8"), digest_size=16).hexdigest()
