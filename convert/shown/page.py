"""A page, or a field's Markdown, as HTML to look at, as Obsidian would show it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from ..page.page_text import split_page
from ..to_html.markdown_to_html import markdown_to_html
from .safe_html import Picture, show_safely
from .words import mark_changes

_PROPERTY = re.compile(r"([^\s:#][^:\n]*):(?:[ \t]+(.*)|[ \t]*)\Z")
_OPEN, _CLOSED = '<details class="properties" open="">', '<details class="properties">'
_QUOTED = re.compile(r"""(["'])(.*)\1""")
_CUT = 40_000  # characters of a text that are shown at first
Form = Literal["page", "markdown", "html", "plain"]


@dataclass(frozen=True)
class Shown:
    """Two versions of a text as HTML; ``None`` for one that does not exist.

    ``is_cut``: only the beginning is shown.
    """

    before: str | None
    after: str | None
    is_cut: bool = False


def show_change(
    before: str | None, after: str | None, form: Form, picture: Picture, *, whole: bool = False
) -> Shown:
    """Both versions of a text, with the words marked that differ. Never raises for any text.

    With one version, nothing is marked. Unless ``whole``, a long text is cut at the end of a line.
    """
    cut = [_cut(text) if text is not None and not whole else text for text in (before, after)]
    left, right = (None if text is None else show_text(text, form, picture) for text in cut)
    if left is not None and right is not None:
        left, right = _fold_properties(*mark_changes(left, right))
    return Shown(left, right, is_cut=cut != [before, after])


def show_text(text: str, form: Form, picture: Picture) -> str:
    """One text as safe HTML."""
    if form == "plain":
        return escape(text).replace("\n", "<br>")
    if form == "html":
        return show_safely(text, picture)
    if form == "markdown":
        return _show_markdown(text, picture)
    parts = split_page(text)
    shown = _show_properties(parts.front_matter or "")
    bodies = (parts.head, parts.managed or "", parts.tail)
    return shown + "".join(
        f"<section>{_show_markdown(body, picture)}</section>" for body in bodies if body.strip()
    )


def _show_markdown(markdown: str, picture: Picture) -> str:
    html = markdown_to_html(markdown, media=_same, lowered=0, link=_same)
    return show_safely(html, picture)


def _show_properties(front_matter: str) -> str:
    """Properties as a table, in the order and the words of the page."""
    rows: list[tuple[str, list[str]]] = []
    for line in front_matter.splitlines():
        found = _PROPERTY.match(line)
        if found:
            rows.append((found[1].strip(), [found[2] or ""]))
        elif rows and line.strip():
            item = line.strip()
            rows[-1][1].append(item[2:] if item.startswith("- ") else item)
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(_join(values))}</td></tr>" for name, values in rows
    )
    if not cells:
        return ""
    return f"{_OPEN}<summary>Properties</summary><table><tbody>{cells}</tbody></table></details>"


def _fold_properties(before: str, after: str) -> tuple[str, str]:
    """Close the properties of both versions where none of them differs."""
    parts = before.partition("</details>")[0] + after.partition("</details>")[0]
    if not (before.startswith(_OPEN) and after.startswith(_OPEN)):
        return before, after
    if "<ins>" in parts or "<del>" in parts:
        return before, after
    return _CLOSED + before[len(_OPEN) :], _CLOSED + after[len(_OPEN) :]


def _join(values: Iterable[str]) -> str:
    return ", ".join(filter(None, map(_unquote, values)))


def _unquote(value: str) -> str:
    found = _QUOTED.fullmatch(value.strip())
    return found[2] if found else value.strip()


def _same(target: str) -> str:
    return target


def _cut(text: str) -> str:
    if len(text) <= _CUT:
        return text
    end = text.rfind("\n", 0, _CUT)
    return text[: end if end > 0 else _CUT]
