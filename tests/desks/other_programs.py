"""What formatters, linters and editors make of a page, and say the same with it, or tear it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import yaml

Change = Callable[[str], str]

_CODE = re.compile(r"(^```.*?^```|^\$\$.*?^\$\$)", re.MULTILINE | re.DOTALL)


def _swap(pattern: str, new: str) -> Change:
    """Exchange a pattern, but not in code."""
    found = re.compile(pattern, re.MULTILINE)

    def change(text: str) -> str:
        parts = _CODE.split(text)
        return "".join(part if n % 2 else found.sub(new, part) for n, part in enumerate(parts))

    return change


FORMATS: Mapping[str, Change] = {
    "list marks": _swap(r"^(\s*)[-*] ", r"\1* "),
    "plus signs": _swap(r"^(\s*)[-*] ", r"\1+ "),
    "spaces for tabs": _swap(r"\t", "    "),
    "underscores": _swap(r"(?<!\*)\*([^*\n]+)\*(?!\*)", r"_\1_"),
    "double underscores": _swap(r"\*\*([^*\n]+)\*\*", r"__\1__"),
    "blank lines around headings": _swap(r"\n(#+ .*)\n(?!\n)", r"\n\n\1\n\n"),
    "more blank lines": _swap(r"\n\n", "\n\n\n"),
    "fewer blank lines": _swap(r"\n{3,}", "\n\n"),
    "no spaces at the end": lambda text: re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE),
    "backslashes for breaks": _swap(r"(\w)\n(?=\w)", "\\1\\\\\n"),
    "spaces for breaks": _swap(r"(\w)\n(?=\w)", r"\1  \n"),
    "wide tables": _swap(r"(?<=\S) \| (?=\S)", "   |   "),
    "items all numbered 1": _swap(r"^(\s*)\d+\. ", r"\g<1>1. "),
    "other fences": lambda text: re.sub("^```", "~~~~", text, flags=re.MULTILINE),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "spaces before marks": _swap(r"==(%%c[^%\n]*%%)", r"== \1"),
    "escaped embeds": _swap(r"!\[\[(.*?)\]\]", r"!\\[\\[\1]]"),
}


def _dump(front: str, **how: Any) -> str:
    return str(yaml.safe_dump(yaml.safe_load(front) or {}, allow_unicode=True, **how))


def _as_json(front: str) -> str:
    values = (yaml.safe_load(front) or {}).items()
    return "".join(f"{json.dumps(k)}: {json.dumps(v, default=str)}\n" for k, v in values)


LINTS: Mapping[str, Change] = {
    "sorted": _dump,
    "lists in a line": lambda front: _dump(front, default_flow_style=None, sort_keys=False),
    "as JSON": _as_json,
    "id in quotes": lambda front: re.sub(
        r"(?m)^anki_note_id: (\d+)$", r'anki_note_id: "\1"', front
    ),
    "blank lines": lambda front: re.sub(r"(?m)^(?=\w)", "\n", front).lstrip("\n"),
    "other indent": lambda front: re.sub(r"(?m)^  - ", "      -   ", front),
    "no indent": lambda front: re.sub(r"(?m)^  - ", "- ", front),
    "a date": lambda front: front + "date created: Monday, January 1st 2024, 1:00:00 pm\n",
}

# Whole files, as other editors save them or a crash leaves them.
SAVES: Mapping[str, Callable[[bytes], bytes]] = {
    "with a mark of UTF-8": lambda data: b"\xef\xbb\xbf" + data,
    "with Windows' lines": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "with old Mac's lines": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "as Latin-1": lambda data: data.decode("utf-8", "replace").encode("latin-1", "replace"),
    "as UTF-16": lambda data: data.decode("utf-8", "replace").encode("utf-16"),
    "with zeros": lambda data: data + bytes(20),
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) * 2 // 3],
    "back to front": lambda data: data[::-1],
}


def lint(text: str, how: str) -> str:
    """A page whose properties were written anew; as it was where they cannot be read."""
    found = re.match(r"---\r?\n(.*?)^---\r?\n", text, re.DOTALL | re.MULTILINE)
    if found is None:
        return text
    try:
        front = LINTS[how](found[1].replace("\r\n", "\n"))
    except (yaml.YAMLError, AttributeError):
        return text
    return f"---\n{front}---\n{text[found.end() :]}"
