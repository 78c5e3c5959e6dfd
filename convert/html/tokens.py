"""Splits HTML into tokens with offsets, as leniently as a browser, in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from ..text.foreign import FOREIGN_ELEMENTS, find_end

TEXT, START, END, MATH, SOUND, LATEX, CLOZE_OPEN, CLOZE_CLOSE, HIDDEN, FOREIGN = range(10)


class Token(NamedTuple):
    """A slice ``html[start:end]``. ``name`` is the tag, the cloze numbers, or the kind of math.

    ``inner`` are the offsets of the text between the delimiters: the attributes of a tag, the
    formula, the file name.
    """

    kind: int
    start: int
    end: int
    name: str = ""
    inner: tuple[int, int] = (0, 0)


RAW_TEXT = frozenset(
    "script style title xmp iframe noembed noframes noscript textarea plaintext".split()
)
SHOWN_RAW_TEXT = frozenset(("textarea", "xmp", "plaintext"))

_MARK = re.compile(
    r"<(?=[a-zA-Z/!?])|\\(?:\(|\[(?!sound:))|\[(?:sound:|latex\]|\$\$?\])|\{\{c[\d,]+::|\}\}",
    re.IGNORECASE,
)
_BARE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)\s*/?>")
_TAG_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"[\s/]*(?:([^\s/>=][^\s/>=]*|=[^\s/>=]*)"
    r"(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(?![\"'])([^\s>]*)))?)?"
)
_OPEN_QUOTE = re.compile(r"\s*=\s*[\"']")
_COMMENT_END = re.compile(r"--!?>")
_MATHJAX_END = re.compile("</anki-mathjax", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\]<\n]{1,500})\]", re.IGNORECASE)
_NOT_IN_MATH = re.compile(
    r"</?(?:li|ul|ol|table|tr|t[dh]|tbody|thead|h[1-6]|hr|pre|blockquote|img|audio|video)[\s/>]",
    re.IGNORECASE,
)
_MATH_ENDS = {"\\(": ("\\)", "inline"), "\\[": ("\\]", "display")}
_LATEX_ENDS = {"[latex]": "[/latex]", "[$]": "[/$]", "[$$]": "[/$$]"}
_LATEX_NAMES = {"[latex]": "latex", "[$]": "inline", "[$$]": "display"}
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr keygen frame".split()
)


def tokenize(html: str, clozes: bool) -> list[Token]:
    """The tokens of ``html`` in order, without gaps. Linear in its length; never raises.

    Tag syntax follows the tokenizer of the HTML standard. ``clozes``: whether ``{{c1::`` and ``}}``
    have a meaning.
    """
    return _Scanner(html, clozes).scan()


def find_end_tag(tokens: Sequence[Token], start: int) -> int:
    """The index of the tag that ends the element begun at ``start``; -1: none nearby."""
    name, depth = tokens[start].name, 0
    for index in range(start, min(start + 5000, len(tokens))):
        token = tokens[index]
        if token.name == name and token.kind in (START, END):
            depth += 1 if token.kind == START else -1
            if not depth:
                return index
    return -1


def parse_attributes(source: str) -> dict[str, str]:
    """Attributes by lower-case name, decoded. When one is repeated, the first counts."""
    found: dict[str, str] = {}
    position = 0
    while position < len(source):
        match = _ATTRIBUTE.match(source, position)
        if match is None or match.end() == position:
            position += 1
            continue
        position = match.end()
        if match[1]:
            value = match[2] or match[3] or match[4] or ""
            found.setdefault(match[1].lower(), unescape(value) if "&" in value else value)
    return found


class _Scanner:
    def __init__(self, html: str, clozes: bool) -> None:
        self.html = html
        self.clozes = clozes
        self.tags_end = len(html)  # after this, "<" is text: a tag there is never closed
        self.missing: set[str] = set()  # delimiters known not to occur any more
        self.refused: dict[str, int] = {}  # earlier openings of a delimiter are not math

    def scan(self) -> list[Token]:
        html, search = self.html, _MARK.search
        found: list[Token] = []
        position = text_from = 0
        while True:
            match = search(html, position)
            if match is None:
                break
            start = match.start()
            tokens = self._read(match, start)
            if not tokens:
                position = start + 1
                continue
            if start > text_from:
                found.append(Token(TEXT, text_from, start))
            if isinstance(tokens, Token):
                found.append(tokens)
                position = text_from = tokens.end
            else:
                found += tokens
                position = text_from = max(each.end for each in tokens)
        if text_from < len(html):
            found.append(Token(TEXT, text_from, len(html)))
        return found

    def _read(self, match: re.Match[str], start: int) -> Token | Sequence[Token]:
        mark = match[0]
        first = mark[0]
        if first == "<":
            return self._read_tag(start)
        if first == "\\":
            ending, name = _MATH_ENDS[mark]
            return self._read_math(start, match.end(), ending, name)
        if first == "[":
            return self._read_bracket(mark.lower(), start, match.end())
        if not self.clozes:
            return []
        if first == "{":
            return Token(CLOZE_OPEN, start, match.end(), mark[3:-2])
        return Token(CLOZE_CLOSE, start, match.end())

    def _read_tag(self, start: int) -> Token | Sequence[Token]:
        html = self.html
        if start >= self.tags_end:
            return []
        bare = _BARE_TAG.match(html, start)
        if bare is not None:
            name = bare[2].lower()
            kind, end = (END if bare[1] else START), bare.end()
            inner = (end, end)
        else:
            named = _TAG_NAME.match(html, start)
            if named is None:
                return self._read_declaration(start)
            name = named[1].lower()
            kind = END if html[start + 1] == "/" else START
            close = self._find_tag_end(named.end())
            if close < 0:
                return self._hide_rest(start)
            inner, end = (named.end(), close), close + 1
        tag = Token(kind, start, end, name, inner)
        if kind == START:
            if name == "anki-mathjax":
                return self._read_mathjax_element(tag)
            if name in RAW_TEXT:
                return self._read_raw_text(tag)
            if name in FOREIGN_ELEMENTS or (name == "span" and "katex" in html[slice(*inner)]):
                return self._read_foreign(tag)
        return tag

    def _find_tag_end(self, position: int) -> int:
        html = self.html
        while position < len(html):
            match = _ATTRIBUTE.match(html, position)
            end = match.end() if match else position
            if html[end : end + 1] == ">":
                return end
            if _OPEN_QUOTE.match(html, end) or end >= len(html):
                return -1
            position = end + 1 if end == position else end
        return -1

    def _read_declaration(self, start: int) -> list[Token]:
        html = self.html
        if html.startswith("<!--", start):
            if html.startswith((">", "->"), start + 4):
                return [Token(HIDDEN, start, html.index(">", start) + 1)]
            match = _COMMENT_END.search(html, start + 4)
            name = "!" if html[start + 4 : start + 5] in ("%", "\n") else ""
            return [Token(HIDDEN, start, match.end() if match else len(html), name)]
        if html.startswith("</", start) and start + 2 == len(html):
            return []
        close = html.find(">", start)
        return [Token(HIDDEN, start, close + 1)] if close >= 0 else self._hide_rest(start)

    def _hide_rest(self, start: int) -> list[Token]:
        """Read a tag that never closes: it takes everything after it, up to the end of a cloze."""
        if self.clozes and "}}" in self.html[start:]:
            self.tags_end = start
            return []
        return [Token(HIDDEN, start, len(self.html))]

    def _read_raw_text(self, tag: Token) -> list[Token]:
        html = self.html
        ending = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(html, tag.end)
        stop = ending.start() if ending else len(html)
        close = html.find(">", stop) + 1 if ending else len(html)
        if tag.name not in SHOWN_RAW_TEXT:
            return [Token(HIDDEN, tag.start, close or len(html), tag.name, tag.inner)]
        tokens = [tag]
        if stop > tag.end:
            tokens.append(Token(TEXT, tag.end, stop))
        tokens.append(Token(END, stop, close or len(html), tag.name, (stop, stop)))
        return tokens

    def _read_mathjax_element(self, tag: Token) -> list[Token]:
        html = self.html
        found = None if tag.name in self.missing else _MATHJAX_END.search(html, tag.end)
        stop = found.start() if found else -1
        close = html.find(">", stop) if found else -1
        if close < 0:
            self.missing.add(tag.name)
            return [tag]
        block = parse_attributes(html[slice(*tag.inner)]).get("block", "").lower()
        name = "display" if block == "true" else "inline"
        return [Token(MATH, tag.start, close + 1, name, (tag.end, stop))]

    def _read_foreign(self, tag: Token) -> list[Token]:
        """Read a drawing or MathML as one token; with a cloze in it, as tags and words."""
        html = self.html
        end = -1 if tag.name in self.missing else find_end(html, tag.start)
        if end < 0:
            if tag.name in FOREIGN_ELEMENTS:
                self.missing.add(tag.name)
            return [tag]
        if self.clozes:
            inner = html[tag.end : end]
            if "{{c" in inner or ("}}" in inner and "{{c" in html[: tag.start]):
                return [tag]
        return [Token(FOREIGN, tag.start, end, tag.name, tag.inner)]

    def _read_math(self, start: int, body: int, ending: str, name: str) -> list[Token]:
        if ending in self.missing or start < self.refused.get(ending, -1):
            return []
        html = self.html
        stop = html.find(ending, body)
        if stop < 0:
            self.missing.add(ending)
            return []
        blocks = list(_NOT_IN_MATH.finditer(html, body, stop)) if "<" in html[body:stop] else ()
        if blocks:
            self.refused[ending] = blocks[-1].start()
            return []
        math = Token(MATH, start, stop + len(ending), name, (body, stop))
        return [math, *_unbalanced_tags(html, math)]

    def _read_bracket(self, mark: str, start: int, body: int) -> list[Token]:
        html = self.html
        if mark == "[sound:":
            match = _SOUND.match(html, start)
            if match is None:
                return []
            return [Token(SOUND, start, match.end(), "", match.span(1))]
        ending = _LATEX_ENDS[mark]
        name = _LATEX_NAMES[mark]
        if ending in self.missing:
            return []
        match = re.compile(re.escape(ending), re.IGNORECASE).search(html, body)
        if match is None:
            self.missing.add(ending)
            return []
        kind = LATEX if name == "latex" else MATH
        return [Token(kind, start, match.end(), name, (body, match.start()))]


def _unbalanced_tags(html: str, math: Token) -> list[Token]:
    """The tags inside a formula that open or close something outside of it."""
    if "<" not in html[slice(*math.inner)]:
        return []
    opened: list[Token] = []
    closing: list[Token] = []
    for match in _BARE_TAG.finditer(html, *math.inner):
        name = match[2].lower()
        token = Token(END if match[1] else START, math.end, math.end, name, (0, 0))
        if name in VOID or name == "div":
            continue
        if token.kind == START:
            opened.append(token)
        elif opened and opened[-1].name == name:
            opened.pop()
        else:
            closing.append(token)
    return closing + opened
