"""What all steps of a plan share: names of copies, links, embeds, and the maker of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Optional

from ...convert.page.note import PageStyle
from .base import LEFT_OUT, TWO_WAY
from .inward.arrivals import find_arrived
from .inward.incoming_media import MediaReader
from .outward.assets import Assets
from .outward.claims import Claims, SharedNames
from .outward.digests import Digests
from .outward.page_maker import PageMaker
from .read.obsidian_uri import make_link_writer
from .read.on_demand import SetOnDemand
from .read.snapshot import VaultSnapshot
from .read.vault_names import make_page_test
from .rows import Held


@dataclass
class PlanTools:
    """Made from a snapshot when they are first needed.

    ``goes_inward``: edits of pages go into Anki. ``names``: those that pages share.
    """

    snapshot: VaultSnapshot
    goes_inward: bool
    names: SharedNames = field(default_factory=SharedNames)

    @cached_property
    def assets(self) -> Assets:
        """The names of the copies of media."""
        obsidian, scan = self.snapshot.obsidian, self.snapshot.scan
        folder = self.snapshot.settings.assets_folder
        known = self.snapshot.base.media
        if self.snapshot.is_scoped:
            others = SetOnDemand[str](
                lambda name: name in obsidian.names_elsewhere or name in scan.others,
                lambda: obsidian.names_elsewhere | scan.others,
            )
            return Assets(folder, obsidian.prefix, others, known, believes=True)
        return Assets(folder, obsidian.prefix, obsidian.names_elsewhere | scan.others, known)

    @cached_property
    def incoming(self) -> MediaReader:
        """The reader of the media that pages embed."""
        snapshot = self.snapshot
        media = MediaReader(
            snapshot.obsidian,
            self.assets,
            snapshot.base.media,
            snapshot.anki.media,
            claims=self.names.claims,
        )
        if self.goes_inward:
            media.arrived |= find_arrived(snapshot.iterate_media(), media, self.assets.elsewhere)
        return media

    @cached_property
    def link_target(self) -> Callable[[str], Optional[str]]:
        """The target of the wikilink for an address in this vault; None for another address."""
        is_here = make_page_test(self.snapshot.has_file_named)
        return make_link_writer(self.snapshot.obsidian.root, is_here)

    @cached_property
    def maker(self) -> PageMaker:
        """The maker of the changes of pages."""
        snapshot, settings = self.snapshot, self.snapshot.settings
        style = PageStyle(
            settings.cloze_style,
            self.assets.embed_target,
            settings.include_tags,
            self.link_target if settings.two_way else None,
            snapshot.anki.media.has,
            settings.colours,
        )
        digests = Digests(settings, snapshot.layout, snapshot.notetypes, snapshot.anki.study)
        return PageMaker(snapshot, style, digests, self.names)

    def learn(self) -> dict[str, str]:
        """For the base, what is new in it: whether a run has brought in what waited on the pages,
        and which decks are left out.
        """
        now = {LEFT_OUT: self.snapshot.layout.left_out}
        if self.goes_inward or not self.snapshot.settings.two_way:
            now[TWO_WAY] = "on" if self.goes_inward else ""
        return {key: text for key, text in now.items() if self.snapshot.base.recall(key) != text}

    def again(
        self, others: Sequence[Claims], held: Mapping[int, Held], dropped: Set[str]
    ) -> PlanTools:
        """The same for a few pages, while ``others`` keep what they claim.

        ``held`` is what the base holds of the pages, and ``dropped`` are the folded names of the
        files that were to come into Anki for them.
        """
        tools = replace(self, names=SharedNames(others))
        tools.assets, tools.link_target = self.assets, self.link_target
        tools.incoming = self.incoming.without(dropped, tools.names.claims)
        tools.maker = replace(self.maker, names=tools.names, held=held)
        return tools
