"""What is recorded of a run, and of each thing that it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Optional

from ..run.done import Done
from ..run.report import Message

Who = Literal["by hand", "automatic", "live", "command line"]
Kind = Literal["vault", "deck", "subscription", "rember", "back"]  # back: a person's Bring Back
Side = Literal["page", "anki", "file"]  # where something was written; file: a TOML deck
State = Literal["running", "done", "cancelled", "failed"]


class Entry(NamedTuple):
    """One thing that a run did, with the words before and after where words were replaced or gone.

    Of a page they are its bytes; else they are ``NoteWords``, packed. Where a page was written
    because its note was edited in Anki, ``note`` is what the note held before, packed.
    """

    side: Side
    done: Done
    note_id: int
    title: str
    path: str = ""  # of its page, relative to the vault folder
    deck: str = ""
    was: str = ""  # the path before, of a page that moved
    trash: str = ""  # where the version before is in the vault, in its trash folder
    before: bytes = b""
    after: bytes = b""
    note: bytes = b""


@dataclass(frozen=True)
class Began:
    """Who began a run, and what it is about: a folder, a file, an address, or an account."""

    who: Who = "by hand"
    kind: Kind = "vault"
    target: str = ""


@dataclass(frozen=True)
class NoteWords:
    """A note, or the parts of it that changed, as Anki or a TOML file has them.

    Of a whole note that went, ``guid`` and ``notetype`` are known too.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    tags: Optional[tuple[str, ...]] = None
    deck: Optional[str] = None
    guid: str = ""
    notetype: str = ""

    def pack(self) -> bytes:
        """The words as bytes, for an ``Entry``."""
        known: dict[str, Any] = {"fields": dict(self.fields)}
        if self.tags is not None:
            known["tags"] = self.tags
        if self.deck is not None:
            known["deck"] = self.deck
        if self.guid or self.notetype:
            known.update(guid=self.guid, notetype=self.notetype)
        return json.dumps(known, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpack_words(packed: bytes) -> NoteWords:
    """The words that ``NoteWords.pack`` made bytes of. Damaged ones hold nothing."""
    if not packed:
        return NoteWords()
    try:
        known = json.loads(packed.decode("utf-8", "surrogatepass"))
        tags = known.get("tags")
        return NoteWords(
            {str(name): str(text) for name, text in known["fields"].items()},
            None if tags is None else tuple(map(str, tags)),
            known.get("deck"),
            known.get("guid", ""),
            known.get("notetype", ""),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return NoteWords()


class Kept(NamedTuple):
    """An entry as it was kept, with its own number and that of its run."""

    id: int
    run: int
    entry: Entry


@dataclass(frozen=True)
class Run:
    """A run as it was kept. ``times``: so many in a row found nothing to do; ``last`` is the last.

    ``began`` and ``last`` are ``time.time()``. ``entries``: how many things it did, or how many of
    them were looked for.
    """

    id: int
    began: Began
    when: float
    last: float
    times: int
    seconds: float
    state: State
    counts: Mapping[Done, int]
    messages: tuple[Message, ...]
    entries: int
    title: str = ""  # of the first of them
