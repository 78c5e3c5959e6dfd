"""A line of Markdown's tokens → HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape

from ..vendor.lib.markdown_it.token import Token
from .elements import CLOSES_PARAGRAPH, TABLE_PARTS
from .escape import is_ambiguous
from .field_output import FieldOutput, escape_attribute, escape_text
from .media_html import embed_html, image_html
from .tex_html import unbox_clozes
from .tokenize import VOID

BLOCK_ELEMENTS = CLOSES_PARAGRAPH | TABLE_PARTS | frozenset(("br", "summary", "details"))
_FORMATTING = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "s_open": "<s>",
    "s_close": "</s>",
}
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_CLOZE_ELEMENT = re.compile(r'<mark data-cloze="([\d,]+)"(?: data-hint="([^"]*)")?>')
_ENDS_ADDRESS = re.compile(r"[.,;:!?)]*(?:\s|$)")
_NEEDS_QUOTING = re.compile(r"[()<>\\\"`{}^ ]")


def write_line(tokens: Sequence[Token], output: FieldOutput, media: Callable[[str], str]) -> None:
    """Add what stands in one or several lines of text."""
    _LineWriter(tokens, output, media).write()


class _LineWriter:
    def __init__(
        self, tokens: Sequence[Token], output: FieldOutput, media: Callable[[str], str]
    ) -> None:
        self.tokens = tokens
        self.output = output
        self.media = media
        self.depth = 0  # of formatting, links and elements
        self.marks: list[int] = []  # the parts that open a highlight
        self.raw_marks: list[str] = []  # what ends the open <mark> elements
        self.highlight = (-1, -1)  # the parts around the highlight that ended just now
        self.formula = -1  # the part of the formula that ended just now

    def write(self) -> None:
        for index, token in enumerate(self.tokens):
            kind = token.type
            if kind == "text" or kind == "text_special":
                if token.content:
                    self._end_run()
                    self.output.add(escape_text(token.content))
            elif kind in _FORMATTING:
                self._end_run()
                self.depth += token.nesting
                self.output.add(_FORMATTING[kind])
            elif kind == "cloze_comment":
                self._write_comment(token)
            else:
                self._end_run()
                self._write_other(index, token)

    def _end_run(self) -> None:
        self.highlight, self.formula = (-1, -1), -1

    def _write_other(self, index: int, token: Token) -> None:
        kind, output = token.type, self.output
        if kind == "softbreak":
            output.add(self._soft_break(index))
        elif kind == "hardbreak":
            output.add("<br>")
        elif kind == "math":
            self.formula = output.add_formula(token.content, token.info == "display")
        elif kind == "code_inline":
            output.add("<code>")
            output.add_code(token.content)
            output.add("</code>")
        elif kind == "embed":
            html = embed_html(token.content, token.info, self.media)
            size = f"|{token.info}" if token.info else ""
            output.add(html or escape_text(f"![[{token.content}{size}]]"))
        elif kind == "image":
            source, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
            output.add(image_html(source, token.content, title, self.media))
        elif kind == "anki_tag":
            output.add(escape_text(unescape(token.content)).replace("\n", "<br>"))
        elif kind == "html_inline":
            self._write_element(index, token.content)
        elif kind in ("mark_open", "mark_close"):
            self._write_mark(kind == "mark_open")
        else:
            self._write_link(index, token)

    def _soft_break(self, index: int) -> str:
        before = self.tokens[index - 1] if index else None
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        beside_block = any(
            token is not None and token.type == "html_inline" and _is_block(token.content)
            for token in (before, after)
        )
        return "\n" if beside_block else "<br>"

    def _write_element(self, index: int, tag: str) -> None:
        name = _TAG_NAME.match(tag)
        if name is not None and name[2].lower() not in VOID:
            self.depth = max(self.depth + (-1 if name[1] else 1), 0)
        if tag == "<wbr>" and self._parts_formula(index):
            return
        if name is not None and name[2].lower() == "mark":
            if name[1]:
                tag = self.raw_marks.pop() if self.raw_marks else tag
            else:
                cloze = _CLOZE_ELEMENT.match(tag)
                hint = f"::{escape_text(unescape(cloze[2]))}" if cloze and cloze[2] else ""
                self.raw_marks.append(hint + "}}" if cloze else "</mark>")
                tag = f"{{{{c{cloze[1]}::" if cloze else tag
        self.output.add(tag)

    def _parts_formula(self, index: int) -> bool:
        """Whether the token only keeps a formula's dollar from the digit after it."""
        if not index or index + 1 >= len(self.tokens) or self.tokens[index - 1].type != "math":
            return False
        return self.tokens[index + 1].content[:1].isdigit()

    def _write_mark(self, opens: bool) -> None:
        self.depth += 1 if opens else -1
        if opens:
            self.marks.append(self.output.add("<mark>"))
        elif self.marks:
            self.highlight = (self.marks.pop(), self.output.add("</mark>"))

    def _write_comment(self, token: Token) -> None:
        parts = self.output.parts
        opened, closed = self.highlight
        if opened >= 0 and not token.content.startswith("-"):
            numbers, separator, hint = token.content.partition("::")
            parts[opened] = f"{{{{{numbers}::"
            parts[closed] = f"{separator}{escape_text(hint)}}}}}"
        elif self.formula >= 0:
            tex, display = self.output.formulas[self.formula]
            tex = unbox_clozes(tex, token.content)
            self.output.formulas[self.formula] = (tex, display)
        else:
            self.output.add(escape_text(f"%%{token.content}%%"))
        self._end_run()

    def _write_link(self, index: int, token: Token) -> None:
        if token.type == "link_open":
            self.depth += 1
            url = str(token.attrs.get("href", ""))
            title = str(token.attrs.get("title", ""))
            if token.info == "auto" and self._is_plain_address(index, url):
                self.output.add("")
                return
            title = f' title="{escape_attribute(title)}"' if title else ""
            self.output.add(f'<a href="{escape_attribute(url)}"{title}>')
        elif token.type == "link_close":
            self.depth -= 1
            auto = token.info == "auto" and self.output.parts[-2] == ""
            self.output.add("" if auto else "</a>")
        elif token.type == "address":
            self._write_address(index, token.content)
        else:
            self.output.add(escape_text(token.content))

    def _is_plain_address(self, index: int, url: str) -> bool:
        """Whether the angle brackets only keep the markup in a bare address from being read."""
        return self.depth == 1 and is_ambiguous(url) and self._ends_at(index + 3)

    def _ends_at(self, index: int) -> bool:
        """Whether an address before a token ends as one without brackets may."""
        if index >= len(self.tokens):
            return True
        token = self.tokens[index]
        if token.type in ("softbreak", "hardbreak"):
            return True
        return token.type == "text" and _ENDS_ADDRESS.match(token.content) is not None

    def _write_address(self, index: int, url: str) -> None:
        if self.depth or _NEEDS_QUOTING.search(url) or not self._ends_at(index + 1):
            self.output.add(escape_text(url))
            return
        shown = url[7:] if url.lower().startswith("mailto:") else url
        self.output.add(f'<a href="{escape_attribute(url)}">{escape_text(shown)}</a>')


def _is_block(tag: str) -> bool:
    name = _TAG_NAME.match(tag)
    return name is not None and name[2].lower() in BLOCK_ELEMENTS
