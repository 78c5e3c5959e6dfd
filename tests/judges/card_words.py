"""The words that a field shows on its card."""

from __future__ import annotations

import re
import unicodedata

from .anki_cloze import reveal_clozes
from .html_text import unprotect, visible_text
from .math_words import mark_card_math

_SOUND = re.compile(r"\[sound:[^\]\n]*\]", re.I)
_MATHJAX_TAG = re.compile(r"<(/?)anki-mathjax\b[^>]*>", re.I)


def card_words(html: str) -> list[str]:
    """The words of a field on the back of a card: clozes are shown, each formula is one word.

    Media are left out. Anki removes ``[sound:…]`` before everything else, also in code.
    """
    html = _MATHJAX_TAG.sub(lambda tag: "\\)" if tag[1] else "\\(", html)
    text = visible_text(reveal_clozes(_SOUND.sub("", html)))
    return split_words(mark_card_math(text))


def split_words(text: str) -> list[str]:
    """The words of visible text, split at white space, in Unicode form NFC."""
    return unicodedata.normalize("NFC", unprotect(text)).split()
