"""Shows embeds on the card once their files are there."""

from __future__ import annotations

from collections.abc import Callable

from ..html.missing_embeds import MissingEmbed, replace_missing
from .embeds import image_html
from .markdown_to_html import markdown_to_html


def show_arrived(html: str, media: Callable[[str], str], link: Callable[[str], str]) -> str:
    """A field that shows each embed whose file ``media`` now knows; the rest is unchanged."""

    def write(embed: MissingEmbed) -> str:
        if not media(embed.target):
            return ""
        if embed.words is None:
            return markdown_to_html(embed.markdown, media, link=link)
        return image_html(embed.markdown, embed.words, embed.words, embed.title, media)

    return replace_missing(html, write)
