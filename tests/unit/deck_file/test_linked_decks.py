"""What a profile keeps of linked TOML decks comes back, whoever wrote it."""

from __future__ import annotations

import pickle

from ankivault.sync.deck.linked import LinkedDeck, read_linked, write_linked
from ankivault.sync.vault.settings import read_settings

DECKS = (
    LinkedDeck("/decks/a.toml", "A", "push_only", "fail", True, 1_700_000_000, "In step", 7),
    LinkedDeck("/decks/b.toml"),
)


def test_what_was_written_comes_back() -> None:
    assert read_linked(pickle.loads(pickle.dumps(write_linked(DECKS)))) == DECKS


def test_nonsense_gives_way_to_the_defaults() -> None:
    entry = {
        "path": "/decks/b.toml",
        "strategy": "sideways",
        "on_conflict": ["skip"],
        "before_ankiweb_sync": 1,
        "last_run": "yesterday",
        "seen": True,
        "from_a_newer_version": {},
    }
    assert read_linked([entry, dict(entry), {"path": " "}, {"name": "no path"}, 7]) == (DECKS[1],)
    assert read_linked(None) == read_linked("nonsense") == ()


def test_an_automatic_run_settles_no_conflict() -> None:
    policies = {
        policy: LinkedDeck("/a", on_conflict=policy).automatic_options.on_conflict
        for policy in ("prefer_toml", "prefer_anki", "skip", "fail")
    }
    assert policies == {
        "prefer_toml": "skip",
        "prefer_anki": "skip",
        "skip": "skip",
        "fail": "fail",
    }


def test_linked_decks_are_no_unknown_setting() -> None:
    settings, problems = read_settings({"vault_folder": "/v", "toml_decks": write_linked(DECKS)})
    assert settings.vault_folder == "/v"
    assert not problems
