"""Makes file names that every system and Obsidian accept, from titles, decks and media."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)

TITLE_CHARACTERS = 80
TITLE_BYTES = 200  # leaves room in 255 for an id, a counter and the extension

_NO_NAMES: Mapping[Any, str] = {}

# Letters that NFC never joins with their neighbours, at most three bytes each.
_SIMPLE = "0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0410-\u044f\u3041-\u3096\u30a1-\u30fa"
_SIMPLE += "\u30fc\u4e00-\u9fff\uac00-\ud7a3"
_SIMPLE_NAME = re.compile(f"[{_SIMPLE}_]+(?:[ .,;!&=+~'()@{{}}$-][{_SIMPLE}_]+)*[!'()$+=-]?")
# Any two of these side by side are two graphemes, whatever stands around them.
_SEPARATE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u05d0-\u05ea\u2010-\u2027"
    "\u2030-\u205e\u20a0-\u20bf\u2190-\u23ff\u3000-\u3029\u3031-\u3096\u309b-\u30ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]{2}"
)

# Not allowed by https://learn.microsoft.com/windows/win32/fileio/naming-a-file or in Obsidian's
# links.
_REFUSED = re.compile(r'[<>:"/\\|?*#^\[\]\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|%(?=%)')
_BLANK = re.compile(r"[\s\u115f\u1160\u2800\u3164\uffa0]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Scripts whose letters change shape beside a joiner: Arabic to Mongolian, and their later blocks.
_JOINING = (("\u0600", "\u1cff"), ("\ua800", "\uabff"), ("\U00010a00", "\U00011fff"))
_RESERVED = re.compile(
    "(?:con|prn|aux|nul|conin\\$|conout\\$|clock\\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])"
    "(?= *(?:\\.|$))",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"([0-9]+)")
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}\Z")


def safe_name(text: str, limit: int = 255) -> str:
    """A path component that every system and Obsidian accept, as close to ``text`` as possible.

    NFC, at most ``limit`` (16 or more) UTF-8 bytes of whole graphemes. Never empty, hidden or
    reserved, and never with characters that disguise it. ``safe_name`` leaves its own results
    unchanged.
    """
    if len(text) * 3 <= limit and len(text) > 7 and _SIMPLE_NAME.fullmatch(text):
        return text if "." not in text else _avoid_reserved(text)
    name = _clean(text)
    if len(name.encode()) > limit:
        name = _trim(_cut(name, len(name), limit))
    name = _avoid_reserved(name)
    if len(name.encode()) > limit:
        name = _trim(_cut(name, len(name), limit))
    return name


def safe_title(text: str) -> str:
    """The readable part of a page's file name: ``safe_name`` with about 80 characters."""
    if len(text) <= TITLE_CHARACTERS:
        return safe_name(text, TITLE_BYTES)
    return safe_name(shorten(_clean(text), TITLE_CHARACTERS, ellipsis=""), TITLE_BYTES)


def shorten(text: str, limit: int, ellipsis: str = "…") -> str:
    """``text`` or its beginning: at most ``limit`` characters, to a word's end if one is near."""
    if len(text) <= limit:
        return text
    kept = _cut(text, limit - len(ellipsis), 4 * limit)
    space = kept.rfind(" ")
    if text[len(kept)] != " " and space > limit // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:.-–—…") + ellipsis


def assign_names(
    wanted: Mapping[K, str], kept: Mapping[K, str] = _NO_NAMES, taken: Iterable[str] = ()
) -> dict[K, str]:
    """A name for each wanted key. All differ even without case and normalisation.

    A key in ``kept`` keeps that name. The others get their wanted name, in the order of ``wanted``;
    when it is used or in ``taken``, ``_2``, ``_3`` … is added before its ``.md``. Wanted names must
    be safe already; results fit in 255 bytes.
    """
    used: set[str] = set()
    names: dict[K, str] = {}
    for key in wanted:
        if key in kept and (fold := fold_name(kept[key])) not in used:
            used.add(fold)
            names[key] = kept[key]
    used.update(fold_name(name) for name in taken)
    counters: dict[str, int] = {}
    for key, name in wanted.items():
        if key in names:
            continue
        fold = first = fold_name(name)
        while fold in used:
            counters[first] = counters.get(first, 1) + 1
            names[key] = _with_counter(name, counters[first])
            fold = fold_name(names[key])
        used.add(fold)
        names.setdefault(key, name)
    return {key: names[key] for key in wanted}


