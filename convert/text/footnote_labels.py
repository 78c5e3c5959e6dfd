"""Labels of footnotes: the characters allowed, and which labels mean the same note."""

from __future__ import annotations

LABEL = r"[^\[\]\s{}|\\`<>&\"^]{1,200}"


def same_label(label: str) -> str:
    """The same for labels that mean the same note."""
    return label.casefold()
