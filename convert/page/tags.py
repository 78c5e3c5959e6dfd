"""Anki's tags → Obsidian's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z][0-9A-Za-z_-]*(?:::[0-9A-Za-z_-]+)*")
# https://help.obsidian.md/tags, and what ends a tag in its editor: white space, ASCII punctuation
# except _ - /, two Unicode blocks of punctuation. Characters that show nothing are refused as well.
_REFUSED = re.compile(r"""[\u2000-\u206f\u2e00-\u2e7f'!"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]""")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def to_obsidian_tags(tags: Sequence[str]) -> tuple[list[str], bool]:
    """The tags as Obsidian can hold them, in order, and whether that lost something.

    ``a::b`` becomes ``a/b``. Lost is what cannot be told from the result: a character Obsidian
    refuses, a ``/`` that Anki has in one level, an empty level, a tag of digits only (Obsidian
    wants one other character), two tags that become the same one.
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
