"""Image occlusion notes in a TOML deck: masks and cards survive whatever else is edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desks.deck_desk import DeckDesk, open_desk  # noqa: F401

from ..vault.test_occlusion import ALL, ELLIPSE, png

DECK = "Anatomy"


@pytest.fixture
def heart(desk: DeckDesk, tmp_path: Path) -> int:
    """A note made by Anki, whose deck is a TOML file."""
    col = desk.col
    col.add_image_occlusion_notetype()
    kind = col.models.by_name("Image Occlusion")
    assert kind is not None
    picture = tmp_path / "heart.png"
    picture.write_bytes(png())
    col.decks.select(col.decks.id(DECK))
    col.add_image_occlusion_note(kind["id"], str(picture), ALL, "The heart", "From front", [])
    (note_id,) = col.find_notes('"note:Image Occlusion"')
    assert desk.export(DECK, desk.file).ok
    desk.assert_settled()
    return int(note_id)


def cards(desk: DeckDesk, note_id: int) -> list[tuple[int, int]]:
    return [(c, desk.col.get_card(c).ord) for c in desk.col.card_ids_of_note(note_id)]


def test_an_edit_of_the_file_leaves_the_masks_and_their_cards(desk: DeckDesk, heart: int) -> None:
    before, had = desk.fields(heart), cards(desk, heart)
    desk.change("The heart", "The human heart")
    assert desk.sync().ok
    after = desk.fields(heart)
    assert after == [each.replace("The heart", "The human heart") for each in before]
    assert cards(desk, heart) == had
    desk.assert_settled()


def test_masks_moved_in_anki_come_into_the_file_and_stay(desk: DeckDesk, heart: int) -> None:
    moved = ALL.replace("left=.6:top=.1", "left=.5:top=.2")
    desk.edit(heart, Occlusion=moved)
    desk.change("From front", "Seen from front")
    assert desk.sync().ok
    assert "left=.5:top=.2" in desk.text
    assert moved in desk.fields(heart)[0]
    assert "Seen from front" in desk.fields(heart)[3]
    desk.assert_settled()


def test_a_mask_taken_out_of_the_file_is_told_before_its_card_goes(
    desk: DeckDesk, heart: int
) -> None:
    desk.change(ELLIPSE, "")
    desk.change("{{c2::image-occlusion:polygon", "{{c1::image-occlusion:polygon")
    (edit,) = desk.plan().notes
    assert edit.lost_clozes is not None
    assert [each for each in cards(desk, heart) if each[1] == 1]
