"""The label of a footnote: what it may hold, and when two mean the same note."""

from __future__ import annotations

LABEL = r"[^\[\]\s{}|\\`<>&\"^]{1,200}"


def same_label(label: str) -> str:
    """Equal for labels that mean the same note."""
    return label.casefold()
