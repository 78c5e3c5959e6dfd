"""What bringing something back would do, as a value. Planning writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Optional

from ..activity.entry import Kept, NoteWords

if TYPE_CHECKING:
    from ...convert.shown.page import Form

# fields  a note in Anki gets its earlier words     note  a deleted note is added again
# page    a page gets an earlier version            file  a page that is gone is a file again


@dataclass(frozen=True)
class Part:
    """One text: as it is now, and as it will be. None: there is none. ``form``: what it is."""

    name: str
    now: Optional[str]
    then: Optional[str]
    form: Form = "plain"


@dataclass(frozen=True)
class NoteBack:
    """A note in Anki that gets words back; or, without ``note_id``, one that is added again."""

    words: NoteWords
    note_id: int = 0
    digest: bytes = b""  # the note must still have it
    home: int = 0  # the deck that its cards move away from, if the words name another
    notetype: int = 0  # of a note that is added again
    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of the fields that these are for


@dataclass(frozen=True)
class PageBack:
    """A page that gets another text. ``digest`` is of the file that is there; empty: of none."""

    path: str
    text: bytes = field(repr=False)
    digest: bytes = b""


@dataclass(frozen=True)
class BackPlan:
    """What would be done, in ``told`` and ``parts``; or why nothing can be, in ``refusal``."""

    kept: Kept
    note: Optional[NoteBack] = None
    page: Optional[PageBack] = None
    parts: tuple[Part, ...] = ()
    told: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def title(self) -> str:
        """What is brought back."""
        return self.kept.entry.title


def refuse(kept: Kept, why: str) -> BackPlan:
    """A plan that does nothing, and says why."""
    return BackPlan(kept, refusal=why)


def compare(now: Mapping[str, str], then: Mapping[str, str]) -> tuple[Part, ...]:
    """The texts that would change."""
    return tuple(
        Part(name, now.get(name), text, form="html")
        for name, text in then.items()
        if now.get(name) != text
    )
