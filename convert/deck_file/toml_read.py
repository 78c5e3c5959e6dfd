"""Reads TOML text into plain values, with Python's parser or the bundled one."""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib  # novm
else:
    from ...vendor.lib import tomli as tomllib

BOM = "\ufeff"

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class BrokenToml(ValueError):
    """The text is not TOML. ``line`` (from 1) is where reading stopped.

    ``at_end``: something above is not closed, which shows only at the end of the text.
    """

    def __init__(self, message: str, line: int, *, at_end: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.at_end = at_end


def load_toml(text: str) -> dict[str, Any]:
    """The values in ``text``, with or without a byte order mark. Raises `BrokenToml`."""
    try:
        return tomllib.loads(text[1:] if text.startswith(BOM) else text)
    except RecursionError:
        raise BrokenToml("Values are nested too deeply", 1) from None
    except ValueError as error:
        message, where = str(error), _WHERE.search(str(error))
        if where is None:
            raise BrokenToml(message, 1) from None
        last_line = text.count("\n", 0, len(text.rstrip())) + 1
        line = int(where[1]) if where[1] else last_line
        raise BrokenToml(message[: where.start()], line, at_end=not where[1]) from None
