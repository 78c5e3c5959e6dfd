"""The versions of what changes as one HTML page: side by side, with the changed words marked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Optional
from urllib.parse import quote, unquote

from ...convert.html.masks import picture_of
from ...convert.shown.page import Form, show_change, show_text
from ...convert.shown.safe_html import Picture
from ...sync.run.regular import read_regular
from ..widgets.side_by_side import Section, Side

_LARGEST = 3_000_000  # bytes of a picture of the vault that is shown
_KINDS = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".gif": "gif",
    ".webp": "webp",
    ".svg": "svg+xml",
    ".avif": "avif",
    ".bmp": "bmp",
}


def find_pictures(media: Path, vault: Optional[Path] = None) -> Picture:
    """What finds a picture's address: in Anki's media folder, else in ``vault`` or its assets."""

    def find(name: str) -> str:
        last = unquote(name).replace("\\", "/").rpartition("/")[2]
        kind = _KINDS.get(Path(last).suffix.lower())
        if not kind or "://" in name or name.startswith("//"):
            return ""
        if (media / last).is_file():
            return quote(last)
        if vault is None:
            return ""
        for path in (vault / "assets" / last, vault / last, *vault.glob(f"*/{_literal(last)}")):
            if path.is_file() and path.stat().st_size <= _LARGEST:
                return _as_data(path, kind)
        masked = picture_of(last)  # its masks are drawn by the run
        return quote(masked) if masked and (media / masked).is_file() else ""

    return find


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _as_data(path: Path, kind: str) -> str:
    return f"data:image/{kind};base64,{b64encode(read_regular(path)).decode('ascii')}"


def write_sides(
    heading: str, sections: Iterable[Section], picture: Picture, *, whole: bool = False
) -> str:
    """The heading and sections as HTML for ``PageView``. Unless ``whole``, long texts are cut."""
    parts = [f'<p class="told">{escape(heading)}</p>' if heading else ""]
    is_cut = False
    for section in sections:
        alone = section.sides[0].heading if len(section.sides) == 1 else ""
        if section.title:
            alone = alone[:1].lower() + alone[1:]
        told = [each for each in (alone, section.outcome) if each]
        title = " – ".join(escape(each) for each in (section.title, *told) if each)
        if title:
            look = "part conflict" if section.conflict else "part"
            parts.append(f'<h5 class="{look}">{title}</h5>')
        texts, cut = _show_sides(section.sides, section.form, picture, whole)
        is_cut = is_cut or cut
        parts.append('<div class="sides">')
        for side, text in zip(section.sides, texts):
            head = f"<h6>{escape(side.heading)}</h6>" if len(section.sides) > 1 else ""
            parts.append(f'<div class="side {side.look}">{head}{text}</div>')
        parts.append("</div>")
        if section.result is not None:
            result = show_text(section.result, section.form, picture)
            parts.append(
                f'<div class="sides"><div class="side"><h6>After the run</h6>{result}</div></div>'
            )
    if is_cut:
        parts.append(
            '<p class="told">This is only the beginning: it is long. '
            '<button id="all">Show all</button></p>'
        )
    return "".join(parts)


def _show_sides(
    sides: Sequence[Side], form: Form, picture: Picture, whole: bool
) -> tuple[list[str], bool]:
    """Each side as HTML, and whether any was cut. What it has alone is marked."""
    shown: list[str] = []
    is_cut = False
    for number, side in enumerate(sides):
        other = sides[0] if number else sides[1] if len(sides) == 2 else None
        compared = other.text if other and side.look != "plain" else None
        if side.text is None:
            shown.append('<p class="none">not there</p>')
        elif not side.text:
            shown.append('<p class="none">empty</p>')
        elif side.look == "old":
            change = show_change(side.text, compared, form, picture, whole=whole)
            shown.append(change.before or "")
            is_cut = is_cut or change.is_cut
        else:
            change = show_change(compared, side.text, form, picture, whole=whole)
            shown.append(change.after or "")
            is_cut = is_cut or change.is_cut
    return shown, is_cut
