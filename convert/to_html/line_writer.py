"""Writes the tokens of a line of Markdown as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from ...vendor.lib.markdown_it.token import Token
from ..html.comments import comment_html
from ..html.elements import CLOSES_PARAGRAPH, KNOWN, TABLE_PARTS
from ..html.footnotes import NOTE_END, note_start, reference_html
from ..html.tokens import VOID
from ..html.words import escape_attribute, escape_text
from ..markdown import syntax
from ..markdown.comment_lines import CommentLines
from ..markdown.furigana import ruby_html
from ..text.foreign import find_end
from ..text.network import stay_offline
from .embeds import embed_html, image_html, page_target, wikilink_html
from .formulas import unbox_clozes
from .options import Writing
from .output import FieldOutput
from .raw_html import ClozeElements, tag_name

BLOCK_ELEMENTS = CLOSES_PARAGRAPH | TABLE_PARTS | frozenset(("br", "summary", "details"))
_FORMATTING = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "s_open": "<s>",
    "s_close": "</s>",
}
GOES_ON = re.compile(rf"{syntax.GOES_ON}$")
_OPENS = {
    **{kind: 1 if kind.endswith("open") else -1 for kind in _FORMATTING},
    "mark_open": 1,
    "mark_close": -1,
    "link_open": 1,
    "link_close": -1,
}
_RELATIVE = re.compile(r"(?![a-zA-Z][\w+.-]*:|//|\?).")
_SPACE_AFTER_SPACE = re.compile(r"(?<= ) ")


def write_line(
    tokens: Sequence[Token], output: FieldOutput, writing: Writing, around: tuple[int, int] = (0, 0)
) -> None:
    """Add the content of one or several lines of text.

    ``around``: the line ends before and after the text, when it consists only of comments.
    """
    _LineWriter(tokens, output, writing, around).write()


class _LineWriter:
    def __init__(
        self,
        tokens: Sequence[Token],
        output: FieldOutput,
        writing: Writing,
        around: tuple[int, int],
    ) -> None:
        self.tokens = tokens
        self.lines = CommentLines(tokens, *around)
        self.output = output
        self.writing = writing
        self.media = writing.media
        self.elements = 0  # the number of open elements
        self.marks: list[int] = []  # the parts that open a highlight
        self.links: list[str] = []  # the ends of the open links
        self.clozes = ClozeElements(output)
        self.highlight = (-1, -1)  # the parts around the highlight that has just ended
        self.opened = 0  # the number of open formatting, highlights and links
        self.notes: list[Sequence[Token]] = []  # the content of the line's footnotes
        self.formula = -1  # the part of the formula that has just ended

    def write(self) -> None:
        for index, token in enumerate(self.tokens):
            kind = token.type
            self.opened += _OPENS.get(kind, 0)
            if kind == "text" or kind == "text_special":
                if token.content:
                    self._end_run()
                    self.output.add_words(token.content)
            elif kind in _FORMATTING:
                self._end_run()
                self.output.add(_FORMATTING[kind])
            elif kind == "cloze_comment":
                self._write_comment(token)
            elif index not in self.lines.swallowed:
                self._end_run()
                self._write_other(index, token)
        self._write_notes()

    def _end_run(self) -> None:
        self.highlight, self.formula = (-1, -1), -1

    def _write_other(self, index: int, token: Token) -> None:
        kind, output = token.type, self.output
        if kind in ("softbreak", "hardbreak"):
            self._write_break(index, kind == "hardbreak")
        elif kind == "comment":
            output.add(comment_html(self.lines.comments[index]))
        elif kind == "math":
            self.formula = output.add_formula(token.content, token.info == "display")
        elif kind == "code_inline":
            output.add("<code>")
            output.add_code(_SPACE_AFTER_SPACE.sub("\xa0", token.content))
            output.add("</code>")
        elif kind == "anki_tag":
            output.add(escape_text(unescape(token.content)).replace("\n", "<br>"))
        elif kind == "html_inline":
            self._write_element(index, token.content)
        elif kind in ("mark_open", "mark_close"):
            self._write_mark(index, kind == "mark_open")
        elif kind in ("footnote_reference", "footnote_inline"):
            self._write_reference(token)
        elif kind in ("embed", "image", "furigana", "wikilink"):
            self._write_thing(token)
        else:
            self._write_link(token)

    def _write_reference(self, token: Token) -> None:
        inline = token.type == "footnote_inline"
        self.output.add(reference_html("" if inline else token.content))
        if inline:
            self.notes.append(token.children or [])

    def _write_notes(self) -> bool:
        """Put the inline footnotes of a line below it; tell whether there are any."""
        notes, self.notes = self.notes, []
        for tokens in notes:
            self.output.add(note_start(""))
            write_line(tokens, self.output, self.writing)
            self.output.add(NOTE_END)
        return bool(notes)

    def _write_thing(self, token: Token) -> None:
        kind, output = token.type, self.output
        if kind == "embed":
            output.add(embed_html(token.content, token.info, self.media, self.writing.link))
        elif kind == "image":
            source, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
            words = _plain_words(token.children or ())
            link = self.writing.link
            output.add(image_html(source, token.content, words, title, self.media, link))
        elif kind == "furigana":
            output.add(ruby_html(token.content))
        else:
            output.add(wikilink_html(token.content, token.info, self.writing.link))

    def _write_break(self, index: int, hard: bool) -> None:
        if self.opened or self.elements or not self._write_notes():  # a note ends the line too
            self.output.add("<br>" if hard else self._soft_break(index))

    def _soft_break(self, index: int) -> str:
        before = self.tokens[index - 1] if index else None
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        beside_block = any(
            token is not None
            and token.type == "html_inline"
            and tag_name(token.content)[0] in BLOCK_ELEMENTS
            for token in (before, after)
        )
        return "\n" if beside_block else "<br>"

    def _write_element(self, index: int, tag: str) -> None:
        if find_end(tag, 0) == len(tag):
            self.output.add(stay_offline(tag))
            return
        name, ends = tag_name(tag)
        if self.writing.on_page and name not in KNOWN and name != "anki-mathjax":
            self.output.add(escape_text(tag))
            return
        if name and name not in VOID:
            self.elements = max(self.elements + (-1 if ends else 1), 0)
        if tag != "<wbr>" or not self._parts_formula(index):
            self.clozes.write(tag)

    def _parts_formula(self, index: int) -> bool:
        """Whether the token only separates a formula's dollar from the digit after it."""
        if not index or index + 1 >= len(self.tokens) or self.tokens[index - 1].type != "math":
            return False
        return self.tokens[index + 1].content[:1].isdigit()

    def _write_mark(self, index: int, opens: bool) -> None:
        if opens:
            self.marks.append(self.output.add("<mark>"))
        elif self.marks:
            opened, closed = self.marks.pop(), self.output.add("</mark>")
            self.highlight = (opened, closed)
            if not self._has_comment(index):
                text = "".join(self.output.parts[opened + 1 : closed])
                self._make_cloze(self.writing.clozes(text, None) or "")

    def _has_comment(self, index: int) -> bool:
        after = index + 1
        while after < len(self.tokens) and not self.tokens[after].content:
            after += 1
        return after < len(self.tokens) and self.tokens[after].type == "cloze_comment"

    def _write_comment(self, token: Token) -> None:
        comment: str | None = token.content
        opened, closed = self.highlight
        if self.formula >= 0:
            tex, display = self.output.formulas[self.formula]
            tex = unbox_clozes(tex, token.content)
            self.output.formulas[self.formula] = (tex, display)
            self._end_run()
            return
        if token.content.startswith("-"):
            comment = None
        else:
            text = "".join(self.output.parts[opened + 1 : closed]) if opened >= 0 else None
            comment = self.writing.clozes(text, token.content)
        if comment is None:
            self.output.add(escape_text(f"%%{token.content}%%"))
        else:
            self._make_cloze(comment)
        self._end_run()

    def _make_cloze(self, comment: str) -> None:
        """Make a cloze of the highlight that has just ended, or add one that shows nothing."""
        if not comment:
            return
        opened, closed = self.highlight
        numbers, separator, hint = comment.partition("::")
        goes_on = GOES_ON.search(numbers)
        if goes_on:
            numbers = numbers[: goes_on.start()]
        hint = escape_text(hint[:-1]) + "&#125;" if hint.endswith("}") else escape_text(hint)
        end = f"{separator}{hint}}}}}"
        if opened < 0:
            opened, closed = self.output.add(""), self.output.add("")
        self.output.make_cloze(opened, closed, numbers, end, goes_on is not None)
        self.highlight = (-1, -1)

    def _write_link(self, token: Token) -> None:
        if token.type == "link_open":
            url, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
            if token.info == "auto" and (self.links or not self._becomes_link(url)):
                self.links.append("")
                return
            if self.writing.on_page and _RELATIVE.match(url):
                url = self.writing.link(page_target(url)) or url
            self.links.append("</a>")
            title = f' title="{escape_attribute(title)}"' if title else ""
            self.output.add(f'<a href="{escape_attribute(url)}"{title}>')
        elif token.type == "link_close":
            self.output.add(self.links.pop() if self.links else "")
        elif token.type == "address":
            self._write_address(token)
        else:
            self.output.add(escape_text(token.content))

    def _becomes_link(self, url: str) -> bool:
        return self.writing.addresses(url[7:] if url.startswith("mailto:") else url)

    def _write_address(self, token: Token) -> None:
        text = escape_text(token.content)
        if self.links or self.elements or not self.writing.addresses(token.content):
            self.output.add(text)
        else:
            self.output.add(f'<a href="{escape_attribute(token.info + token.content)}">{text}</a>')


def _plain_words(tokens: Sequence[Token]) -> str:
    """The plain text between an image's brackets."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "image":
            parts.append(_plain_words(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "math":
            parts.append(f"${token.content}$")
        elif token.type == "html_inline" or token.type.endswith(("_open", "_close")):
            continue
        else:
            parts.append(token.content)
    return "".join(parts)
