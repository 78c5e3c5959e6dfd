"""Writes TeX as formulas in a field: Anki's delimiters, and clozes that Anki can read."""

from __future__ import annotations

import re

from ..markdown.tex import BRACES

_CLOZE = re.compile(r"\{\{c[\d,]+::")
_DOUBLE = re.compile(r"\}(?=\})")
_BOX = re.compile(r"\\boxed\s*\{")
_NAMES = re.compile(r",(?=c\d|-(?:,|$))")


def formula_html(tex: str, display: bool, in_cloze: bool = False) -> str:
    """A formula for a field. ``in_cloze``: it stands inside ``{{c1::…}}``.

    Anki ends a cloze at the first ``}}`` and begins its hint at the first ``::``. Inside a cloze,
    ``}}`` is therefore written ``} }``, and ``::`` is separated too.
    """
    tex = _keep_braces_apart(tex, in_cloze)
    tex = tex.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if in_cloze and "{{c" not in tex:
        tex = tex.replace("::", ":&#58;")
    return f"\\[{tex}\\]" if display else f"\\({tex}\\)"


def unbox_clozes(tex: str, names: str) -> str:
    """TeX with its boxes replaced by the clozes in ``names`` (``c1``, ``c1,-,c2::hint``)."""
    for name in reversed(list(enumerate(_NAMES.split(names)))):
        boxes = list(_BOX.finditer(tex))
        number, text = name
        if text == "-" or number >= len(boxes):
            continue
        box = boxes[number]
        end = _balanced_end(tex, box.end())
        if end < 0:
            continue
        numbers, separator, hint = text.partition("::")
        body = tex[box.end() : end]
        tex = f"{tex[: box.start()]}{{{{{numbers}::{body}{separator}{hint}}}}}{tex[end + 1 :]}"
    return tex


def _keep_braces_apart(tex: str, in_cloze: bool) -> str:
    """TeX with ``}}`` only at the end of a cloze, wherever a cloze could end there."""
    position = searched = 0
    parts: list[str] = []
    while True:
        match = _CLOZE.search(tex, searched)
        if match is None:
            break
        searched = match.end()
        end = _balanced_end(tex, match.end())
        if end < 0 or not tex.startswith("}}", end):
            continue
        body = _keep_braces_apart(tex[match.end() : end], True)
        space = " " if body.endswith("}") else ""
        before = tex[position : match.start()]
        parts += [_DOUBLE.sub("} ", before) if in_cloze else before, match[0], body, space, "}}"]
        position = searched = end + 2
    rest = tex[position:]
    return "".join(parts) + (_DOUBLE.sub("} ", rest) if in_cloze else rest)


def _balanced_end(tex: str, start: int) -> int:
    """The position of the brace that closes a group opened before ``start``."""
    depth = 0
    for match in BRACES.finditer(tex, start):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            if depth == 0:
                return match.start()
            depth -= 1
    return -1
