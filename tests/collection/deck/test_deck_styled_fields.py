"""Markdown fields of a TOML deck keep what Anki's editor made of them, whoever edits a word."""

from __future__ import annotations

from pathlib import Path

from tests.desks.deck_desk import DeckDesk, note, open_desk  # noqa: F401

ROME = '<div><font color="red">Rome</font> fell</div><div>in 476</div>'


def styled(desk: DeckDesk, html: str = ROME) -> int:
    """A note that both sides have, whose Markdown field Anki wrote its own way."""
    desk.write(note("uno", example="?"))
    desk.sync()
    (id_,) = desk.ids()
    desk.edit(id_, Example=html)
    desk.sync()
    desk.assert_settled()
    return id_


def test_an_edited_word_of_the_file_is_all_that_changes_in_anki(desk: DeckDesk) -> None:
    id_ = styled(desk)
    desk.change("in 476", "in 410")
    desk.sync()
    assert desk.fields(id_)[2] == ROME.replace("476", "410")
    desk.assert_settled()


def test_the_file_wins_but_what_both_say_keeps_its_looks(desk: DeckDesk) -> None:
    id_ = styled(desk)
    desk.change("in 476", "in 410")
    desk.edit(id_, Example=ROME.replace("fell", "stands"))
    desk.sync(strategy="push_only")
    assert desk.fields(id_)[2] == ROME.replace("476", "410")
    desk.change("in 410", "in in the year 410")
    desk.lose_base()
    desk.sync(strategy="push_only")
    assert desk.fields(id_)[2] == ROME.replace("476", "in the year 410")


def test_both_sides_edit_other_lines(desk: DeckDesk) -> None:
    id_ = styled(desk)
    desk.change("in 476", "in 410")
    desk.edit(id_, Example=ROME.replace("Rome", "Roma"))
    desk.sync()
    assert desk.fields(id_)[2] == ROME.replace("476", "410").replace("Rome", "Roma")
    assert "Roma fell\nin 410" in desk.text
    desk.assert_settled()


def test_without_a_base_what_says_the_same_is_no_difference(desk: DeckDesk) -> None:
    id_ = styled(desk)
    desk.change("Rome fell", "Rome  fell  ")
    before = desk.snapshot()
    desk.lose_base()
    plan = desk.plan()
    assert plan.counts["conflicts"] == 0
    desk.sync()
    assert desk.snapshot() == before
    assert desk.fields(id_)[2] == ROME


def test_anki_s_edit_changes_its_line_and_no_other(desk: DeckDesk) -> None:
    desk.write(note("uno", example="[[Page]] one\nmid\nlast [[Q]] word"))
    desk.sync()
    (id_,) = desk.ids()
    before = desk.text
    desk.edit(id_, Example=desk.fields(id_)[2].replace("word", "thing"))
    desk.sync()
    assert desk.text == before.replace("word", "thing")
    desk.assert_settled()


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_goes_on(desk: DeckDesk) -> None:
    html = '<div align="center"><img src="a.png" width="20"></div>end'
    id_ = styled(desk, html)
    assert 'end"""' in desk.text
    desk.change('end"""', 'end\n---"""')
    desk.change('English = "?"', 'English = "one"')
    desk.file.write_bytes((desk.text + note("dos")).encode())
    report = desk.sync()
    line = desk.text.split("\n").index("![[a.png|20]]") + 1
    told = desk.told(report, "“uno”, field “Example”")
    assert (told.level, told.path) == ("error", f"{desk.file}:{line}")
    assert desk.fields(id_)[1:] == ["one", html]
    assert desk.find("dos")
    assert 'end\n---"""' in desk.text
    desk.told(desk.sync(), "“uno”, field “Example”")  # and again, until it is put right
    desk.change("\n---", "")
    assert not desk.sync().messages
    desk.assert_settled()


DATA = "data:image/png;base64,iVBORw0KGgo="


def test_a_picture_in_a_field_itself_becomes_a_file_beside_the_deck(desk: DeckDesk) -> None:
    html = f'<div>see <img src="{DATA}" width="20"> there</div><div>and below</div>'
    id_ = styled(desk, html)
    name = "data-4caece539b03.png"
    file = desk.file.parent / "media" / name
    assert file.read_bytes() == b"\x89PNG\r\n\x1a\n"
    assert f'name = "{name}"' in desk.text
    media = Path(desk.col.media.dir())
    desk.change("there", "here")
    assert desk.sync().ok
    assert desk.fields(id_)[2] == html.replace("there", "here")
    assert not list(media.iterdir())  # nothing needs it there
    desk.file.write_bytes((desk.text + note("dos", example=f"![[{name}]]")).encode())
    assert desk.sync().ok
    assert desk.fields(desk.find("dos"))[2] == f'<img src="{name}">'
    assert (media / name).read_bytes() == file.read_bytes()
    desk.assert_settled()


def test_an_export_brings_the_pictures_of_fields_along(desk: DeckDesk) -> None:
    styled(desk, f'see <img src="{DATA}">')
    new = desk.folder / "new" / "deck.toml"
    report = desk.export("Spanish", new, markdown_fields=["Vocab.Example"])
    assert report.messages == ()
    assert (new.parent / "media" / "data-4caece539b03.png").is_file()
    assert "![[data-4caece539b03.png]]" in new.read_text("utf-8")
    plain = desk.folder / "plain" / "deck.toml"
    assert desk.export("Spanish", plain).messages == ()
    assert DATA in plain.read_text("utf-8") and not (plain.parent / "media").exists()
