"""The files that cards use, and the ``Media`` field, which tells Anki their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape, unescape
from unicodedata import normalize
from urllib.parse import unquote

_MAY_NAME_MEDIA = re.compile(r"\[sound:|<(?:img|audio|video|source|embed|object)\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"""\[sound:(?P<sound>[^\]]+)\]"""
    r"""|<(?:img|audio|video|source|embed|object)\b(?:"[^"]*"|'[^']*'|[^'">])*>""",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"""(?<![^\s"'/])((?:src|data|poster)\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+:|//|\Z", re.IGNORECASE)
_SOUND_FILE = re.compile(r"\.(?:mp3|ogg|oga|opus|wav|flac|m4a|aac|3gp|spx|weba)\Z", re.IGNORECASE)
_IN_ADDRESS = str.maketrans({"%": "%25", "#": "%23", "?": "%3F"})


def find_media(htmls: Iterable[str]) -> tuple[str, ...]:
    """Names of the local files that these HTML texts use: in order, each once."""
    names: dict[str, None] = {}

    def note(name: str) -> str:
        names[name] = None
        return name

    for html in htmls:
        if _MAY_NAME_MEDIA.search(html):
            _replace_names(html, note)
    return tuple(names)


def rename_media(html: str, names: Mapping[str, str]) -> str:
    """Rename some local files in ``html``."""
    if not names or not _MAY_NAME_MEDIA.search(html):
        return html
    return _replace_names(html, lambda name: names.get(name, name))


def write_media(names: Sequence[str]) -> str:
    """The text of the field. Anki counts these files as used, but plays none of them.

    Names are written without percent signs: unlike a page, Anki's media check does not decode them.
    """
    return "".join(
        f'<audio src="{escape(name)}"></audio>'
        if _SOUND_FILE.search(name)
        else f'<img src="{escape(name)}">'
        for name in names
    )


def _replace_names(html: str, replace: Callable[[str], str]) -> str:
    """Rewrite each reference whose name ``replace`` changes; leave the others as they are."""

    def replace_source(match: re.Match[str]) -> str:
        before, *values = match.groups()
        source = unescape(next((value for value in values if value), "")).strip()
        if _REMOTE.match(source):
            return match[0]
        name = read_source(source)
        new = replace(name)
        return match[0] if new == name else f'{before}"{_as_source(new)}"'

    def replace_reference(match: re.Match[str]) -> str:
        if match["sound"]:
            name = normalize("NFC", unescape(match["sound"]))
            new = replace(name)
            return match[0] if new == name else f"[sound:{escape(new, quote=False)}]"
        return _SOURCE.sub(replace_source, match[0])

    return _REFERENCE.sub(replace_reference, html)


def read_source(source: str) -> str:
    """The file name in an address. Percent signs are decoded once, as Anki does for display."""
    try:
        return normalize("NFC", unquote(source, errors="strict"))
    except UnicodeDecodeError:
        return normalize("NFC", source)


def _as_source(name: str) -> str:
    return escape(name.translate(_IN_ADDRESS))
