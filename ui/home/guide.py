"""The guide of ``docs/guide/``: its pages as HTML, their sections, and a search."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Optional

from ...vendor.lib.markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent.parent
_FOLDER = ROOT / "docs" / "guide"
_TABLE = "config"  # ``config.md``, which Anki shows too
# The pages in the order of the contents, each as the task that it is for.
_TASKS = {
    "home": "See how things stand",
    "first-start": "Set up your vault",
    "vault": "Have your notes as pages in Obsidian",
    "two-way": "Edit notes in Obsidian",
    "live": "Keep both sides in step while you work",
    "activity": "See what happened, and bring it back",
    "study": "See on pages how you study",
    "dynamic-notes": "Write one note with many cards",
    "toml-decks": "Keep a deck as a text file",
    "subscribe": "Take a deck from the web",
    "publish": "Publish a deck",
    "rember": "Bring in your rembs",
    "settings": "Change how it works",
    "problems": "When something is wrong",
    "command-line": "Work without Anki's window",
    _TABLE: "Every setting in one table",
}
_HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.S)
_IMAGE = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
# A picture stands in a paragraph of its own, also where it stood in one.
_NESTED = re.compile(r"<p>\s*((?:<p class=.*?</p>\s*)+)</p>")
_TAG = re.compile(r"<[^>]*>")
_ROUND = 60  # characters shown on each side of a word that was found


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading. ``anchor`` is as on GitHub; empty for the page's own."""

    page: str
    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A section in which all words of a search were found, with a piece of its text."""

    section: Section
    piece: str


@dataclass(frozen=True)
class Page:
    """One page. ``task`` is what it is for; ``body`` is HTML, with anchors at its headings."""

    name: str
    task: str
    body: str
    sections: tuple[Section, ...]


class Guide:
    """All pages that came with the add-on."""

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Name → page, in the order of the contents."""
        files = {file.stem: file for file in sorted(_FOLDER.glob("*.md"))}
        files[_TABLE] = ROOT / "config.md"
        order = [name for name in _TASKS if name in files]
        order[-1:-1] = [name for name in files if name not in _TASKS]
        return {name: _read(name, files[name].read_text(encoding="utf-8")) for name in order}

    def find(self, query: str) -> list[Hit]:
        """The sections with all these words: those with them in their headings first."""
        words = query.casefold().split()
        if not words:
            return []
        ranked: list[tuple[int, int, Hit]] = []
        for page in self.pages.values():
            for section in page.sections:
                title, text = section.title.casefold(), section.text.casefold()
                if all(word in title or word in text for word in words):
                    in_title = sum(word in title for word in words)
                    ranked.append((-in_title, len(ranked), Hit(section, _cut(section.text, words))))
        return [hit for _, _, hit in sorted(ranked, key=lambda each: each[:2])]


@lru_cache(maxsize=1)
def load_guide() -> Guide:
    """The guide, read once. Best called in the background first: it takes two blinks."""
    guide = Guide()
    _ = guide.pages
    return guide


def _read(name: str, text: str) -> Page:
    body = MarkdownIt().enable("table").render(text)
    sections, anchors, ends = [], [], []
    for found in _HEADING.finditer(body):
        plain = _plain(found[2])
        anchor = slug(plain) if found[1] != "1" else ""
        anchors.append((found, anchor))
        ends.append(found.start())
        sections.append((anchor, plain, found.end()))
    texts = [
        _plain(body[start:end]) for (_, _, start), end in zip(sections, [*ends[1:], len(body)])
    ]
    made = tuple(
        Section(name, anchor, title, words) for (anchor, title, _), words in zip(sections, texts)
    )
    for found, anchor in reversed(anchors):
        if anchor:
            heading = f'<h{found[1]}><a name="{anchor}"></a>{found[2]}</h{found[1]}>'
            body = body[: found.start()] + heading + body[found.end() :]
    return Page(name, _TASKS.get(name, made[0].title if made else name), body, made)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    kept = "".join(c for c in heading.lower() if c.isalnum() or c in " -_")
    return kept.strip().replace(" ", "-")


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _cut(text: str, words: list[str]) -> str:
    """The text around the first word that was found."""
    at = min((n for n in (text.casefold().find(word) for word in words) if n >= 0), default=0)
    start, end = max(0, at - _ROUND), at + _ROUND
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def show(page: Page, *, night: bool, width: int) -> str:
    """The page for a text browser of this width: pictures of the day or the night that fit.

    The address of a picture ends in the width that it is shown with.
    """
    shown: list[Path] = []

    def fit(found: re.Match[str]) -> str:
        values = dict(_ATTRIBUTE.findall(found[0]))
        file = _find_picture(html.unescape(values.get("src", "")), night=night)
        if file is None or file in shown:
            return ""
        shown.append(file)
        natural = _picture_width(file)
        size = min(width, natural) if natural else width
        alt = values.get("alt", "").replace(", by day", "")
        picture = f'<p class="picture"><img src="{file.as_uri()}?{size}" width="{size}"></p>'
        return f'{picture}<p class="caption">{alt}</p>'

    body = _IMAGE.sub(fit, page.body)
    return _NESTED.sub(r"\1", body)


def _find_picture(source: str, *, night: bool) -> Optional[Path]:
    """The file of a picture, in its version for the night or the day where there is one."""
    file = (_FOLDER / source).resolve()
    stem = file.stem
    for end in ("-night", "-day"):
        stem = stem[: -len(end)] if stem.endswith(end) else stem
    ends = ("-night", "", "-day") if night else ("-day", "", "-night")
    files = (file.with_name(f"{stem}{end}{file.suffix}") for end in ends)
    return next((each for each in files if each.is_file()), None)


def _picture_width(file: Path) -> int:
    """The width of a PNG picture in pixels; 0 where that is not known."""
    with file.open("rb") as opened:
        head = opened.read(24)
    return int.from_bytes(head[16:20], "big") if head[:8] == b"\x89PNG\r\n\x1a\n" else 0


def find_target(address: str, page: str) -> Optional[tuple[str, str]]:
    """The page and anchor that a link on ``page`` leads to; ``None`` for other addresses."""
    if re.match(r"[a-z]+:", address):
        return None
    path, _, anchor = address.partition("#")
    name = path.rsplit("/", 1)[-1]
    if name and not name.endswith(".md"):
        return None
    return (name[:-3] if name else page), anchor
