"""Scripts without spaces between words: where their lines may be joined."""

from __future__ import annotations

import re

# Scripts without spaces. A line may break between a word and a cloze, after a full stop, before a
# bracket; not before the reading of a word, as in 漢字[かんじ].
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
SPACELESS_CHAR = re.compile(f"[{SPACELESS}]")
STOP = re.compile("[、。，．：；！？」』】）》〉〕］｝〗・～]")


def joins_without_space(left: str, right: str) -> bool:
    """Whether two pieces of a line stand together without a space, as in these scripts."""
    border = (left[-1:], right[:1])
    return any(SPACELESS_CHAR.match(char) or STOP.match(char) for char in border if char)
