"""A published deck: an export is all that an author needs, and what is missing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankivault.convert.deck_file.deck_file import read_deck
from ankivault.sync.deck import publish
from ankivault.sync.deck.run import check_published, publish_deck
from ankivault.sync.run.errors import DeckFileUnavailable
from tests.desks.deck_desk import HEAD, DeckDesk, note, open_desk

__all__ = ["open_desk"]


def test_an_export_can_be_published_as_it_is(desk: DeckDesk, tmp_path: Path) -> None:
    (Path(desk.col.media.dir()) / "a b.png").write_bytes(b"picture")
    desk.write(note("uno", '<img src="a b.png">'), head=HEAD)
    desk.sync()
    file = tmp_path / "published" / "deck.toml"
    desk.export("Spanish", file)
    assert check_published(file) == ()
    text = file.read_text()
    assert publish_deck(file).ok and file.read_text() == text


def test_publish_writes_what_is_missing_and_check_tells_it(desk: DeckDesk) -> None:
    picture = desk.file.parent / "cat.png"
    picture.write_bytes(b"cat")
    media = '\n[[media]]\nname = "cat.png"\npath = "cat.png"\n'
    desk.write("# a comment\n", note("uno"), note("dos", '<img src="dog.png">'), media)
    told = [(p.level, p.message) for p in check_published(desk.file)]
    assert [level for level, _ in told].count("error") == 2  # notes without an identity
    assert any("dog.png" in text for _, text in told) and any("sha256" in t for _, t in told)
    report = publish_deck(desk.file)
    assert report.ok, report
    deck, problems = read_deck(desk.text)
    assert deck and not problems and "# a comment" in desk.text
    guids = [each.guid for each in deck.notes]
    assert all(guids) and deck.media[0].size == 3
    assert [p.message for p in check_published(desk.file)] == [
        "“dog.png” is not under [[media]], so subscribers do not get it"
    ]
    picture.write_bytes(b"another cat")
    assert any(p.level == "error" for p in check_published(desk.file))
    assert publish_deck(desk.file).ok
    assert not any(p.level == "error" for p in check_published(desk.file))

    desk.sync()  # the author's own Anki takes the notes by these guids
    assert sorted(desk.col.db.list("select guid from notes")) == sorted(str(g) for g in guids)
    (Path(desk.col.media.dir()) / "cat.png").write_bytes(b"edited in Anki")
    desk.sync()
    assert picture.read_bytes() == b"edited in Anki"
    assert not any(p.level == "error" for p in check_published(desk.file))


def test_a_file_that_is_saved_while_it_is_published_keeps_what_was_typed(
    desk: DeckDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.file.parent / "cat.png").write_bytes(b"cat")
    desk.write(note("uno"), '\n[[media]]\nname = "cat.png"\npath = "cat.png"\n')
    describe = publish.describe_file

    def type_meanwhile(file: Path) -> tuple[str, int]:
        desk.write("# typed meanwhile\n", note("uno", "one"))
        return describe(file)

    monkeypatch.setattr(publish, "describe_file", type_meanwhile)
    with pytest.raises(DeckFileUnavailable, match="saved by another program"):
        publish_deck(desk.file)
    assert "# typed meanwhile" in desk.text and "guid" not in desk.text
