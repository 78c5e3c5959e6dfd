"""A subscription: the address of a deck, and what its subscriber wants of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Optional

from ...run.errors import AnkivaultError

PROTECT = "ankivault_protect"  # a tag of the subscriber's: ``ankivault_protect::Field``


class SubscriptionTrouble(AnkivaultError):
    """A subscription cannot be read, or its author's file cannot be used."""


@dataclass(frozen=True)
class Subscription:
    """What is remembered of a subscription, and never goes to its author.

    ``origin`` is the package's name at the first fetch: notes without a guid get theirs from it.
    ``left_out`` are decks by the author's names, with those below. ``wanted_tags`` are optional
    tags that the notes get, ``unwanted_tags`` others that they do not get. ``protected``: note
    type → fields that no update writes; ``protected_notes``: the same for one note, by its guid.
    """

    address: str
    name: str = ""
    origin: str = ""
    automatic: bool = True
    left_out: tuple[str, ...] = ()
    wanted_tags: tuple[str, ...] = ()
    unwanted_tags: tuple[str, ...] = ()
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protected_notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name of its folder: the same for the same address."""
        return make_key(self.address)

    @property
    def title(self) -> str:
        """What to call it: the package's name, or the address as long as there is none."""
        return self.name or self.address

    def as_dict(self) -> dict[str, Any]:
        """The subscription as plain types, for JSON."""
        return asdict(self)


def keep_unseen(
    before: Iterable[str], shown: Iterable[str], chosen: Iterable[str]
) -> tuple[str, ...]:
    """What is wanted after a person has ``chosen`` among the names ``shown``.

    Of other names it stays as it was ``before``: the author may bring them back.
    """
    seen = {name.casefold() for name in shown}
    return (*chosen, *(name for name in before if name.casefold() not in seen))


def make_key(address: str) -> str:
    """Sixteen letters that stand for an address."""
    return blake2b(address.strip().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_subscription(values: Any) -> Optional[Subscription]:
    """A subscription from plain types; None without an address.

    A value that makes no sense is replaced by its default: another program may have written it.
    """
    if not isinstance(values, Mapping) or not isinstance(values.get("address"), str):
        return None
    automatic = values.get("automatic")
    return Subscription(
        values["address"],
        _text(values.get("name")),
        _text(values.get("origin")),
        automatic if isinstance(automatic, bool) else True,
        _texts(values.get("left_out")),
        _texts(values.get("wanted_tags")),
        _texts(values.get("unwanted_tags")),
        _lists(values.get("protected")),
        _lists(values.get("protected_notes")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, (list, tuple))
    return tuple(each for each in value if isinstance(each, str)) if is_list else ()


def _lists(value: Any) -> dict[str, tuple[str, ...]]:
    entries = value.items() if isinstance(value, Mapping) else ()
    return {key: _texts(each) for key, each in entries if isinstance(key, str)}
