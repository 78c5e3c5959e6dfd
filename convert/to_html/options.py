"""The settings for writing a field from Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..field_style import AddressRule, ClozeRule, all_links, as_written
from ..vault_names import no_link


@dataclass(frozen=True)
class Writing:
    """``media`` and ``link`` as in ``VaultNames``; the others as in ``markdown_to_html``.

    ``footnotes``: the labels with a text; reading the text adds more.
    """

    media: Callable[[str], str]
    link: Callable[[str], str] = no_link
    clozes: ClozeRule = as_written
    lowered: int = 2
    footnotes: set[str] = field(default_factory=set)
    addresses: AddressRule = all_links

    @property
    def on_page(self) -> bool:
        """Whether the text is from a page: wikilinks and callouts count, unknown tags do not."""
        return self.link is not no_link
