"""Which decks have pages is chosen in a tree, or in the gear menu of a deck."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp


def test_decks_are_chosen_by_keyboard(any_anki: AnkiApp, vault: Path) -> None:
    seen = any_anki.play("choose_by_keyboard", folder=str(vault)).value

    notes = f"{seen['notes']:,}"
    assert seen["at_first"].endswith(f"with {notes} of {notes} notes")
    assert seen["found"] == seen["again"] == "left out"
    words, is_half = seen["only"]
    assert words.startswith("without ") and is_half
    assert seen["opened"] and seen["space"] == ""
    assert seen["inverted"] == seen["below"]
    assert seen["pages"] and all(deck.startswith("Biology") for deck in seen["pages"])


def test_a_deck_leaves_the_vault_and_comes_back_from_its_gear_menu(
    any_anki: AnkiApp, vault: Path
) -> None:
    seen = any_anki.play("change_in_gear_menu", folder=str(vault), deck="Biology").value

    index = ["Open Index Page"]
    export = ["Export as TOML…"]
    leave, bring = ["Leave Out of the Vault"], ["Bring into the Vault"]
    assert seen["entries"] == [export + leave + index, export + leave + index, export + bring]
    assert "“Biology” and the decks in it" in seen["question"]
    left = [deck for deck in seen["at_first"] if not deck.startswith("Biology")]
    assert left != seen["at_first"] == seen["Leave Out of the Vault No"]
    assert seen["Leave Out of the Vault Yes"] == left
    assert seen["Bring into the Vault"] == seen["at_first"]
    assert "_Biology_index" in seen["link"]
    told = "This deck is not in Anki any more."
    assert len(seen["gone"]) == 3 and set(seen["gone"].values()) == {told}
