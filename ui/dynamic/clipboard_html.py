"""HTML that other programs put on the clipboard, made tidy: its meaning, and nothing else.

Word, Google Docs, Notion, web pages and chat programs say bold, lists, formulas and code each in
their own way. Knows neither Anki nor the disk, and asks nothing of the network.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from .clipboard_lists import make_lists
from .clipboard_math import find_formulas
from .clipboard_omml import find_equations
from .clipboard_pictures import ReadPicture, bring_pictures

_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.DOTALL)
_NO_MARK = re.compile(r"<!(?=\[)(?!\[(?:if|endif|CDATA\[))", re.IGNORECASE)
_BODY = re.compile(r"<body[^>]*>(.*?)(?:</body>|\Z)", re.DOTALL | re.IGNORECASE)
_GONE = (
    "script style head meta link title base template noscript button svg iframe frame object embed"
    " applet audio video source select textarea xml canvas dialog nav"
).split()
_KEPT = frozenset(
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img input kbd li"
    " mark ol p pre rb rp rt ruby s strong sub summary sup table tbody td tfoot th thead tr u ul"
    " anki-mathjax".split()
)
_BLOCKS = (
    "section article main header footer figure figcaption aside address center caption".split()
)
_ATTRIBUTES = frozenset(
    "href src alt title width height colspan rowspan start type checked block value".split()
)
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|highlight|brush)[-:]\s*([\w+#.-]+)\Z")
_NO_LANGUAGE = frozenset("default text plain plaintext none notranslate auto".split())
_HOST = re.compile(r"[^\[\]]*\Z")  # what ``urlsplit`` reads without a fault
_SAFE_LINK = re.compile(r"(?:https?|ftp|mailto|tel|obsidian|zotero):", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_STYLED = ("span", "font", "b", "strong", "i", "em", "u", "s", "a", "sub", "sup", "ins", "strike")
_UNSEEN = frozenset(("sr-only", "visually-hidden", "Apple-interchange-newline"))
_SPAN = re.compile(r"</?span>")
_BOLD = re.compile(r"(?:bold|bolder|[6-9]00)\Z")
_MEANT = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_ALIASES = {"ins": "u", "strike": "s", "tt": "code", "samp": "code", "cite": "em", "dfn": "em"}


def cut_fragment(html: str) -> str:
    """The part of a clipboard's HTML that was selected."""
    part = _FRAGMENT.search(html) or _BODY.search(html)
    return part[1] if part else html


class Tidied(NamedTuple):
    """Tidy HTML, and the number of pictures that could not be brought along."""

    html: str
    missing: int


def tidy(html: str, read: ReadPicture) -> Tidied:
    """The meaning of a clipboard's HTML, as plain tags: no styles, no scripts, nothing hidden.

    Formulas are ``anki-mathjax`` elements. ``read`` gives the pictures that are named by a file's
    address. A picture elsewhere on the web becomes a link to it, so that a card that shows what was
    pasted asks nothing of the network.
    """
    from bs4 import BeautifulSoup

    text = _NO_MARK.sub("&lt;!", cut_fragment(html))
    soup: Any = BeautifulSoup(text, "html.parser")
    find_equations(soup)
    find_formulas(soup)
    _drop_junk(soup)
    make_lists(soup)
    _write_code(soup)
    _read_styles(soup)
    _tidy_links(soup)
    _drop_unseen_pictures(soup)
    missing = bring_pictures(soup, read)
    _link_pictures(soup)
    _keep_meaning(soup)
    return Tidied(_SPAN.sub("", str(soup)).strip(), missing)


def _drop_junk(soup: Any) -> None:
    """Drop what is not text, and what its program does not show."""
    from bs4.element import PreformattedString

    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        text.extract()
    for node in soup.find_all(_GONE):
        if not node.decomposed:
            node.decompose()
    for node in soup.find_all(True):
        if node.decomposed:
            continue
        style = _read_style(node)
        classes = node.get("class") or []
        hidden = style.get("display") == "none" or style.get("mso-hide") == "all"
        hidden |= node.get("aria-hidden") == "true" or node.get("hidden") is not None
        if hidden or not _UNSEEN.isdisjoint(classes):
            node.decompose()
        elif "Apple-converted-space" in classes or "mso-spacerun" in style:
            node.replace_with(" ")
        elif node.name.startswith(("v:", "w:")):
            node.decompose()


def _read_style(node: Any) -> dict[str, str]:
    found = (entry.partition(":") for entry in str(node.get("style") or "").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in found if value}


def _write_code(soup: Any) -> None:
    """Blocks of code without colours, buttons and captions, with their language."""
    for block in soup.find_all("pre"):
        if block.decomposed or block.parent is None:
            continue
        inner = block.find("code")
        held = inner if inner is not None and _is_all_code(block, inner) else block
        around = [node for node in (inner, block, *[*block.parents][:2]) if node is not None]
        names = (name for node in around for name in node.get("class") or ())
        found = (_LANGUAGE.match(name) for name in names)
        language = next((each[1] for each in found if each and each[1] not in _NO_LANGUAGE), "")
        for line in held.find_all("br"):
            line.replace_with("\n")
        _end_lines(held)
        code = soup.new_tag("code")
        if language:
            code["class"] = f"language-{language}"
        code.string = held.get_text().replace("\r\n", "\n").rstrip("\n")
        made = soup.new_tag("pre")
        made.append(code)
        block.replace_with(made)


