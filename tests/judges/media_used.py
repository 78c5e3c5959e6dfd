"""The local media files that a field shows or plays."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from .html_text import parse_html

_SOUND = re.compile(r"\[sound:([^\]\n]+)\]", re.I)
_SOURCES = {"img": "src", "audio": "src", "video": "src", "source": "src", "object": "data"}


def media_used(html: str) -> list[str]:
    """The names of files in Anki's media folder. Web addresses and inline data are left out."""
    names = _SOUND.findall(html)
    if "<" in html:
        for element in parse_html(html).iter():
            url = element.get(_SOURCES.get(str(element.tag), ""), "")
            if url and not re.match(r"[a-z][a-z0-9+.-]*:", url, re.I):
                names.append(unquote(url))
    return [unicodedata.normalize("NFC", name) for name in names]
