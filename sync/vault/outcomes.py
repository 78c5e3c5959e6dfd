"""What was found for each page while a plan was made, so that one page can be planned anew."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Optional, Union

from ..reconcile.note_change import NoteChange
from ..reconcile.question import Question
from ..run.report import Message
from .changes import IndexChange, MediaChange, PageChange
from .outward.claims import Claims
from .outward.links import Links
from .rows import Held, PageRow


class Piece(NamedTuple):
    """One thing that is planned: the page of a ``note``, a page that is ``left`` over, a page whose
    note is ``reborn`` with another id, a ``new`` page or a ``copy``; the ``folder`` with the
    settings, and the ``vault name``, each once.
    """

    kind: Literal["folder", "note", "reborn", "left", "new", "copy", "vault name"]
    which: Union[int, str] = ""  # the note's id, or the path


@dataclass(frozen=True)
class Outcome:
    """What became of a piece. ``touched`` are the decks of notes whose index pages may change, and
    ``used`` the media of the page, both as texts of ``PageRow``.
    """

    change: Optional[PageChange] = None
    messages: tuple[Message, ...] = ()
    notes: tuple[NoteChange, ...] = ()
    questions: tuple[Question, ...] = ()
    unsettled: Optional[PageRow] = None  # see ``Findings``
    unchanged: bool = False
    touched: tuple[str, ...] = ()
    used: str = ""
    told: frozenset[str] = frozenset()  # missing files that have a message
    claims: Claims = field(default_factory=Claims)
    held: Optional[Held] = None  # of a page with questions

    @property
    def row(self) -> Optional[PageRow]:
        """The row of the page after the run, if something changes."""
        return self.change.row if self.change else self.unsettled

    @property
    def media(self) -> set[str]:
        """The names of the media that the page uses."""
        unsettled = self.unsettled.media if self.unsettled else ""
        return {*self.used.split("\n"), *unsettled.split("\n")} - {""}


@dataclass(frozen=True)
class MediaPlan:
    """The copies of media to make and to remove. ``missing`` files → a note that embeds them."""

    changes: tuple[MediaChange, ...] = ()
    messages: tuple[Message, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class IndexesPlan:
    """The changes of index pages, those ``looked_at``, and what the base learns of links."""

    changes: tuple[IndexChange, ...] = ()
    messages: tuple[Message, ...] = ()
    looked_at: tuple[str, ...] = ()
    learned: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)  # path → deck of each index page
    links: Links = field(default_factory=Links)

    def joined(self, later: IndexesPlan, decks: Set[str]) -> IndexesPlan:
        """This plan, with what ``later`` says of these decks. Both have the same index pages."""

        def stays(path: Optional[str]) -> bool:
            return self.wanted.get(path or "") not in decks

        kept = [change for change in self.changes if stays(change.path)]
        written = [change for change in (*kept, *later.changes) if change.path in self.wanted]
        removed = [change for change in kept if change.path not in self.wanted]
        return replace(
            later,
            changes=(*sorted(written, key=lambda change: change.path), *removed),
            messages=(*(m for m in self.messages if stays(m.path)), *later.messages),
        )