def _is_all_code(block: Any, inner: Any) -> bool:
    """Whether a block is but its code, and a bar above it with its language, as in chats."""
    is_above = True
    for text in block.find_all(string=True):
        if inner in text.parents:
            is_above = False
            continue
        boxes = (node for node in text.parents if node.name == "div" and block in node.parents)
        in_bar = any(inner not in box.descendants for box in boxes)
        if text.strip() and not (is_above and in_bar):
            return False
    return True


def _end_lines(code: Any) -> None:
    """End each line of code that is an element of its own."""
    for line in reversed(code.find_all(["div", "p", "li", "tr"])):
        if not line.get_text().endswith("\n"):
            line.append("\n")


def _read_styles(soup: Any) -> None:
    """Tags for styles that mean something; no tag where the style takes its meaning away."""
    for name, usual in _ALIASES.items():
        for node in soup.find_all(name):
            node.name = usual
    for node in soup.find_all(_STYLED):
        style = _read_style(node)
        if not style:
            continue
        weight, slant = style.get("font-weight", ""), style.get("font-style", "")
        meant = _MEANT.get(node.name)
        undone = (meant == "strong" and weight in ("normal", "400")) or (
            meant == "em" and slant == "normal"
        )
        if undone:
            node.name = "span"
        if not node.get_text().strip():
            continue
        for tag in _styled_tags(node, style):
            if node.find_parent(tag) is None and node.name != tag:
                _wrap_inside(soup, node, tag)


def _styled_tags(node: Any, style: dict[str, str]) -> list[str]:
    lines = f"{style.get('text-decoration', '')} {style.get('text-decoration-line', '')}"
    heading = node.find_parent(re.compile(r"^h[1-6]$")) is not None
    tags = {
        "strong": bool(_BOLD.match(style.get("font-weight", ""))) and not heading,
        "em": style.get("font-style", "") in ("italic", "oblique"),
        "u": "underline" in lines and node.name != "a" and node.find_parent("a") is None,
        "s": "line-through" in lines,
        "sup": style.get("vertical-align") == "super",
        "sub": style.get("vertical-align") == "sub",
    }
    own = _MEANT.get(node.name)
    return [tag for tag, wanted in tags.items() if wanted and tag != own and not node.find("a")]


def _wrap_inside(soup: Any, node: Any, tag: str) -> None:
    made = soup.new_tag(tag)
    for child in [*node.contents]:
        made.append(child.extract())
    node.append(made)


def _tidy_links(soup: Any) -> None:
    """Links that open something elsewhere; Google's way round them is left out."""
    for link in soup.find_all("a"):
        address = "".join(str(link.get("href") or "").split())
        parts = urlsplit(address) if _SAFE_LINK.match(address) and _HOST.match(address) else None
        if parts and parts.netloc.endswith("google.com") and parts.path == "/url":
            address = next(iter(parse_qs(parts.query).get("q", ())), address)
        if not _SAFE_LINK.match(address) or not (link.get_text().strip() or link.find("img")):
            link.unwrap()
        else:
            link["href"] = address


def _drop_unseen_pictures(soup: Any) -> None:
    for picture in soup.find_all("img"):
        style = _read_style(picture)
        sizes = (picture.get(side) or style.get(side) for side in ("width", "height"))
        read = [re.match(r"(\d+)(?:\.\d+)?(?:px)?\Z", str(size or "").strip()) for size in sizes]
        if any(size and int(size[1]) <= 1 for size in read):
            picture.decompose()


def _link_pictures(soup: Any) -> None:
    """A link to each picture that is elsewhere; its words where it is nowhere."""
    for picture in soup.find_all("img"):
        source, words = str(picture.get("src") or "").strip(), str(picture.get("alt") or "").strip()
        if source[:5].lower() == "data:":
            continue
        if not _WEB.match(source) or picture.find_parent("a") is not None:
            picture.replace_with(words or ("picture" if _WEB.match(source) else ""))
            continue
        link = soup.new_tag("a", href=source)
        link.string = words or "picture"
        picture.replace_with(link)


def _keep_meaning(soup: Any) -> None:
    """Keep the tags and attributes that mean something, and no blank paragraph."""
    for node in soup.find_all(True):
        if node.name in _BLOCKS:
            node.name = "div"
        boxed = node.name == "input" and node.get("type") == "checkbox"
        if node.name not in _KEPT or (node.name == "input" and not boxed):
            if node.name == "math" or node.find_parent("math") is not None:
                _strip(node, frozenset(("display", "mathvariant")))
            else:
                node.name, node.attrs = "span", {}  # ``unwrap`` takes long among many others
            continue
        keep = _ATTRIBUTES | {"class"} if node.name == "code" else _ATTRIBUTES
        _strip(node, keep)
    for cell in soup.select("td, th, li"):
        _open_paragraphs(soup, cell)
    for node in soup.find_all(["p", "div"]):
        if not node.get_text().replace("\xa0", " ").strip() and not node.find(
            ["img", "hr", "input"]
        ):
            node.decompose()


def _strip(node: Any, keep: frozenset[str]) -> None:
    node.attrs = {name: value for name, value in node.attrs.items() if name in keep}


def _open_paragraphs(soup: Any, cell: Any) -> None:
    """A cell or an item holds its lines itself, as Markdown wants it."""
    paragraphs = cell.find_all(["p", "div"], recursive=False)
    for number, paragraph in enumerate(paragraphs):
        if number and paragraph.get_text().strip() and cell.name != "li":
            paragraph.insert_before(soup.new_tag("br"))
    if cell.name != "li" or len(paragraphs) == 1:
        for paragraph in paragraphs:
            paragraph.unwrap()
