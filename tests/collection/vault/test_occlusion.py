"""Image occlusion: a page shows the picture with its masks, which stay Anki's."""

from __future__ import annotations

import os
from base64 import b64decode
from pathlib import Path
from struct import pack
from zlib import compress, crc32

import pytest

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.run import apply_plan

from ...desks.two_way_desk import rows
from ..conftest import Desk

RECT = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}"
ELLIPSE = "{{c2::image-occlusion:ellipse:left=.6:top=.1:rx=.1:ry=.2:angle=1250}}"
POLYGON = "{{c2::image-occlusion:polygon:left=.6:top=.6:points=.6,.6 .9,.6 .75,.9}}"
WORDS = "{{c0::image-occlusion:text:left=.1:top=.8:text=left \\: right:scale=1:fs=.1}}"
ALL = "<br>".join((RECT, ELLIPSE, POLYGON, WORDS))


def png(width: int = 400, height: int = 200, grey: int = 120) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    lines = (b"\0" + bytes([grey]) * width) * height
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def add(desk: Desk, masks: str = ALL, picture: bytes = b"", name: str = "heart.png") -> int:
    """An image occlusion note, made by Anki."""
    desk.col.add_image_occlusion_notetype()
    kind = desk.col.models.by_name("Image Occlusion")
    assert kind is not None
    file = Path(desk.col.path).parent / name
    file.write_bytes(picture or png())
    desk.col.decks.select(desk.col.decks.id("Biology"))
    desk.col.add_image_occlusion_note(
        kind["id"], str(file), masks, "The heart", "Seen from front", []
    )
    return max(desk.col.find_notes('"note:Image Occlusion"'))


def drawing(desk: Desk) -> Path:
    """The only drawing of masks in the vault."""
    (found,) = drawings(desk)
    return found


def drawings(desk: Desk) -> list[Path]:
    return [p for p in desk.vault.rglob("occlusion-*.svg") if ".trash" not in p.parts]


def set_picture(desk: Desk, data: bytes) -> None:
    file = Path(desk.col.media.dir()) / "heart.png"
    file.write_bytes(data)
    os.utime(file, (1, 1))


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("cloze_style", ["outline", "inline"])
def test_a_page_shows_the_masks_on_the_picture(desk: Desk, two_way: bool, cloze_style: str) -> None:
    desk.set(two_way=two_way, cloze_style=cloze_style)
    note_id = add(desk)
    before = rows(desk)
    report = desk.sync()
    assert report.ok and not report.messages
    page, svg = desk.page(note_id).read_text("utf-8"), drawing(desk).read_text("utf-8")
    assert f"## Occlusion\n![[{drawing(desk).name}]]\n\n## Image\n![[heart.png]]" in page
    assert 'viewBox="0 0 400 200"' in svg
    assert b64decode(svg.partition("base64,")[2].partition('"')[0]) == png()
    assert '<rect x="40" y="40" width="120" height="80"' in svg
    assert '<ellipse cx="280" cy="60" rx="40" ry="40"' in svg
    assert "rotate(45 240 20)" in svg
    assert '<polygon points="240,120 360,120 300,180"' in svg
    assert [svg.count(f">{words}</text>") for words in ("1", "2", "left : right", "0")] == [
        1,
        2,
        1,
        0,
    ]
    assert rows(desk) == before
    dates = desk.dates()
    assert desk.plan().is_empty and desk.sync().ok
    assert desk.dates() == dates


@pytest.mark.parametrize("two_way", [False, True])
def test_other_masks_are_another_drawing_and_the_old_one_goes(desk: Desk, two_way: bool) -> None:
    desk.set(two_way=two_way)
    note_id = add(desk)
    desk.sync()
    old = drawing(desk)
    desk.edit(note_id, Occlusion=RECT)
    assert desk.sync().ok
    new = drawing(desk)
    assert new.name != old.name and f"![[{new.name}]]" in desk.page(note_id).read_text("utf-8")
    assert ">2</text>" not in new.read_text("utf-8")
    assert desk.plan().is_empty
    desk.col.remove_notes([note_id])
    assert desk.sync().ok and not drawings(desk)


def test_another_file_of_the_same_name_is_drawn_in_place(desk: Desk) -> None:
    note_id = add(desk)
    desk.sync()
    name, page = drawing(desk).name, desk.page(note_id).read_bytes()
    set_picture(desk, png(100, 100))
    report = desk.sync()
    assert report.ok and not report.messages
    assert drawing(desk).name == name and desk.page(note_id).read_bytes() == page
    assert 'viewBox="0 0 100 100"' in drawing(desk).read_text("utf-8")
    assert desk.plan().is_empty


