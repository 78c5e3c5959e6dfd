"""A patch of a deck file as git writes it, from the file's text before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_NOTE = "[[notes]]"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_Opcode = tuple[str, int, int, int, int]


def make_patch(name: str, before: str, after: str) -> str:
    """The patch, empty when nothing changes. ``name`` is the file's path for git."""
    if before == after:
        return ""
    old, new = _LINE.findall(before), _LINE.findall(after)
    parts = [f"diff --git {_quote(f'a/{name}')} {_quote(f'b/{name}')}\n"]
    parts += [f"--- {_quote(f'a/{name}')}\n", f"+++ {_quote(f'b/{name}')}\n"]
    matcher = _Matcher(old, new)
    for group in matcher.get_grouped_opcodes(3):
        first, last = group[0], group[-1]
        ours, theirs = _range(first[1], last[2]), _range(first[3], last[4])
        parts.append(f"@@ -{ours} +{theirs} @@\n")
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                parts += _lines(" ", old[i1:i2])
                continue
            parts += _lines("-", old[i1:i2])
            parts += _lines("+", new[j1:j2])
    return "".join(parts)


class _Matcher(SequenceMatcher[str]):
    """Compares note by note: an edit leaves all notes in their order, and new ones at the end."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, (), (), autojunk=False)
        self.a, self.b = old, new

    def get_opcodes(self) -> list[_Opcode]:  # type: ignore[override]
        found: list[_Opcode] = []
        for i1, i2, j1, j2 in _pair(_starts(self.a), _starts(self.b)):
            if self.a[i1:i2] == self.b[j1:j2]:
                found.append(("equal", i1, i2, j1, j2))
                continue
            inner = SequenceMatcher(None, self.a[i1:i2], self.b[j1:j2], autojunk=False)
            found += [
                (kind, i1 + a, i1 + b, j1 + c, j1 + d) for kind, a, b, c, d in inner.get_opcodes()
            ]
        return [*_join(found)]


def _starts(lines: Sequence[str]) -> list[int]:
    heads = [n for n, line in enumerate(lines) if line.lstrip().startswith(_NOTE)]
    return [0, *heads, len(lines)]


def _pair(old: list[int], new: list[int]) -> Iterator[tuple[int, int, int, int]]:
    """The blocks of both texts side by side; what one has more is part of the last pair."""
    count = min(len(old), len(new)) - 1
    for n in range(count):
        last = n == count - 1
        yield old[n], old[-1 if last else n + 1], new[n], new[-1 if last else n + 1]


def _join(opcodes: Sequence[_Opcode]) -> Iterator[_Opcode]:
    """Opcodes with neighbours of the same kind joined."""
    last: _Opcode | None = None
    for each in opcodes:
        if last is not None and last[0] == each[0]:
            last = (last[0], last[1], each[2], last[3], each[4])
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return f"{start + 1}"
    return f"{start + 1 if length else start},{length}"


def _lines(sign: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        ended = line.endswith("\n")
        yield f"{sign}{line}" if ended else f"{sign}{line}\n\\ No newline at end of file\n"


def _quote(path: str) -> str:
    """A path as git writes it in a patch."""
    if not re.search(r'[\x00-\x1f\x7f"\\]|[^\x00-\x7f]', path):
        return path
    data = path.encode("utf-8", "surrogateescape")
    signs = (
        f"\\{chr(byte)}"
        if byte in (0x22, 0x5C)
        else chr(byte)
        if 32 <= byte < 127
        else f"\\{byte:03o}"
        for byte in data
    )
    return f'"{"".join(signs)}"'
