"""A copied page can be left alone for ever: it is a page of the person's own from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankivault.ui.preview.vault_words import explain_plan
from tests.collection.conftest import Desk

KEY = "copy:Biology/Mine.md"


@pytest.fixture(params=[True, False], ids=["two-way", "mirror"])
def either(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    desk.set(two_way=request.param)
    return desk


def copy_page(page: Path, words: str) -> bytes:
    text = page.read_text("utf-8").replace("Say this", words)
    page.with_name("Mine.md").write_text(text, "utf-8")
    return text.encode()


def copy_of(desk: Desk) -> bytes:
    return (desk.vault / "Biology" / "Mine.md").read_bytes()


def test_a_refused_copy_stays_as_it_is_and_is_never_asked_about_again(either: Desk) -> None:
    note_id = either.add("Biology", Front="Say this", Back="one")
    either.sync()
    page = either.page(note_id)
    text = copy_page(page, "Say that")
    assert "leave" in either.plan().questions[0].choices
    report = either.sync(answers={KEY: "leave"})
    assert (report.questions, report.messages) == (0, ())
    either.edit(note_id, Back="two")
    for _ in range(2):
        report = either.sync()
        assert (report.questions, report.messages) == (0, ())
    assert copy_of(either) == text
    assert either.col.note_count() == 1
    assert "two" in page.read_text("utf-8")

    changed = text.replace(b"Say that", b"Say more")  # it is edited: it claims the same note
    (either.vault / "Biology" / "Mine.md").write_bytes(changed)
    assert either.plan().questions == ()
    either.sync()
    assert copy_of(either) == changed


def test_a_refused_copy_never_becomes_the_page_of_its_note(either: Desk) -> None:
    note_id = either.add("Biology", Front="Say this", Back="one")
    either.sync()
    page = either.page(note_id)
    text = copy_page(page, "Say that")
    either.sync(answers={KEY: "leave"})
    page.unlink()
    either.sync(confirmed=True)
    assert copy_of(either) == text
    assert either.col.get_note(note_id)["Front"] == "Say this"


def test_a_refused_copy_is_asked_about_anew_when_it_is_another_file_or_the_base_is_lost(
    either: Desk,
) -> None:
    note_id = either.add("Biology", Front="Say this", Back="one")
    either.sync()
    page = either.page(note_id)
    text = copy_page(page, "Say that")
    either.sync(answers={KEY: "leave"})
    other = either.add("Biology", Front="Say something else", Back="three")
    either.sync()
    (either.vault / "Biology" / "Mine.md").write_bytes(text.replace(b"%d" % note_id, b"%d" % other))
    assert [question.key for question in either.plan().questions] == [KEY]
    (either.vault / "Biology" / "Mine.md").write_bytes(text)
    either.lose_base()
    assert [question.key for question in either.plan().questions] == [KEY]


def test_the_preview_never_says_that_there_is_nothing_to_do_while_an_answer_is_to_be_kept(
    either: Desk,
) -> None:
    note_id = either.add("Biology", Front="Say this", Back="one")
    either.sync()
    copy_page(either.page(note_id), "Say that")
    told = explain_plan(either.plan(answers={KEY: "leave"}))
    assert "nothing to do" not in told
    assert "Sync Now keeps your 1 answer." in told
    either.sync(answers={KEY: "leave"})
    assert "nothing to do" in explain_plan(either.plan())
