"""Checks which formulas may stand beside a cloze."""

from __future__ import annotations

import re

BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def closes_what_it_opens(tex: str) -> bool:
    """Whether TeX contains both borders of a cloze whenever it contains one."""
    if "}}" not in tex and "{{c" not in tex:
        return True
    depth = 0
    for match in BRACES.finditer(tex):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth < 0:
            return False
    return depth == 0
