"""What writing a field from Markdown needs to know besides the Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Optional, Protocol


class ClozeRule(Protocol):
    """Decides what each highlight and each comment of a cloze becomes, in their order.

    ``text`` is a highlight's HTML, None for a comment (``c1::hint``) without a highlight before
    it; ``comment`` is None for a highlight without one. The answer is the comment of the cloze to
    make, nothing for no cloze, None to leave the comment as text.
    """

    def __call__(self, text: Optional[str], comment: Optional[str]) -> Optional[str]: ...


def as_written(text: Optional[str], comment: Optional[str]) -> Optional[str]:
    """A cloze is what has a comment."""
    return comment or ""


def no_clozes(text: Optional[str], comment: Optional[str]) -> Optional[str]:
    """Nothing is a cloze: comments are text."""
    return "" if comment is None else None


AddressRule = Callable[[str], bool]  # whether a bare address becomes a link


def all_links(address: str) -> bool:
    """Every bare address is a link."""
    return True


def no_link(target: str) -> str:
    """Wikilinks stay text."""
    return ""


@dataclass(frozen=True)
class Writing:
    """``media`` and ``link`` as in ``Reading``; the others as in ``markdown_to_html``.

    ``footnotes``: the labels of those that have a text; more come while it is read.
    """

    media: Callable[[str], str]
    link: Callable[[str], str] = no_link
    clozes: ClozeRule = as_written
    lowered: int = 2
    footnotes: set[str] = field(default_factory=set)
    addresses: AddressRule = all_links

    @property
    def on_page(self) -> bool:
        """Whether the text is of a page: wikilinks and callouts mean something, odd tags do not."""
        return self.link is not no_link
