"""Turns formulas between Anki's delimiters into TeX that Obsidian renders."""

from __future__ import annotations

import re
from html import unescape

BOX = "\\boxed{%s}"

_LINE_TAG = re.compile(r"<(?:br|/?div|/?p)(?:\s[^>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>", re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n")
_DOLLAR = re.compile(r"(?<!\\)((?:\\\\)*)\$")
_CLOZE = re.compile(r"\{\{c([\d,]+)::")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_ONLY_MATH = re.compile(
    r"\s*(?:\$\$(?P<d>[^$]+)\$\$|\$(?P<i>[^$]+)\$|\\\[(?P<b>.+?)\\\]|\\\((?P<p>.+?)\\\)"
    r"|\\begin\{(?P<e>displaymath|math|equation\*?)\}(?P<m>.+?)\\end\{(?P=e)\})\s*",
    re.DOTALL,
)

# Where TeX takes a bar literally and knows no command for it.
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_CELL_PIECE = re.compile(
    rf"(?P<kept>\\begin\s*\{{\w*(?:array|tabular)\*?\}}(?:\[\w*\])?\s*{_GROUP}"
    rf"|\\(?:text\w*|[mhf]box|tag|label|verb)\*?\s*{_GROUP}|\\verb\*?([^\w\s{{]).*?\2)"
    r"|(?P<other>\\[^|])|(?P<bar>\\?\|)(?P<word>(?=[a-zA-Z]))?",
    re.DOTALL,
)


def cell_tex(tex: str) -> str:
    """TeX with the same meaning in a table's cell, where a bar would begin the next cell.

    A bar becomes ``\\vert``, a double one ``\\Vert``, because Markdown readers disagree about
    ``\\|`` in a formula. In the columns of an array and in text, TeX takes only the bar itself:
    there it becomes ``\\|``, as everywhere in a cell.
    """
    return _CELL_PIECE.sub(_without_bar, tex)


def _without_bar(piece: re.Match[str]) -> str:
    bar = piece["bar"]
    if bar is None:
        return piece[0].replace("|", "\\|") if piece["kept"] else piece[0]
    return ("\\vert" if bar == "|" else "\\Vert") + (" " if piece["word"] is not None else "")


def formula(source: str, clozes: bool, box: str = BOX) -> tuple[str, str]:
    """TeX on one line, and the comment with its clozes (``c1`` or ``c1,-,c2::hint``).

    Tags and TeX comments are removed, entities decoded. A cloze becomes a ``box``; the comment
    lists the clozes in the order of the boxes, with ``-`` for a box that the author wrote.
    """
    text = unescape(_TAG.sub("", _LINE_TAG.sub("\n", source)))
    if "%" in text and "\n" in text:
        text = _COMMENT.sub(r"\1\n", text)
    comment = ""
    if clozes and "{{c" in text:
        text, comment = _box_clozes(text, box)
    text = _SPACES.sub(" ", text).strip()
    if text.endswith("\\") and not text.endswith("\\\\"):
        text += " {}"
    return _DOLLAR.sub(r"\1\\$", text), comment


def latex_formula(source: str) -> tuple[str, str]:
    """TeX and its kind when a ``[latex]`` body is exactly one formula, else empty."""
    text = unescape(_TAG.sub("", _LINE_TAG.sub("\n", source)))
    match = _ONLY_MATH.fullmatch(text)
    if match is None:
        return "", ""
    inline = match["i"] or match["p"] or (match["m"] if match["e"] == "math" else None)
    tex = inline or match["d"] or match["b"] or match["m"] or ""
    return formula(tex, False)[0], "inline" if inline else "display"


def latex_source(source: str) -> str:
    """The body of ``[latex]`` as LaTeX lines."""
    text = unescape(_TAG.sub("", _LINE_TAG.sub("\n", source))).replace("\xa0", " ")
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _box_clozes(text: str, box: str) -> tuple[str, str]:
    """Replace clozes by boxes. A cloze that nests or has no balanced end stays as it is."""
    parts: list[str] = []
    names: list[str] = []
    position = 0
    for match in _CLOZE.finditer(text):
        if match.start() < position:
            return text, ""
        end = _cloze_end(text, match.end())
        body = text[match.end() : end]
        if end < 0 or "{{c" in body:
            return text, ""
        before = text[position : match.start()]
        names += ["-"] * before.count("\\boxed")
        body, separator, hint = body.partition("::")
        names.append(f"c{match[1]}" + (separator + " ".join(hint.split()) if separator else ""))
        parts += [before, box % body.strip()]
        names += ["-"] * body.count("\\boxed")
        position = end + 2
    if not names:
        return text, ""
    return "".join(parts) + text[position:], ",".join(names)


def _cloze_end(text: str, start: int) -> int:
    """The position of the ``}}`` that ends a cloze with balanced braces before it."""
    depth = 0
    position = start
    while True:
        match = _BRACE.search(text, position)
        if match is None:
            return -1
        position = match.end()
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            if depth == 0:
                return match.start() if text.startswith("}}", match.start()) else -1
            depth -= 1
