"""Turns Anki's tags into Obsidian's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z][0-9A-Za-z_-]*(?:::[0-9A-Za-z_-]+)*")
# See https://help.obsidian.md/tags. Obsidian's editor also ends a tag at white space, at ASCII
# punctuation except _ - / and at two Unicode blocks of punctuation. Invisible characters are
# refused as well.
_REFUSED = re.compile(r"""[\u2000-\u206f\u2e00-\u2e7f'!"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]""")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def to_obsidian_tags(tags: Sequence[str]) -> tuple[list[str], bool]:
    """The tags in Obsidian's spelling, in order, and whether that lost something.

    ``a::b`` becomes ``a/b``. The loss is whatever the result does not show: a character that
    Obsidian refuses, a ``/`` within one of Anki's levels, an empty level, a tag of digits only
    (Obsidian wants at least one other character), two tags that become the same one.
    """
    mapped: dict[str, str] = {}
    lossy = False
    for tag in tags:
        if _PLAIN.fullmatch(tag):
            name = tag.replace("::", "/")
        else:
            name, lost = _map_tag(tag)
            lossy = lossy or lost
        if name.casefold() in mapped:
            lossy = True
        elif name:
            mapped[name.casefold()] = name
    return list(mapped.values()), lossy


def _map_tag(tag: str) -> tuple[str, bool]:
    levels = unicodedata.normalize("NFC", tag).split("::")
    shown = (_REFUSED.sub("_", _HIDDEN.sub("", level)) for level in levels)
    name = "/".join(part for level in shown for part in level.split("/") if part)
    if name and all(char.isdigit() or char == "/" for char in name):
        name += "_"
    return name, name.replace("/", "::") != tag
