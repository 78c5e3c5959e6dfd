"""Writes the runs of a line as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Union

from ..html.blocks import (
    ASIDE,
    BREAK,
    CHECKBOX,
    COMMENT,
    FOOTNOTE,
    FOREIGN,
    IMAGE,
    MARKDOWN_MARKS,
    MATH,
    NOTE_EDGE,
    TEXT,
    Mark,
    Run,
)
from ..html.cloze_lines import ANCHOR
from ..html.comments import comment_html
from ..html.embeds import quote_target
from ..html.footnotes import reference_html
from ..html.formulas import cell_tex
from ..html.link_titles import write_title
from ..markdown.emphasis import CLOZE, Delimiter, broken_groups
from ..markdown.escape import (
    Place,
    escape_html,
    escape_line,
    escape_line_end,
    escape_words,
    write_address,
)
from ..markdown.foreign import print_foreign
from ..text.comment import Comment
from .mark_elements import print_element
from .spacing import settle_spaces

_DELIMITERS = {"b": "**", "i": "*", "s": "~~", "m": "=="}
_BACKTICKS = re.compile("`+")
_ENDS_IN_URL = re.compile(r"https?://[^\s<>]+$")
_WORD = re.compile(r"\S+")
_TAG_IN_TEX = re.compile(r"<(?=[a-zA-Z/!?])|&(?=[a-zA-Z0-9#])")
_PLAIN_NAME = re.compile(r"(?:[^\[\]|\\\n`*_=~$%<>^&]|&(?!#?\w+;))+")
_DEFINITION = re.compile(r"^(\[\^[^\[\]\s]+\]):")


class Words(NamedTuple):
    """Text that is still to be escaped."""

    text: str
    place: Place


Piece = Union[str, Words, Delimiter]


def render_runs(
    runs: Sequence[Run], below: list[str], cell: bool = False, line_start: bool = True
) -> str:
    """Markdown for one line of runs; for a table's cell with ``cell``.

    ``line_start``: nothing will stand before it on its line. Embeds inside raw HTML cannot stay
    there: they are added to ``below``.
    """
    settled = settle_spaces(runs)
    if not settled:
        return ""
    if len(settled) == 1 and settled[0].kind == TEXT and not settled[0].marks:
        line = escape_words(settled[0].text, "", "", Place(cell))
        return escape_line_end(escape_line(line) if line_start and not cell else line)
    writer = _Writer(settled, cell, set())
    writer.write(0, len(settled), ())
    for _ in range(8):
        broken = broken_groups(_known_texts(writer.pieces)) if writer.groups else None
        if not broken:
            break
        writer = _Writer(settled, cell, writer.raw | {writer.groups[group] for group in broken})
        writer.write(0, len(settled), ())
    else:
        writer = _Writer(settled, cell, None)
        writer.write(0, len(settled), ())
    below += writer.below
    return _join(writer.pieces, line_start and not cell)


def render_html(runs: Sequence[Run], below: list[str]) -> str:
    """The same line as HTML, for use inside a raw element."""
    settled = settle_spaces(runs)
    writer = _Writer(settled, False, set())
    writer.write_html(0, len(settled), ())
    below += writer.below
    return _join(writer.pieces, False)


def _known_texts(pieces: Sequence[Piece]) -> list[str | Delimiter]:
    """The pieces with words almost as written: their first and last characters are final."""
    texts: list[str | Delimiter] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, Words):
            text = piece.text
            if "://" in text:
                after = _first_char(pieces[index + 1]) if index + 1 < len(pieces) else ""
                text = escape_words(text, "x", after, piece.place)
            texts.append(text)
        else:
            texts.append(piece)
    return texts


def _join(pieces: Sequence[Piece], line_start: bool) -> str:
    out: list[str] = []
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        if isinstance(piece, Words):
            before = out[-1][-1:] if out else ""
            after = _first_char(pieces[index + 1]) if index < last else ""
            text = escape_words(piece.text, before, after, piece.place)
        else:
            text = piece.text if isinstance(piece, Delimiter) else piece
            if text[:1] == "$" and out and out[-1].endswith("$"):
                out.append(" ")
        if text[:1].isdigit() and index and _ends_formula(pieces[index - 1]):
            out.append("<wbr>")  # a formula does not end at a dollar before a digit
        out.append(text)
    line = "".join(out)
    if line_start and line[:2] == "[^":
        line = _DEFINITION.sub(r"\1\:", line)
    if pieces and line_start and isinstance(pieces[0], Words):
        line = escape_line(line)
    if pieces and isinstance(pieces[-1], Words):
        line = escape_line_end(line)
    return line


def _ends_formula(piece: Piece) -> bool:
    return isinstance(piece, str) and piece.endswith("$")


def _first_char(piece: Piece) -> str:
    return (piece if isinstance(piece, str) else piece.text)[:1]


class _Writer:
    """Turns settled runs into pieces. ``raw`` names groups to write as HTML; None: all."""

    def __init__(self, runs: Sequence[Run], cell: bool, raw: set[tuple[int, str]] | None) -> None:
        self.runs = [_plain_code(run) for run in runs]
        self.cell = cell
        self.all_raw = raw is None
        self.raw: set[tuple[int, str]] = raw or set()
        self.pieces: list[Piece] = []
        self.groups: list[tuple[int, str]] = []
        self.below: list[str] = []
        self.in_link = False
        self.in_note = False

    def write(self, start: int, end: int, active: tuple[Mark, ...], link: bool = False) -> None:
        """Write the runs from ``start`` to ``end`` as Markdown, inside the marks ``active``."""
        runs = self.runs
        at = start
        while at < end:
            run = runs[at]
            marks = [mark for mark in run.marks if mark not in active] if run.marks else None
            if not marks or (run.kind == TEXT and run.text.isspace()):
                self._write_leaf(run, link)
                at += 1
                continue
            mark, stop = self._choose(at, end, marks, active)
            inside = (*active, mark)
            if mark.kind not in MARKDOWN_MARKS:
                self._write_element(mark, at, stop, inside)
            elif mark.kind == "code":
                self._write_code("".join(r.text for r in runs[at:stop]))
            elif mark.kind == "a":
                self._write_link(mark, at, stop, inside)
            elif self._must_be_html(mark, at):
                self._write_element(mark, at, stop, inside)
            elif mark.kind == "cloze":
                self.pieces.append(Delimiter("==", True, CLOZE))
                self.write(at, stop, inside, link)
                self.pieces += [Delimiter("==", False, CLOZE), self._comment(mark.comment)]
            else:
                group = len(self.groups)
                self.groups.append((at, mark.kind))
                self.pieces.append(Delimiter(_DELIMITERS[mark.kind], True, group))
                self.write(at, stop, inside, link)
                self.pieces.append(Delimiter(_DELIMITERS[mark.kind], False, group))
            at = stop

    def _must_be_html(self, mark: Mark, at: int) -> bool:
        if mark.kind == "cloze":
            return mark.in_html
        return self.all_raw or (at, mark.kind) in self.raw

    def _choose(
        self, at: int, end: int, marks: list[Mark], active: tuple[Mark, ...]
    ) -> tuple[Mark, int]:
        """The mark to open at a run, and its end: the mark with the furthest end."""
        best, best_stop = marks[0], -1
        for number, mark in enumerate(marks):
            if mark.kind not in MARKDOWN_MARKS and number and best_stop > at:
                break
            if mark.kind == "code" and len(marks) > 1:
                continue
            stop = at + 1
            while stop < end and mark in self.runs[stop].marks:
                stop += 1
            if mark.kind != "cloze" and stop < end:
                stop = self._before_cloze(at, stop, active)
            if stop == at:
                continue
            if stop > best_stop:
                best, best_stop = mark, stop
            if mark.kind not in MARKDOWN_MARKS:
                break
        return best, max(best_stop, at + 1)

    def _before_cloze(self, at: int, stop: int, active: tuple[Mark, ...]) -> int:
        """The end of a group that does not cut a cloze in two."""
        last = self.runs[stop - 1].marks
        cut = [mark for mark in last if mark.kind == "cloze" and mark not in active]
        if cut and cut[0] in self.runs[stop].marks:
            while stop > at and cut[0] in self.runs[stop - 1].marks:
                stop -= 1
            while stop > at and self.runs[stop - 1].text.isspace():
                stop -= 1
        return stop

    def _write_leaf(self, run: Run, link: bool) -> None:
        if run.kind == TEXT:
            lit = bool(run.marks) and any(mark.kind in ("cloze", "m") for mark in run.marks)
            place = Place(self.cell, link or (self.in_note and _tears_note(run.text)), lit)
            self.pieces.append(Words(run.text, place))
        elif run.kind == MATH:
            tex = self._tex(run)
            self.pieces.append(f"{run.html}{tex}{run.html}")
        elif run.kind == IMAGE:
            self.pieces.append(run.text.replace("|", "\\|") if self.cell else run.text)
        elif run.kind == FOREIGN:
            self.pieces.append(print_foreign(run.text))
        elif run.kind == COMMENT:
            self.pieces.append(f"%%{run.text}%%")
        elif run.kind == ASIDE:
            text = run.text.replace("\n", " ").replace("|", "\\|") if self.cell else run.text
            self.pieces.append(text)
        elif run.kind in (FOOTNOTE, NOTE_EDGE):
            self._write_footnote(run)
        elif run.kind == BREAK:
            self.pieces.append("<br>")
        elif run.kind == CHECKBOX:
            self.pieces.append("☑" if run.text == "x" else "☐")

    def _write_footnote(self, run: Run) -> None:
        if run.kind == NOTE_EDGE:
            self.in_note = run.text == "^["
            self.pieces.append(run.text)
        else:
            self.pieces.append(f"[^{run.text}]" if run.text else reference_html(""))

    def _comment(self, text: str) -> str:
        return "%%{}%%".format(text.replace("|", "\\|") if self.cell else text)

    def _tex(self, run: Run) -> str:
        tex = run.text
        if self.cell and "|" in tex:
            tex = cell_tex(tex)
        if "==" in tex and any(mark.kind in ("cloze", "m") for mark in run.marks):
            tex = tex.replace("==", "= =")
        return tex

    def _write_code(self, text: str) -> None:
        text = text.replace("\xa0", " ").strip()
        if not text:
            return
        longest = max((len(ticks) for ticks in _BACKTICKS.findall(text)), default=0)
        fence = "`" * (longest + 1)
        pad = " " if text[0] == "`" or text[-1] == "`" else ""
        if self.cell:
            text = text.replace("|", "\\|")
        self.pieces.append(f"{fence}{pad}{text}{pad}{fence}")

    def _write_link(self, mark: Mark, at: int, stop: int, inside: tuple[Mark, ...]) -> None:
        runs = self.runs[at:stop]
        url = mark.attributes.replace("|", "%7C") if self.cell else mark.attributes
        title = write_title(mark.title)
        if title and mark.comment:
            url = quote_target(mark.comment)
        if not title and all(run.kind == TEXT for run in runs):
            text = "".join(run.text for run in runs).strip()
            before, after = self._beside_link(mark, at, stop)
            address = write_address(text, url, before, after, self.cell)
            if address:
                self.pieces.append(address)
                return
            if (
                mark.comment
                and (text == mark.comment or _PLAIN_NAME.fullmatch(text))
                and all(set(run.marks) <= set(inside) for run in runs)
            ):
                self.pieces.append(self._wikilink(mark.comment, text))
                return
        self.pieces.append("[")
        self.in_link = True
        self.write(at, stop, inside, True)
        self.in_link = False
        self.pieces.append(f"]({url}{title})")

    def _beside_link(self, mark: Mark, at: int, stop: int) -> tuple[str, str]:
        """The texts on both sides that an address might include; ``*`` stands for a mark."""
        last = self.pieces[-1] if self.pieces else ""
        before = (last if isinstance(last, str) else last.text)[-1:]
        around = [each for each in self.runs[at].marks if each != mark]
        if stop == len(self.runs):
            return before, "*" if around else ""
        follower = self.runs[stop]
        if follower.kind != TEXT or list(follower.marks) != around:
            return before, "*"
        word = _WORD.match(follower.text)
        after = escape_words(word[0], "x", "", Place(self.cell)) if word else ""
        ends = word is not None and word.end() == len(follower.text)
        return before, after + "*" if ends and (around or stop + 1 < len(self.runs)) else after

    def _wikilink(self, target: str, text: str) -> str:
        if text == target:
            return f"[[{target}]]"
        return f"[[{target}\\|{text}]]" if self.cell else f"[[{target}|{text}]]"

    def _write_element(self, mark: Mark, at: int, stop: int, inside: tuple[Mark, ...]) -> None:
        name, attributes = print_element(mark)
        if self.cell:
            attributes = attributes.replace("|", "&#124;")
        self.pieces.append(f"<{name}{attributes}>")
        self.write_html(at, stop, inside)
        self.pieces.append(f"</{name}>")

    def write_html(self, start: int, end: int, active: tuple[Mark, ...]) -> None:
        """Write the runs from ``start`` to ``end`` as HTML, inside the marks ``active``."""
        at = start
        while at < end:
            run = self.runs[at]
            mark = next((mark for mark in run.marks if mark not in active), None)
            if mark is None:
                self._write_html_leaf(run)
                at += 1
                continue
            stop = at + 1
            while stop < end and mark in self.runs[stop].marks:
                stop += 1
            self._write_element(mark, at, stop, (*active, mark))
            at = stop

    def _write_html_leaf(self, run: Run) -> None:
        if run.kind == TEXT:
            self.pieces.append(escape_html(run.text, self.cell, self.in_link or self.in_note))
        elif run.kind == MATH:
            if self.pieces and _ENDS_IN_URL.search(str(self.pieces[-1])):
                self.pieces.append("<wbr>")  # the formula must not become part of the address
            self.pieces.append(f"{run.html}{_html_tex(self._tex(run))}{run.html}")
        elif run.kind == IMAGE:
            if run.html:
                self.pieces.append(run.html)
            else:
                self.below.append(run.text)
        elif run.kind == FOREIGN:
            self.pieces.append(print_foreign(run.text))
        elif run.kind == FOOTNOTE:
            self.pieces.append(reference_html(run.text))
        elif run.kind == ASIDE:
            self.pieces.append(comment_html(Comment(run.text)).replace("\n", "&#10;"))
        elif run.kind != COMMENT:
            self._write_leaf(run, False)
        elif run.html == ANCHOR:
            name, attributes = print_element(Mark("cloze", comment=run.text))
            self.pieces.append(f"<{name}{attributes}></{name}>")


def _plain_code(run: Run) -> Run:
    """A code run without what separates neighbours: Markdown has one code element for both."""
    if not run.marks or not any(mark.kind == "code" for mark in run.marks):
        return run
    marks = [Mark("code") if mark.kind == "code" else mark for mark in run.marks]
    return run._replace(marks=tuple(marks))


def _tears_note(text: str) -> bool:
    """Whether words in an inline footnote would end it too early."""
    return text.count("[") != text.count("]")


def _html_tex(tex: str) -> str:
    """TeX without anything that HTML or Markdown reads as a tag or an entity."""
    return _TAG_IN_TEX.sub(r"\g<0> ", tex)
