"""A sync tool's second version of a page is known by its name, and a person's page is not."""

from __future__ import annotations

import pytest

from ankivault.sync.run.done import Done

from ..conftest import Desk

# What is put behind the name of a page by Dropbox, Syncthing, Nextcloud, Obsidian Sync, Google
# Drive, iCloud and OneDrive.
MARKS = (
    " (Jo's conflicted copy 2024-01-02)", " (Case Conflict)", " (Selective Sync Conflict 2)",
    ".sync-conflict-20240102-101010-ABCDEFG", " (conflicted copy 2024-01-02 101010)",
    "_conflict-20240102-101010", " [Conflict]", " (1)", " (12)", " 2", " 3", "-DESKTOP-AB12",
    "-DESKTOP-AB12-2", "-Jos-MacBook-Pro", "-Ann's MacBook Pro", "-Ann’s MacBook Pro 2",
    "-Jürgen’s PC (work)", "-安的电脑", "-Jo & Mo's iMac, 2nd floor", "-iPad_von.Lea+1-3",
)  # fmt: skip
NEW = "---\nanki_note_type: Basic\n---\n## Front\n{}\n\n## Back\nb\n"


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("suffix", ["note_id", "none"])
def test_each_is_told_in_one_line_and_never_offered(desk: Desk, two_way: bool, suffix: str) -> None:
    desk.set(two_way=two_way, filename_suffix=suffix)
    note_id = desk.add(Front="Note", Back="a")
    desk.sync()
    page = desk.page(note_id)
    text = page.read_bytes()
    for mark in MARKS:
        other = page.with_name(f"{page.stem}{mark}.md")
        other.write_bytes(text.replace(b"\na\n", b"\nof another device\n"))
    for _ in range(2):
        report = desk.sync()
        told = [str(m.path) for m in report.messages if "sync tool" in m.text]
        assert sorted(told) == sorted(f"Biology/{page.stem}{mark}.md" for mark in MARKS)
        assert len(report.messages) == len(MARKS)
        assert not report.questions
        assert page.read_bytes() == text
    assert desk.col.note_count() == 1
    desk.edit(note_id, Back="edited")
    desk.sync()
    assert "edited" in page.read_text("utf-8")


def test_a_page_of_its_own_with_such_a_name_is_a_page(desk: Desk) -> None:
    desk.set(two_way=True, filename_suffix="none")
    one, two = desk.add(Front="Note", Back="a"), desk.add(Front="Note 2", Back="b")
    desk.sync()
    assert [desk.page(n).name for n in (one, two)] == ["Note.md", "Note 2.md"]
    for name in ("Note (1)", "Note-DESKTOP", "Other 2"):
        (desk.vault / "Biology" / f"{name}.md").write_text(NEW.format(f"of {name}"), "utf-8")
    desk.retype(two, "\nb\n", "\nedited\n")
    report = desk.sync()
    assert not report.messages
    assert report.counts[Done.NOTE_ADDED] == 3
    assert desk.fields(two)["Back"] == "edited"
    copy = desk.vault / "Biology" / "Quite another name.md"
    text = desk.page(one).read_text("utf-8")
    copy.write_text(text.replace("## Front\nNote", "## Front\nAnother"), "utf-8")
    assert [question.kind for question in desk.plan().questions] == ["copy"]
