"""The TOML decks that a profile is linked to, and how they are stored in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ..reconcile.policy import DECK_POLICIES, DeckPolicy
from .options import STRATEGIES, DeckOptions, Strategy


@dataclass(frozen=True)
class LinkedDeck:
    """A file that is kept in step with Anki, with its options and the result of its last run.

    ``last_run`` is in seconds since 1970. ``seen`` is the file's date of change after that run.
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
        """The absolute path, as in plans."""
        return Path(self.path).expanduser().absolute()

    @property
    def options(self) -> DeckOptions:
        """The options of a run that the user starts."""
        return self._with(self.on_conflict)

    @property
    def automatic_options(self) -> DeckOptions:
        """The options of an automatic run: it leaves every conflict as it is."""
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
        """The deck as plain types, for the profile."""
        return asdict(self)


_KINDS = {field.name: type(field.default) for field in fields(LinkedDeck) if field.name != "path"}
_WORDS: Mapping[str, tuple[str, ...]] = {"strategy": STRATEGIES, "on_conflict": DECK_POLICIES}


def read_linked(values: Any) -> tuple[LinkedDeck, ...]:
    """Read linked decks from plain types.

    An invalid value is replaced by its default: an older version or another program may have
    stored it. An entry without a path, or with the path of an earlier entry, is left out.
    """
    found: dict[str, LinkedDeck] = {}
    for entry in values if isinstance(values, (list, tuple)) else ():
        path = entry.get("path") if isinstance(entry, Mapping) else None
        if isinstance(path, str) and path.strip() and path not in found:
            kept = {name: entry[name] for name in _KINDS if _makes_sense(name, entry.get(name))}
            found[path] = LinkedDeck(path, **kept)
    return tuple(found.values())


def write_linked(decks: Iterable[LinkedDeck]) -> list[dict[str, Any]]:
    """Linked decks as plain types, for the profile."""
    return [deck.as_dict() for deck in decks]


def _makes_sense(name: str, value: Any) -> bool:
    return type(value) is _KINDS[name] and (name not in _WORDS or value in _WORDS[name])
