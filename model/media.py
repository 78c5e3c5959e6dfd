"""The text of the ``Media`` field: every file that the cards use, where Anki's checks see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MAY_NAME_MEDIA = re.compile(r"\[sound:|<(?:img|audio|video|source|embed|object)\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"""\[sound:(?P<sound>[^\]]+)\]"""
    r"""|<(?:img|audio|video|source|embed|object)\b(?P<attributes>(?:"[^"]*"|'[^']*'|[^'">])*)>""",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"""(?<![^\s"'/])(?:src|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|//|\Z)", re.IGNORECASE)


def write_media(htmls: Iterable[str]) -> str:
    """A text that names every local file of these HTML texts, each once, in their order."""
    return "".join(
        dict.fromkeys(
            reference
            for html in htmls
            if _MAY_NAME_MEDIA.search(html)
            for reference in _references(html)
        )
    )


def _references(html: str) -> Iterator[str]:
    for match in _REFERENCE.finditer(html):
        if match["sound"]:
            yield f"[sound:{match['sound']}]"
            continue
        source = _SOURCE.search(match["attributes"])
        value = next((v for v in source.groups() if v), "") if source else ""
        if not _REMOTE.match(value):
            quoted = value.replace('"', "&quot;")
            yield f'<img src="{quoted}">'
