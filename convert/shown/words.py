"""Marks the words that differ between two texts of safe HTML."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..text.matching import matching_blocks

# Formulas, embedded sounds and numbers of clozes are one word each.
_PIECE = re.compile(
    r'<span class="(?:formula|sound|thing)">[^<]*</span>|<code class="formula">[^<]*</code>'
    r'|<sup class="number">[^<]*</sup>|<img [^>]*>|<[^>]*>'
    r"|&(?:#\w+|\w+);|[^\W_]+|\s+|[^<]",
)
_VOID = frozenset(("br", "hr", "wbr", "col"))
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")
_WHOLE = 1500  # pieces that changed on a side: with more, blocks are compared before words


class _Piece(NamedTuple):
    text: str
    is_tag: bool
    around: str  # the elements it stands in


def mark_changes(before: str, after: str) -> tuple[str, str]:
    """Both texts, with ``<del>`` around what only the first has, ``<ins>`` around what is new.

    The texts are as ``show_safely`` writes them. A word that stands in other elements than before
    differs too; a formula or picture is marked as a whole.
    """
    ours, theirs = _cut(before), _cut(after)
    left = [_key(piece) for piece in ours if not piece.is_tag]
    right = [_key(piece) for piece in theirs if not piece.is_tag]
    same_left, same_right = _match(left, right)
    return _mark(ours, same_left, "del"), _mark(theirs, same_right, "ins")


def _cut(html: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    stack: list[str] = []
    around = ""
    for text in _PIECE.findall(html):
        is_tag = text[0] == "<" and text[-1] == ">" and not _is_word(text)
        if is_tag:
            name = _TAG_NAME.match(text)
            if name and name[1] not in _VOID:
                if text[1] == "/":
                    if stack:
                        stack.pop()
                else:
                    stack.append(name[1])
                around = ">".join(each for each in stack if each not in ("tbody", "span"))
        pieces.append(_Piece(text, is_tag, around))
    return pieces


def _is_word(text: str) -> bool:
    return text.startswith("<img ") or (text.startswith("<") and text.count("<") > 1)


def _key(piece: _Piece) -> tuple[str, str]:
    return (" ", "") if piece.text.isspace() else (piece.text, piece.around)


def _match(
    left: list[tuple[str, str]], right: list[tuple[str, str]]
) -> tuple[list[bool], list[bool]]:
    same_left, same_right = [False] * len(left), [False] * len(right)
    if len(left) * len(right) > _WHOLE * _WHOLE:
        blocks = _match_long(left, right)
    else:
        blocks = matching_blocks(left, right)
    for a, b, size in blocks:
        same_left[a : a + size] = [True] * size
        same_right[b : b + size] = [True] * size
    return same_left, same_right


def _match_long(
    left: list[tuple[str, str]], right: list[tuple[str, str]]
) -> list[tuple[int, int, int]]:
    """Match sentences, then the words between those that are equal."""
    ours, theirs = _group(left), _group(right)
    found: list[tuple[int, int, int]] = []
    done = (0, 0)
    last = (len(ours), len(theirs), 0)
    starts_left, starts_right = _starts(ours), _starts(theirs)
    equal = matching_blocks([tuple(each) for each in ours], [tuple(each) for each in theirs])
    for a, b, size in [*equal, last]:
        here, there = starts_left[a], starts_right[b]
        middle, other = left[done[0] : here], right[done[1] : there]
        if middle and other and len(middle) * len(other) <= _WHOLE * _WHOLE:
            found += [(done[0] + x, done[1] + y, n) for x, y, n in matching_blocks(middle, other)]
        length = starts_left[a + size] - here
        if length:
            found.append((here, there, length))
        done = (here + length, there + length)
    return found


def _group(pieces: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    groups: list[list[tuple[str, str]]] = [[]]
    for piece in pieces:
        groups[-1].append(piece)
        if piece[0] in ".!?;:。" or (piece[0] == " " and len(groups[-1]) > 40):
            groups.append([])
    return groups if groups[-1] else groups[:-1]


def _starts(groups: list[list[tuple[str, str]]]) -> list[int]:
    starts = [0]
    for group in groups:
        starts.append(starts[-1] + len(group))
    return starts


def _mark(pieces: list[_Piece], same: list[bool], element: str) -> str:
    """Write pieces with an element around each run of words that differ, never across a tag."""
    parts: list[str] = []
    run: list[str] = []
    spaces: list[str] = []
    index = 0

    def end_run() -> None:
        if run:
            parts.append(f"<{element}>{''.join(run)}</{element}>")
        parts.extend(spaces)
        run.clear()
        spaces.clear()

    for piece in pieces:
        if piece.is_tag:
            end_run()
            parts.append(piece.text)
            continue
        differs = not same[index]
        index += 1
        if piece.text.isspace():
            spaces.append(piece.text)
        elif differs:
            if run:
                run.extend(spaces)
            else:
                parts.extend(spaces)
            spaces.clear()
            run.append(piece.text)
        else:
            end_run()
            parts.append(piece.text)
    end_run()
    return "".join(parts)