def fold_name(name: str) -> str:
    """The same for names that are one to some file system: case, normalisation, invisible marks."""
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFD", name).upper().casefold()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", folded))


def fold_file_name(path: str) -> str:
    """The folded name of the file at a path with ``/``: what Obsidian finds it by, without case."""
    return fold_name(path.rpartition("/")[2])


def natural_key(text: str) -> tuple[Any, ...]:
    """A sort key with ``Chapter 2`` before ``Chapter 10`` and ``é`` beside ``e``; a total order."""
    folded = text.casefold()
    if not folded.isascii():
        letters = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in letters if not unicodedata.combining(c))
    parts: list[Any] = _DIGITS.split(folded)
    for i in range(1, len(parts), 2):
        digits = parts[i].lstrip("0")
        parts[i] = (len(digits), digits)
    return (*parts, "", (0, ""), text) if len(parts) % 2 == 0 else (*parts, (-1, ""), text)


def media_file_name(name: str) -> str:
    """The name of a media file's copy: ``name`` if wikilinks and every system accept it.

    Otherwise a safe name with 8 hexadecimal digits of a hash of ``name``, so that two files never
    get one name. A ``%20`` counts as unsafe: readers of links disagree about it.
    """
    if safe_name(name) == name and not re.search("%[0-9A-Fa-f]{2}", name):
        return name
    digest = hashlib.sha1(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    found = _EXTENSION.search(name)
    extension = found.group() if found else ""
    stem = re.sub("%(?=[0-9A-Fa-f]{2})", "_", name[: len(name) - len(extension)])
    return f"{safe_name(stem, 200)}_{digest}{extension}"


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub(_keep_joined, text)
    text = _REFUSED.sub("_", _BLANK.sub(" ", text))
    return _trim(unicodedata.normalize("NFC", text))


def _trim(name: str) -> str:
    name = name.strip(" ").rstrip(". \u200c\u200d")
    if not name:
        return "_"
    return "_" + name[1:] if name[0] == "." else name


def _keep_joined(found: re.Match[str]) -> str:
    """Keep an invisible character that its neighbours need for their shape; remove others."""
    mark, text, at = found.group(), found.string, found.start()
    before = text[at - 1] if at else ""
    after = text[at + 1 : at + 2]
    if mark in "\u200c\u200d" and _joins(before) and _joins(after):
        return mark
    if mark == "\u200d" and _is_picture(before) and _is_picture(after):
        return mark
    if mark == "\ufe0f" and _is_picture(before):
        return mark
    if "\U000e0020" <= mark <= "\U000e007f" and _follows_flag(text, at):
        return mark
    return ""


def _joins(char: str) -> bool:
    if not char or unicodedata.category(char)[0] not in "LM":
        return False
    return any(first <= char <= last for first, last in _JOINING)


def _is_picture(char: str) -> bool:
    return bool(char) and (
        char == "\ufe0f"
        or unicodedata.category(char) == "So"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def _follows_flag(text: str, at: int) -> bool:
    while at and "\U000e0020" <= text[at] <= "\U000e007f":
        at -= 1
    return text[at] == "\U0001f3f4"


def _avoid_reserved(name: str) -> str:
    found = _RESERVED.match(name)
    return f"{name[: found.end()]}_{name[found.end() :]}" if found else name


def _cut(text: str, characters: int, size: int) -> str:
    """The longest beginning of whole graphemes within both limits."""
    whole = text[:characters].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
    at = len(whole)
    if at == len(text) or (at and _SEPARATE.match(text, at - 1)):
        return whole
    from ...vendor.lib import wcwidth

    end = 0
    for grapheme in wcwidth.iter_graphemes(text[: at + 64]):
        if end + len(grapheme) > at:
            break
        end += len(grapheme)
    return whole[:end] or whole


def _with_counter(name: str, count: int) -> str:
    stem, extension = (name[:-3], name[-3:]) if name.lower().endswith(".md") else (name, "")
    counted = f"_{count}{extension}"
    return _cut(stem, len(stem), 255 - len(counted)) + counted
