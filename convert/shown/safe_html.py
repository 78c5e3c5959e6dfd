"""Makes the HTML of a field safe to look at: nothing in it runs, and nothing asks the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

from ..html.tokens import (
    CLOZE_CLOSE,
    CLOZE_OPEN,
    END,
    FOREIGN,
    LATEX,
    MATH,
    RAW_TEXT,
    SOUND,
    START,
    TEXT,
    VOID,
    Token,
    parse_attributes,
    tokenize,
)

_SHOWN = frozenset(
    "a abbr address article aside b bdi bdo big blockquote br center cite code col colgroup"
    " caption dd del details dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img"
    " input ins kbd li mark nobr ol p pre q rb rp rt ruby s samp section small span strike strong"
    " sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_ATTRIBUTES = frozenset(
    "alt align cellpadding cellspacing class color colspan dir height lang open rowspan span start"
    " title type valign value width".split()
)
_CLASSES = frozenset(("callout", "callout-title", "footnote", "footnote-number"))
_STYLES = re.compile(
    r"(?:color|background(?:-color)?|font-(?:weight|style|size|family)|text-(?:align|decoration"
    r"(?:-line)?|indent)|vertical-align|white-space|direction|(?:margin|padding|border)(?:-(?:left|"
    r"right|top|bottom))?|border-(?:radius|collapse)|list-style(?:-type)?)",
)
_STYLE_VALUE = re.compile(r"[\w\s#%.,()'\"+-]*")
_CALLED = re.compile(r"url|image|src|element|expression|attr|var|env", re.IGNORECASE)
_HINT = re.compile(r"::((?:(?!\{\{c|::)[^}])*)\Z", re.DOTALL)
Picture = Callable[[str], str]


def show_safely(html: str, picture: Picture) -> str:
    """HTML to look at. Clozes are highlights with their number; each tag that opens is closed.

    ``picture`` gives the address to show for a file's name, and nothing where its name is shown.
    """
    return _Safe(html, picture).write()


class _Safe:
    def __init__(self, html: str, picture: Picture) -> None:
        self.html = html
        self.picture = picture
        self.parts: list[str] = []
        self.open: list[str] = []  # names; "{{" for a cloze
        self.clozes: list[str] = []

    def write(self) -> str:
        for token in tokenize(self.html, clozes=True):
            kind = token.kind
            if kind == TEXT:
                self._add_text(token)
            elif kind == START:
                self._open(token)
            elif kind == END:
                self._close(token.name)
            elif kind in (MATH, LATEX):
                self._add_formula(token)
            elif kind == SOUND:
                name = unescape(self.html[slice(*token.inner)])
                self.parts.append(f'<span class="sound">♪ {escape(name)}</span>')
            elif kind == CLOZE_OPEN:
                self._open_cloze(token.name)
            elif kind == CLOZE_CLOSE:
                self._close_cloze()
            elif kind == FOREIGN:
                name = _name_of(self.html[token.start : token.end])
                self.parts.append(f'<span class="thing">{name}</span>')
        while self.open:
            self._end(self.open.pop())
        return "".join(self.parts)

    def _add_text(self, token: Token) -> None:
        """The text without what only looks like a tag; references stay as they are."""
        text = self.html[token.start : token.end].replace("<", "&lt;").replace(">", "&gt;")
        self.parts.append(text)

    def _add_formula(self, token: Token) -> None:
        tex = escape(unescape(re.sub(r"<br\s*/?>", "\n", self.html[slice(*token.inner)])))
        ends = ("\\[", "\\]") if token.name == "display" else ("\\(", "\\)")
        if token.kind == LATEX:
            self.parts.append(f'<code class="formula">{tex}</code>')
        else:
            self.parts.append(f'<span class="formula">{ends[0]}{tex}{ends[1]}</span>')

    def _open(self, token: Token) -> None:
        name = token.name
        attributes = parse_attributes(self.html[slice(*token.inner)])
        if name == "img":
            self._add_picture(attributes)
        elif name == "input" and attributes.get("type", "").lower() == "checkbox":
            self.parts.append("☑" if "checked" in attributes else "☐")
        elif name in ("audio", "video", "object", "embed", "iframe"):
            target = attributes.get("src") or attributes.get("data") or name
            self.parts.append(f'<span class="sound">{escape(target)}</span> ')
        elif name in _SHOWN and name != "input" and name not in RAW_TEXT:
            self.parts.append(f"<{name}{_keep(name, attributes)}>")
            if name not in VOID:
                self.open.append(name)

    def _add_picture(self, attributes: dict[str, str]) -> None:
        name = unquote(attributes.get("src", ""))
        told = attributes.get("alt") or name
        address = self.picture(name)
        if not address:
            self.parts.append(f'<span class="thing">picture: {escape(told)}</span>')
            return
        sizes = "".join(
            f' {key}="{int(attributes[key])}"'
            for key in ("width", "height")
            if attributes.get(key, "").isdecimal() and len(attributes[key]) < 5
        )
        self.parts.append(f'<img src="{escape(address)}" alt="{escape(told)}"{sizes}>')

    def _close(self, name: str) -> None:
        if name not in self.open:
            return
        while self.open:
            last = self.open.pop()
            self._end(last)
            if last == name:
                return

    def _open_cloze(self, numbers: str) -> None:
        self.parts.append('<mark class="cloze">')
        self.open.append("{{")
        self.clozes.append(numbers)

    def _close_cloze(self) -> None:
        if "{{" in self.open:
            self._close("{{")
        else:
            self.parts.append("}}")

    def _end(self, name: str) -> None:
        if name != "{{":
            self.parts.append(f"</{name}>")
            return
        hint = ""
        found = _HINT.search(self.parts[-1])
        if found and not self.parts[-1].startswith("<"):
            self.parts[-1] = self.parts[-1][: found.start()]
            hint = f" {found[1]}"
        self.parts.append(f'<sup class="number">c{self.clozes.pop()}{hint}</sup></mark>')


def _keep(name: str, attributes: dict[str, str]) -> str:
    """The attributes that only change how something looks."""
    kept = []
    for key, value in attributes.items():
        if key == "class":
            value = " ".join(word for word in value.split() if word in _CLASSES)
        elif key == "style":
            value = _safe_style(value)
        elif key not in _ATTRIBUTES or key in ("width", "height"):
            continue
        if value or key == "open":
            kept.append(f' {key}="{escape(value)}"')
    if name == "a" and attributes.get("href"):
        kept.append(f' class="link" title="{escape(attributes["href"])}"')
    return "".join(kept)


def _safe_style(style: str) -> str:
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        harmless = _STYLE_VALUE.fullmatch(value) and not _CALLED.search(value)
        if _STYLES.fullmatch(name.strip().lower()) and harmless:
            kept.append(f"{name.strip().lower()}: {value.strip()}")
    return "; ".join(kept)


def _name_of(foreign: str) -> str:
    return "formula" if foreign[:5].lower() == "<math" else "drawing"