def test_notes_with_equal_masks_share_a_drawing(desk: Desk) -> None:
    first = add(desk)
    kind = desk.col.get_note(first).note_type()
    assert kind is not None
    desk.add(notetype=kind["name"], **dict(desk.fields(first), Header="Again"))
    assert desk.sync().ok
    assert drawing(desk)


def test_a_missing_picture_is_told_and_drawn_when_it_comes(desk: Desk) -> None:
    note_id = add(desk)
    (Path(desk.col.media.dir()) / "heart.png").unlink()
    report = desk.sync()
    assert [m.note_id for m in report.messages] == [note_id]
    assert "heart.png: not in Anki" in drawing(desk).read_text("utf-8")
    assert desk.plan().is_empty
    set_picture(desk, png())
    assert desk.sync().ok
    assert 'viewBox="0 0 400 200"' in drawing(desk).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_picture_that_cannot_be_drawn_is_told_and_shown_plain(desk: Desk) -> None:
    note_id = add(desk, picture=png() + bytes(5_000_000))
    (message,) = desk.sync().messages
    assert "“heart.png” is larger than 5 MB" in message.text and message.note_id == note_id
    assert "larger than 5 MB" in drawing(desk).read_text("utf-8")
    assert "![[heart.png]]" in desk.page(note_id).read_text("utf-8")
    set_picture(desk, b"no picture")
    (message,) = desk.sync().messages
    assert "of a kind that cannot be shown" in message.text
    assert desk.plan().is_empty


@pytest.mark.parametrize(
    "masks",
    [
        RECT.replace("rect", "star"),
        RECT.replace(":top=.2", ""),
        RECT.replace(".2", "nan"),
        RECT.replace(".3", "-.3"),
        POLYGON.replace("points", "dots"),
        f"{RECT} words",
    ],
)
def test_masks_that_cannot_be_read_are_told(desk: Desk, masks: str) -> None:
    desk.set(two_way=True)
    note_id = add(desk, masks)
    (message,) = desk.sync().messages
    assert "without its masks" in message.text and message.note_id == note_id
    assert not drawings(desk) and "![[heart.png]]" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


@pytest.mark.parametrize("edit", ["words below\n{embed}", "![[other.svg]]", "{embed} and words"])
def test_an_edit_of_the_masks_is_refused_with_its_line(desk: Desk, edit: str) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    before, embed = rows(desk), f"![[{drawing(desk).name}]]"
    desk.retype(note_id, embed, edit.format(embed=embed))
    desk.retype(note_id, "Header\nThe heart", "Header\nMy heart")
    edited = desk.page(note_id).read_text("utf-8")
    line = edited.split("\n").index("## Occlusion") + 2
    (message,) = desk.sync().messages
    assert f"Line {line}:" in message.text and embed in message.text
    assert (rows(desk), desk.page(note_id).read_text("utf-8")) == (before, edited)


@pytest.mark.parametrize("heading", ["", "## Occlusion\n"])
def test_masks_taken_off_a_page_come_back_and_other_edits_go_in(desk: Desk, heading: str) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    page, embed = desk.page(note_id).read_text("utf-8"), f"![[{drawing(desk).name}]]"
    desk.retype(note_id, f"{heading}{embed}\n", "")
    assert desk.sync().ok
    assert (desk.page(note_id).read_text("utf-8"), desk.fields(note_id)["Occlusion"]) == (page, ALL)
    desk.retype(note_id, f"{heading}{embed}\n", "")
    desk.retype(note_id, "Header\nThe heart", "Header\nMy heart")
    report = desk.sync()
    assert report.ok and not report.messages
    fields = desk.fields(note_id)
    assert (fields["Header"], fields["Occlusion"]) == ("My heart", ALL)
    assert f"## Occlusion\n{embed}\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_masks_moved_below_other_fields_are_no_edit(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    section = f"## Occlusion\n![[{drawing(desk).name}]]\n\n"
    desk.retype(note_id, section, "")
    desk.retype(note_id, "Seen from front\n", f"Seen from the front\n\n{section}")
    report = desk.sync()
    assert report.ok and not report.messages
    fields = desk.fields(note_id)
    assert (fields["Back Extra"], fields["Occlusion"]) == ("Seen from the front", ALL)
    assert desk.plan().is_empty


