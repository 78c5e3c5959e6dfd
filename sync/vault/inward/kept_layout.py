"""Keeps the layout that a person gave a page, where its note was not edited."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from ....convert.edit.cloze_lines import count_parts
from ....convert.html.colours import COLOUR_ELEMENT
from ....convert.page.cards import card_comment
from ....convert.page.render import ConvertedNote
from ....convert.text.merge import merge_lines, merge_words
from ....convert.to_html.markdown_to_html import markdown_to_html
from ....convert.vault_names import VaultNames
from .field_merge import read_same
from .page_cards import read_card_page

_BLANKS = re.compile(r"\n(?:[ \t]*\n){2,}")
_BAR = re.compile(r"(?<!\\)\|")
_TEX_BAR = re.compile(r"\\([vV])ert(?![a-zA-Z]) ?")
_EMPTY_QUOTE = re.compile(r"[ \t]*>[> \t]*")
_SPACES = re.compile(r"(\s+)")
# Links and embeds, and clozes and formulas as Anki writes them, which Obsidian does not show.
_MARKED = re.compile(r"!?\[\[[^\[\]\n]*\]\]|\{\{c\d|\\[(\[]")


def keep_layout(before: str, present: str, after: ConvertedNote, names: VaultNames) -> str:
    """The managed part for an edited note, with a person's list markers, blank lines, block ids
    and spelling (``#tag``, ``$5``), if it then still reads back as exactly the note.

    ``before`` is how we write what the page last showed, ``present`` what is on the page, and
    ``after`` the note after the run.
    """
    if present == before or _is_written_otherwise(present, after.managed):
        return after.managed
    respelled = _Speller(names).respell(after.managed, present)
    for target in dict.fromkeys((respelled, after.managed)):
        for text in dict.fromkeys((present, _BLANKS.sub("\n\n", present))):
            for merge in (merge_lines, merge_words):
                merged = merge(before, text, target)
                if merged is not None and (merged == after.managed or _says(merged, after, names)):
                    return merged
    return respelled if _says(respelled, after, names) else after.managed


def _is_written_otherwise(present: str, after: str) -> bool:
    """Whether a page shows clozes over several lines as an older version, or other colours."""
    colours = (len(COLOUR_ELEMENT.findall(text)) for text in (present, after))
    return count_parts(present) < count_parts(after) or len(set(colours)) > 1


def _says(managed: str, note: ConvertedNote, names: VaultNames) -> bool:
    """Whether a managed part, read back, is exactly this note. Its layout may differ."""
    cards = note.note.cards
    if not cards:
        return read_same(managed, note, names)
    if not all(card_comment(card.id) in managed for card in cards):
        return False  # cards may be found without their ids, but a page must have the ids
    read, problems = read_card_page(managed, 1, note, names)
    return not problems and read == note.note


class _Speller:
    """Spells text as a page does. Each different text is converted only once."""

    def __init__(self, names: VaultNames) -> None:
        self._names = names
        self._keys: dict[str, tuple[str, ...]] = {}

    def respell(self, after: str, present: str) -> str:
        """``after``, with the lines and words as on the page where they make the same HTML."""
        ours, theirs = after.split("\n"), present.split("\n")
        keys, typed_keys = ([self._line_key(line) for line in lines] for lines in (ours, theirs))
        matcher = SequenceMatcher(None, keys, typed_keys, autojunk=False)
        result: list[str] = []
        for kind, o1, o2, t1, t2 in matcher.get_opcodes():
            mine, typed = ours[o1:o2], theirs[t1:t2]
            if (
                kind == "equal"
                or all(_EMPTY_QUOTE.fullmatch(line) for line in (*mine, *typed))
                or self._key("\n".join(mine)) == self._key("\n".join(typed))
            ):
                result += typed
            elif len(mine) == len(typed):
                result += [self._respell_words(*pair) for pair in zip(mine, typed)]
            else:
                result += mine
        return "\n".join(result)

    def _line_key(self, line: str) -> tuple[str, ...]:
        return self._row_key(line) if line[:1] == "|" else self._key(line)

    def _row_key(self, line: str) -> tuple[str, ...]:
        """A key like ``_key``, for a row of a table. A bar in a formula has two spellings there."""
        rule = "|" + "---|" * (len(_BAR.findall(line.strip())) - 1)
        html, *marked = self._key(f"{line}\n{rule}")
        return (_TEX_BAR.sub(lambda bar: "|" if bar[1] == "v" else "\\|", html), *marked)

    def _respell_words(self, ours: str, typed: str) -> str:
        pairs = list(zip(_SPACES.split(ours), _SPACES.split(typed)))
        if len(_SPACES.findall(ours)) != len(_SPACES.findall(typed)):
            return ours
        return "".join(
            theirs if self._key(mine) == self._key(theirs) else mine for mine, theirs in pairs
        )

    def _key(self, text: str) -> tuple[str, ...]:
        """A key that is equal for texts that are the same in Anki and have the same marks."""
        key = self._keys.get(text)
        if key is None:
            html = markdown_to_html(text, self._names.media, link=self._names.link)
            key = self._keys[text] = (html, *_MARKED.findall(text))
        return key
