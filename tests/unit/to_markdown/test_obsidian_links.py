"""A link to a page crosses from the vault into Anki and back as it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.sync.vault.deck_choice import DeckChoice
from ankivault.sync.vault.read.layout import plan_layout
from ankivault.sync.vault.read.obsidian_uri import make_link_reader, make_link_writer

ROOT = Path("/home/me/My & Vault #1")
TARGETS = st.text(
    st.characters(exclude_characters="[]|\n\r", exclude_categories=["Cs"]), min_size=1
)


@given(TARGETS.filter(lambda target: not target.strip().startswith(("/", "./", "../"))))
def test_a_target_comes_back_as_it_was_typed(target: str) -> None:
    address = make_link_reader(ROOT, "Deck/Page_1.md")(target)
    found = make_link_writer(ROOT)(address)
    typed = target.strip()
    assert found == (f"Page_1{typed}" if typed[:1] in ("#", "^") else typed or None)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("../Group/card", "Anki/Group/card"),
        ("./x", "Anki/Deck/x"),
        ("../../Notes/a b#Part", "Notes/a b#Part"),
        ("/Abs/page", "Abs/page"),
        ("../../../outside", "../../../outside"),
    ],
)
def test_a_target_that_only_its_page_can_follow_is_said_from_the_root(
    typed: str, target: str
) -> None:
    address = make_link_reader(ROOT, "Anki/Deck/Page_1.md")(typed)
    assert make_link_writer(ROOT)(address) == target


def test_outside_an_obsidian_vault_nothing_can_be_opened() -> None:
    assert make_link_reader(None, "Page.md")("Other") == ""
    assert make_link_writer(None)("obsidian://open?vault=V&file=Other") is None


@pytest.mark.parametrize(
    "address",
    [
        "obsidian://open?vault=Other&file=Page",
        "obsidian://open?vault=V&file=Page&line=3",
        "obsidian://open?vault=V&file=a%5D%5D",
        "obsidian://open?vault=V&file=a%7Cb",
        "obsidian://open?vault=V",
        "obsidian://new?vault=V&file=Page",
        "obsidian://open?vault=V&file=%ff",
        "https://example.org/?vault=V&file=Page",
    ],
)
def test_an_address_that_a_wikilink_cannot_say_stays_an_address(address: str) -> None:
    assert make_link_writer(Path("/V"))(address) is None


@pytest.mark.parametrize(
    ("folder", "deck"),
    [
        ("Geo", "Geo"),
        ("geo", "Geo"),
        ("A_B", "A?B"),
        ("A_B/New part", "A?B::New part"),
        ("Geo/x/y", "Geo::x::y"),
        ("", None),
        ("Assets/pictures", None),
    ],
)
def test_a_folder_means_the_deck_it_is_or_would_be(folder: str, deck: str | None) -> None:
    layout = plan_layout({1: "Geo", 2: "A?B"}, DeckChoice(), {}, "assets")
    assert layout.deck_of(folder) == deck
