"""Writes the blocks of Markdown's tokens as HTML like Anki's editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...vendor.lib.markdown_it.token import Token
from ..html.callouts import read_mark
from ..html.footnotes import NOTE_END, note_start
from ..html.words import escape_attribute, escape_text
from ..markdown.comment_lines import is_hidden
from ..markdown.parser import parse_line
from .line_writer import BLOCK_ELEMENTS, write_line
from .options import Writing
from .output import FieldOutput
from .raw_html import write_html

_TAGS = {
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li>",
    "list_item_close": "</li>",
    "blockquote_open": "<blockquote>",
    "blockquote_close": "</blockquote>",
    "table_open": "<table><tbody>",
    "table_close": "</tbody></table>",
    "tr_open": "<tr>",
    "tr_close": "</tr>",
    "th_close": "</th>",
    "td_close": "</td>",
    "footnote_close": NOTE_END,
    "hr": "<hr>",
}
_CELLS = {"th_open": "th", "td_open": "td"}
_QUOTE = _TAGS["blockquote_open"]
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_FIRST_TAG = re.compile(r"\s*</?([a-zA-Z][a-zA-Z0-9-]*)")
_COMMENTS = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->)+\s*$", re.DOTALL)
_LAST_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>\s*$")


class BlockWriter:
    """Writes the blocks of one field."""

    def __init__(self, output: FieldOutput, writing: Writing) -> None:
        self._output = output
        self._writing = writing
        self._line_end = -1  # the source line after the last line of text; -1 after a block
        self._line_part = 0  # the part that starts it
        self._containers: list[str] = []
        self._in_item = False  # at the very start of a list item
        self._at_quote = False  # at the very start of a quote

    def write(self, tokens: Sequence[Token]) -> None:
        """Add the blocks. Breaks separate consecutive lines, as in the source."""
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline" and is_hidden(token.children or []):
                self._write_comments(token, tokens[index + 2 : index + 3])
            elif kind == "inline":
                self._write_text(token, tokens[index - 1])
            elif kind in ("fence", "code_block"):
                self._write_code(token)
            elif kind == "html_block":
                self._write_html(token)
            elif not kind.startswith(("paragraph", "thead", "tbody")):
                self._write_tag(token)
            self._at_quote = kind == "blockquote_open" or (
                self._at_quote and kind == "paragraph_open"
            )
            self._in_item = kind == "list_item_open" or (self._in_item and kind == "paragraph_open")

    def _write_tag(self, token: Token) -> None:
        if token.nesting < 0:
            self._containers.pop()
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._part_from_list(token)
        if token.nesting > 0:
            self._containers.append(token.type)
        self._line_end = -1
        self._output.add(self._tag(token))

    def _part_from_list(self, token: Token) -> None:
        """A blank line between an item's text and the list in it makes the text a paragraph."""
        in_item = self._containers[-1:] == ["list_item_open"]
        if in_item and token.map and -1 < self._line_end < token.map[0]:
            self._output.parts[self._line_part] += "<p>"
            self._output.add("</p>")

    def _tag(self, token: Token) -> str:
        kind = token.type
        if kind in _CELLS:
            style = str(token.attrs.get("style", "")).replace(":", ": ")
            return f'<{_CELLS[kind]} style="{style};">' if style else f"<{_CELLS[kind]}>"
        if kind == "ordered_list_open":
            start = token.attrs.get("start", 1)
            return f'<ol start="{start}">' if start != 1 else "<ol>"
        if kind == "footnote_open":
            return note_start(token.content)
        if kind.startswith("heading"):
            level = max(int(token.tag[1]) - self._writing.lowered, 1)
            return f"</h{level}>" if token.nesting < 0 else f"<h{level}>"
        return _TAGS.get(kind, "")

    def _write_text(self, token: Token, opener: Token) -> None:
        children = token.children or []
        if opener.type != "paragraph_open":
            write_line(children, self._output, self._writing)
            return
        children = self._open_callout(token, children)
        if not children and not token.content.strip():
            return
        self._begin_line(token)
        box = _TASK.match(token.content) if self._in_item else None
        if box is not None and children and children[0].type == "text":
            ticked = " checked" if box[1] != " " else ""
            self._output.add(f'<input type="checkbox"{ticked}>')
            children[0].content = children[0].content[box.end() :]
        write_line(children, self._output, self._writing)

    def _write_comments(self, token: Token, following: Sequence[Token]) -> None:
        """Write comments with a paragraph of their own, which makes no paragraph on the card."""
        children = token.children or []
        if any(after.type == "paragraph_open" for after in following):
            self._begin_line(token)
            write_line(children, self._output, self._writing, (0, 2))
            self._line_end = -1
        elif self._line_end < 0:
            write_line(children, self._output, self._writing, (0, 1))
        else:
            first = token.map[0] if token.map else 0
            gap = 1 if first <= self._line_end else 2
            write_line(children, self._output, self._writing, (gap, 0))

    def _open_callout(self, token: Token, children: list[Token]) -> list[Token]:
        """Read ``[!note] title`` at the start of a quote: it makes the quote a callout."""
        found = read_mark(token.content) if self._at_quote else None
        if found is None or self._output.parts[-1] != _QUOTE:
            return children
        callout, title = found
        self._output.parts[-1] = callout.start
        if title:
            write_line(self._parse_line(title), self._output, self._writing)
        else:
            self._output.add(escape_text(callout.default_title))
        self._output.add("</div>")
        token.content = token.content.partition("\n")[2]
        if token.map:
            token.map = [token.map[0] + 1, token.map[1]]
        return self._parse_line(token.content) if token.content else []

    def _parse_line(self, text: str) -> list[Token]:
        return parse_line(text, self._writing.on_page, self._writing.footnotes)

    def _begin_line(self, token: Token) -> None:
        first, end = token.map or [0, 0]
        gap = "" if self._line_end < 0 else "<br>" if first <= self._line_end else "<br><br>"
        if gap and self._output.parts[-1:] == [NOTE_END]:
            gap = gap[len("<br>") :]  # the note ends its line
        self._line_part = self._output.add(gap)
        self._line_end = end

    def _write_code(self, token: Token) -> None:
        words = token.info.split(None, 1)
        text = token.content[:-1] if token.content.endswith("\n") else token.content
        if words and words[0] == "latex":
            self._begin_line(token)
            lines = escape_text(text).replace("\n", "<br>")
            self._output.add(f"[latex]{lines}[/latex]")
            return
        language = f' class="language-{escape_attribute(words[0])}"' if words else ""
        self._output.add(f"<pre><code{language}>")
        self._output.add_code(text)
        self._output.add("</code></pre>")
        self._line_end = -1

    def _write_html(self, token: Token) -> None:
        html = _unindent(token.content.rstrip("\n"))
        if not _names_block(_FIRST_TAG.match(html)):
            self._begin_line(token)
        write_html(html, self._output, self._writing.on_page)
        ends_line = _names_block(_LAST_TAG.search(_COMMENTS.sub("", html)))
        self._line_end = token.map[1] if token.map and not ends_line else -1


def _unindent(html: str) -> str:
    margin = html[: len(html) - len(html.lstrip(" "))]
    return html[len(margin) :].replace("\n" + margin, "\n")


def _names_block(tag: re.Match[str] | None) -> bool:
    return tag is not None and tag[1].lower() in BLOCK_ELEMENTS