def test_all_else_on_the_page_is_edited_as_on_any_page(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    desk.retype(note_id, "Header\nThe heart", "Header\nA lung")
    desk.retype(note_id, "![[heart.png]]", "![[lung.png]]")
    (desk.vault / "lung.png").write_bytes(png(300, 300))
    assert desk.sync().ok
    fields = desk.fields(note_id)
    assert (fields["Header"], fields["Occlusion"]) == ("A lung", ALL)
    assert "lung.png" in fields["Image"]
    assert drawing(desk).name.endswith("-lung.png.svg")
    assert f"![[{drawing(desk).name}]]" in desk.page(note_id).read_text("utf-8")
    assert 'viewBox="0 0 300 300"' in drawing(desk).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_lost_base_draws_nothing_anew_and_asks_nothing(desk: Desk) -> None:
    desk.set(two_way=True)
    add(desk)
    desk.sync()
    before = rows(desk), desk.everything()
    desk.lose_base()
    report = desk.sync()
    assert report.ok and not report.questions and not report.messages
    assert (rows(desk), desk.everything()) == before
    assert desk.plan().is_empty


def test_a_drawing_changed_by_hand_is_kept_in_the_trash(desk: Desk) -> None:
    add(desk)
    desk.sync()
    ours = drawing(desk).read_bytes()
    drawing(desk).write_bytes(b"<svg>mine</svg>")
    assert desk.sync().ok
    assert drawing(desk).read_bytes() == ours
    assert any(p.read_bytes() == b"<svg>mine</svg>" for p in desk.vault.rglob("*.svg"))
    assert desk.plan().is_empty


def test_a_page_from_before_masks_were_drawn_is_no_edit(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    now = desk.page(note_id).read_text("utf-8")
    desk.retype(note_id, f"## Occlusion\n![[{drawing(desk).name}]]\n\n", "")
    drawing(desk).unlink()
    desk.lose_base()
    before = rows(desk)
    report = desk.sync()
    assert report.ok and not report.questions and not report.messages
    assert rows(desk) == before and desk.page(note_id).read_text("utf-8") == now
    assert drawing(desk) and desk.plan().is_empty


def test_a_note_deleted_in_anki_comes_back_with_its_masks(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    fields = desk.fields(note_id)
    desk.retype(note_id, "Header\nThe heart", "Header\nMy heart")
    desk.col.remove_notes([note_id])
    (question,) = desk.plan().questions
    assert desk.answer(question.key, "keep").ok
    (again,) = desk.col.find_notes('"note:Image Occlusion"')
    assert desk.fields(again) == {**fields, "Header": "My heart"}
    assert drawing(desk) and desk.plan().is_empty


def test_a_page_without_an_id_makes_no_note_of_a_drawing(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = add(desk)
    desk.sync()
    lines = desk.page(note_id).read_text("utf-8").splitlines(keepends=True)
    kept = (line for line in lines if not line.startswith(("anki_note_id", "anki_guid")))
    (desk.vault / "Biology" / "Mine.md").write_text("".join(kept), "utf-8")
    assert "drawn in Anki" in desk.told(desk.sync(), "no note was made").text
    assert len(desk.col.find_notes("")) == 1
    assert not list(Path(desk.col.media.dir()).glob("occlusion-*"))


def test_a_run_for_one_note_draws_its_masks(desk: Desk) -> None:
    note_id = add(desk)
    desk.sync()
    old = drawing(desk)
    desk.edit(note_id, Occlusion=RECT)
    plan = desk.plan(scope=Scope(frozenset({note_id})))
    assert apply_plan(desk.col, plan, desk.state).ok
    (new,) = {*drawings(desk)} - {old}
    assert f"![[{new.name}]]" in desk.page(note_id).read_text("utf-8")
    assert desk.sync().ok and drawing(desk) == new


def test_a_drawing_that_is_put_on_another_card_is_a_file_of_its_own_there(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id, other = add(desk), desk.add(Front="q", Back="look")
    desk.sync()
    embed = f"![[{drawing(desk).name}]]"
    desk.retype(other, "look", f"look\n{embed}")
    ours = drawing(desk).read_bytes()
    assert desk.sync().ok
    (file,) = Path(desk.col.media.dir()).glob("*.svg")
    assert file.read_bytes() == ours and f'src="{file.name}"' in desk.fields(other)["Back"]
    assert desk.plan().is_empty
    desk.edit(note_id, Occlusion=RECT)
    assert desk.sync().ok and file.read_bytes() == ours
    assert f"![[{file.name}]]" in desk.page(other).read_text("utf-8")
    assert drawing(desk).read_bytes() != ours and desk.plan().is_empty
