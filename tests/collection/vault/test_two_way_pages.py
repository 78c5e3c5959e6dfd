"""Two-way: what people do to pages, and what a page that cannot be read costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ankivault.convert.edit.field_edit import edit_field
from ankivault.sync.vault.inward import field_merge

from ...desks.two_way_desk import rows
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def test_a_cloze_that_goes_is_told_with_its_reviews(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and {{c2::d}}")
    second = desk.col.get_note(note_id).cards()[1]
    desk.col.sched.set_due_date([second.id], "0")
    desk.sync()
    desk.retype(note_id, "==d==%%c2%%", "d")
    (change,) = desk.plan().notes
    assert (change.clozes_added, change.clozes_removed) == ((), (2,))
    assert "removes cloze 2 (Tools ▸ Empty Cards would delete its card" in change.reason
    desk.sync()
    assert desk.fields(note_id)["Text"] == "a {{c1::b}} and d"
    assert len(desk.col.card_ids_of_note(note_id)) == 2  # until Tools ▸ Empty Cards
    assert desk.plan().is_empty


def test_a_new_highlight_takes_the_next_number(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and d")
    desk.sync()
    desk.retype(note_id, "%% and d", "%% and ==d==")
    (change,) = desk.plan().notes
    assert change.clozes_added == (2,)
    assert "adds cloze 2" in change.reason
    desk.sync()
    assert desk.fields(note_id)["Text"] == "a {{c1::b}} and {{c2::d}}"
    assert len(desk.col.card_ids_of_note(note_id)) == 2
    assert "%%c2%%" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_page_that_cannot_be_read_is_left_and_ankis_edit_waits(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "## Back\n", "## Unheard of\n")
    desk.edit(note_id, Front="q in Anki")
    text, notes = desk.page(note_id).read_bytes(), rows(desk)
    report = desk.sync()
    message = desk.told(report, "Line ")
    assert message.note_id == note_id
    assert not report.ok
    assert (desk.page(note_id).read_bytes(), rows(desk)) == (text, notes)
    desk.retype(note_id, "## Unheard of\n", "## Back\n")
    assert desk.sync().ok
    assert "q in Anki" in desk.page(note_id).read_text("utf-8")


def test_an_emptied_page_is_no_order_to_empty_the_note(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "## Front\nq\n\n## Back\nanswer\n", "")
    notes = rows(desk)
    assert "Nothing is left between the marks" in desk.told(desk.sync(), "Line ").text
    assert rows(desk) == notes


def test_a_field_deleted_with_its_heading_is_emptied(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "\n\n## Back\nanswer\n", "\n")
    (change,) = desk.plan().notes
    assert change.reason == "empties “Back”"
    desk.sync()
    assert desk.fields(note_id)["Back"] == ""
    assert desk.plan().is_empty


def test_marks_that_are_gone_are_put_back_only_without_the_text_between(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    page = desk.page(note_id)
    whole = page.read_text("utf-8")
    bare = whole.replace("%% anki:begin %%\n", "").replace("%% anki:end %%\n", "")
    page.write_text(bare, "utf-8")
    assert "are gone" in desk.told(desk.sync(), "Line ").text
    assert page.read_text("utf-8") == bare
    page.write_text(bare.replace("## Front\nq\n\n## Back\nanswer\n", "mine\n"), "utf-8")
    assert desk.sync().ok
    assert page.read_text("utf-8").endswith("mine\n")
    assert "## Front\nq\n\n## Back\nanswer\n" in page.read_text("utf-8")


def test_a_renamed_field_still_takes_its_edit(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    notetype = desk.col.models.by_name("Basic")
    assert notetype is not None
    desk.col.models.rename_field(notetype, notetype["flds"][1], "Reply")
    desk.col.models.update_dict(notetype)
    desk.retype(note_id, "answer", "answer of mine")
    assert desk.sync().ok
    assert desk.fields(note_id) == {"Front": "q", "Reply": "answer of mine"}
    assert "## Reply\nanswer of mine\n" in desk.page(note_id).read_text("utf-8")


def test_the_style_of_clozes_may_change_while_a_page_is_edited(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="The line is {{c1::a minimum}} income", Back_Extra="x")
    desk.sync()
    desk.retype(note_id, "%% income", "%% revenue")
    desk.set(cloze_style="inline")
    assert desk.sync().ok
    assert desk.fields(note_id)["Text"] == "The line is {{c1::a minimum}} revenue"
    assert "## Text\nThe line is ==a minimum==%%c1%% revenue" in desk.page(note_id).read_text()
    assert desk.plan().is_empty


def test_a_link_to_a_page_opens_it_from_anki(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see there")
    desk.sync()
    desk.retype(note_id, "see there", "see [[Some page#Part|there]]")
    text = desk.page(note_id).read_bytes()
    desk.sync()
    address = "obsidian://open?vault=Obsidian&amp;file=Some%20page%23Part"
    assert desk.fields(note_id)["Back"] == f'see <a href="{address}">there</a>'
    assert desk.page(note_id).read_bytes() == text
    desk.edit(note_id, Front="q again")
    desk.sync()
    assert "see [[Some page#Part|there]]\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_an_image_dropped_into_a_page_goes_into_anki(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see")
    desk.sync()
    (desk.vault.parent / "pasted image.png").write_bytes(b"picture")
    desk.retype(note_id, "\nsee\n", "\nsee ![[pasted image.png]]\n")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == 'see <img src="pasted image.png">'
    assert Path(desk.col.media.dir(), "pasted image.png").read_bytes() == b"picture"
    desk.sync()
    assert desk.plan().is_empty


def test_properties_that_went_are_written_again_and_take_no_tags_along(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a", tags="one two")
    desk.sync()
    page = desk.page(note_id)
    text = page.read_text("utf-8")
    page.write_text(text[text.index("%% anki:begin") :].replace("\na\n", "\nb\n"), "utf-8")
    assert desk.sync().ok
    assert desk.col.get_note(note_id).tags == ["one", "two"]
    assert desk.fields(note_id)["Back"] == "b"
    assert page.read_text("utf-8") == text.replace("\na\n", "\nb\n")


def test_a_page_with_windows_line_ends_keeps_them(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="one<br>two<br>three")
    desk.sync()
    page = desk.page(note_id)
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n").replace(b"two", b"2"))
    desk.edit(note_id, Back="one<br>two<br>three!")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == "one<br>2<br>three!"
    data = page.read_bytes()
    assert b"one\r\n2\r\nthree!\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_link_that_only_names_another_folder_is_an_edit(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see")
    desk.sync()
    desk.retype(note_id, "\nsee\n", "\nsee [[One/Page|it]]\n")
    desk.sync()
    desk.retype(note_id, "[[One/Page|it]]", "[[Two/Page|it]]")
    desk.sync()
    assert "Two%2FPage" in desk.fields(note_id)["Back"]
    assert "[[Two/Page|it]]" in desk.page(note_id).read_text("utf-8")


def test_a_page_that_trips_us_up_costs_no_other_page_its_edit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, fine = (desk.add(Front=f"note {n}", Back=f"answer {n}") for n in (1, 2))
    desk.sync()
    desk.retype(odd, "answer 1", "another 1")
    desk.retype(fine, "answer 2", "another 2")
    edit = edit_field

    def trip(html: str, markdown: str, *rest: Any) -> Any:
        if markdown == "another 1":
            raise RecursionError("too deep")
        return edit(html, markdown, *rest)

    monkeypatch.setattr(field_merge, "edit_field", trip)
    report = desk.sync()
    assert desk.told(report, "itself failed at note").note_id == odd
    assert desk.fields(odd)["Back"] == "answer 1"
    assert "another 1" in desk.page(odd).read_text("utf-8")
    assert desk.fields(fine)["Back"] == "another 2"


def test_a_field_that_the_type_got_since_can_be_filled_on_the_page(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    models = desk.col.models
    notetype = models.by_name("Basic")
    assert notetype is not None
    new = models.new_field("Source")
    models.add_field(notetype, new)
    models.reposition_field(notetype, new, 1)
    models.update_dict(notetype)
    desk.retype(note_id, "\n%% anki:end", "\n\n## Source\nmy book\n%% anki:end")
    assert desk.sync().ok
    assert desk.fields(note_id) == {"Front": "q", "Source": "my book", "Back": "answer"}
    assert desk.plan().is_empty


def test_a_persons_own_layout_stays_where_the_note_was_not_edited(desk: Desk) -> None:
    html = "<ul><li>one</li><li>two words</li></ul>first line<br>second line"
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    desk.retype(note_id, "- one\n- two words\n", "* one\n* two words ^37066d\n\n")
    assert not desk.plan().notes
    desk.sync()
    desk.edit(note_id, Front="edited in Anki", Back=html.replace("second", "last"))
    desk.sync()
    text = desk.page(note_id).read_text("utf-8")
    assert "## Front\nedited in Anki\n" in text
    assert "* one\n* two words ^37066d\n" in text
    assert "last line" in text
    desk.retype(note_id, "first line", "first edited line")
    desk.edit(note_id, Back=html.replace("second", "very last"))
    assert desk.sync().ok
    text = desk.page(note_id).read_text("utf-8")
    assert "* one\n* two words ^37066d\n" in text
    assert "first edited line" in text
    assert "very last line" in text
    assert desk.fields(note_id)["Back"] == html.replace("first", "first edited").replace(
        "second", "very last"
    )
    desk.edit(note_id, Back=desk.fields(note_id)["Back"].replace("two", "2"))
    desk.sync()
    assert "* 2 words ^37066d\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty
