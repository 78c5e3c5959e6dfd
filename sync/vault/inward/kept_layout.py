"""A page that a person laid out in their own way keeps that where its note was not edited."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from ....convert.page.cards import card_comment
from ....convert.page.note import NoteText, PageStyle
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
# What leads somewhere, and Anki's own notations, which Obsidian does not show.
_MARKED = re.compile(r"!?\[\[[^\[\]\n]*\]\]|\{\{c\d|\\[(\[]")


def keep_layout(
    before: str, present: str, after: str, note: NoteText, style: PageStyle, names: VaultNames
) -> str:
    """The managed part of an edited note with a person's list markers, blank lines, names of
    paragraphs and spelling (``#tag``, ``$5``), as far as that says exactly what the note says.

    ``before`` is how we write what the page said last, ``present`` how it stands there, ``after``
    how we write the note as it will be.
    """
    if present == before:
        return after
    respelled = _respell(after, present, names)
    for target in dict.fromkeys((respelled, after)):
        for text in dict.fromkeys((present, _BLANKS.sub("\n\n", present))):
            for merge in (merge_lines, merge_words):
                merged = merge(before, text, target)
                if merged is not None and (merged == after or _says(merged, note, style, names)):
                    return merged
    return respelled if _says(respelled, note, style, names) else after


def _says(managed: str, note: NoteText, style: PageStyle, names: VaultNames) -> bool:
    """Whether a managed part, read back, is this note, whatever its layout."""
    if not note.cards:
        return read_same(managed, note, style, names)
    if not all(card_comment(card.id) in managed for card in note.cards):
        return False  # the reader finds most cards without their ids, but ids belong on the page
    read, problems = read_card_page(managed, 1, note, style, names)
    return not problems and read == note


def _respell(after: str, present: str, names: VaultNames) -> str:
    """``after`` with the lines as they stand on the page, where both are the same HTML."""
    ours, theirs = after.split("\n"), present.split("\n")
    keys, typed_keys = ([_line_key(line, names) for line in lines] for lines in (ours, theirs))
    matcher = SequenceMatcher(None, keys, typed_keys, autojunk=False)
    result: list[str] = []
    for kind, o1, o2, t1, t2 in matcher.get_opcodes():
        mine, typed = ours[o1:o2], theirs[t1:t2]
        if (
            kind == "equal"
            or all(_EMPTY_QUOTE.fullmatch(line) for line in (*mine, *typed))
            or _key("\n".join(mine), names) == _key("\n".join(typed), names)
        ):
            result += typed
        elif len(mine) == len(typed):
            result += [_respell_words(*pair, names) for pair in zip(mine, typed)]
        else:
            result += mine
    return "\n".join(result)


def _line_key(line: str, names: VaultNames) -> tuple[str, ...]:
    return _row_key(line, names) if line[:1] == "|" else _key(line, names)


def _row_key(line: str, names: VaultNames) -> tuple[str, ...]:
    """What a row of a table says; a bar in a formula may be spelled in two ways there."""
    rule = "|" + "---|" * (len(_BAR.findall(line.strip())) - 1)
    html, *marked = _key(f"{line}\n{rule}", names)
    return (_TEX_BAR.sub(lambda bar: "|" if bar[1] == "v" else "\\|", html), *marked)


def _respell_words(ours: str, typed: str, names: VaultNames) -> str:
    pairs = list(zip(_SPACES.split(ours), _SPACES.split(typed)))
    if len(_SPACES.findall(ours)) != len(_SPACES.findall(typed)):
        return ours
    return "".join(
        theirs if _key(mine, names) == _key(theirs, names) else mine for mine, theirs in pairs
    )


def _key(text: str, names: VaultNames) -> tuple[str, ...]:
    """Equal for texts that are the same in Anki, and as good in Obsidian."""
    return (markdown_to_html(text, names.media, link=names.link), *_MARKED.findall(text))
