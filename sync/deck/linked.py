"""The TOML decks a profile is linked to, as plain types and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ..reconcile.policy import DECK_POLICIES, DeckPolicy
from .options import STRATEGIES, DeckOptions, Strategy


@dataclass(frozen=True)
class LinkedDeck:
    """A file that is kept in step with Anki, how, and what its last run ended in.

    ``last_run`` is in seconds since 1970, ``seen`` the file's date of change after that run.
    """

    path: str
    name: str = ""
    strategy: Strategy = "bidirectional"
    on_conflict: DeckPolicy = "skip"
    before_ankiweb_sync: bool = False
    last_run: int = 0
    last_result: str = ""
    seen: int = 0
    pull_new_notes: bool = True
    push_new_notes: bool = True
    update_tags: bool = True

    @property
    def file(self) -> Path:
        """The full path, as plans name it."""
        return Path(self.path).expanduser().absolute()

    @property
    def options(self) -> DeckOptions:
        """How a run the user asked for goes."""
        return self._with(self.on_conflict)

    @property
    def automatic_options(self) -> DeckOptions:
        """How a run goes that nobody watches: it settles no conflict."""
        policy: DeckPolicy = "fail" if self.options.rule.stops else "skip"
        return self._with(policy)

    def _with(self, policy: DeckPolicy) -> DeckOptions:
        return DeckOptions(
            self.strategy,
            policy,
            pull_new_notes=self.pull_new_notes,
            push_new_notes=self.push_new_notes,
            update_tags=self.update_tags,
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain types, as stored in a profile."""
        return asdict(self)


_KINDS = {field.name: type(field.default) for field in fields(LinkedDeck) if field.name != "path"}
_WORDS: Mapping[str, tuple[str, ...]] = {"strategy": STRATEGIES, "on_conflict": DECK_POLICIES}


def read_linked(values: Any) -> tuple[LinkedDeck, ...]:
    """Linked decks from plain types.

    What makes no sense, from an older version or another hand, gives way to the default; an entry
    without a path, or with that of an earlier one, is left out.
    """
    found: dict[str, LinkedDeck] = {}
    for entry in values if isinstance(values, (list, tuple)) else ():
        path = entry.get("path") if isinstance(entry, Mapping) else None
        if isinstance(path, str) and path.strip() and path not in found:
            kept = {name: entry[name] for name in _KINDS if _makes_sense(name, entry.get(name))}
            found[path] = LinkedDeck(path, **kept)
    return tuple(found.values())


def write_linked(decks: Iterable[LinkedDeck]) -> list[dict[str, Any]]:
    """The same as plain types."""
    return [deck.as_dict() for deck in decks]


def _makes_sense(name: str, value: Any) -> bool:
    return type(value) is _KINDS[name] and (name not in _WORDS or value in _WORDS[name])
