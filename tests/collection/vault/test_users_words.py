"""What a person wrote in the vault survives, whatever a run does."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.segment import Segment
from ankivault.convert.to_markdown import converted_field
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.sync.run.done import Done
from ankivault.sync.run.errors import LargeChange, SettingsError, VaultBusy, VaultUnavailable
from ankivault.sync.run.lock import lock_target
from ankivault.sync.vault.read.files import VaultFiles

from ..conftest import Desk


def test_own_text_and_properties_survive_updates_byte_for_byte(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="first", tags="a")
    desk.sync()
    page = desk.page(note_id)
    ours = page.read_bytes().decode()
    begin, end = ours.index("%% anki:begin"), ours.index("%% anki:end %%\n") + 15
    above = "---\nstatus: 'half  done'   # my word\nnested: {a: [1,2]}\n" + ours[4:begin]
    below = "\r\nMixed endings\n\n\n- [ ] a task\u2028 \udcff\tend without newline"
    page.write_bytes(
        (above + "My intro\n" + ours[begin:end] + below).encode("utf-8", "surrogateescape")
    )
    desk.edit(note_id, Back="second")
    note = desk.col.get_note(note_id)
    note.tags = ["b"]
    desk.col.update_note(note)
    desk.sync()
    text = page.read_bytes().decode("utf-8", "surrogateescape")
    assert "second" in text
    assert text.startswith("---\nstatus: 'half  done'   # my word\nnested: {a: [1,2]}\n")
    assert "My intro\n%% anki:begin" in text
    assert text.endswith("%% anki:end %%\n" + below)
    assert "  - b\n" in text
    assert "  - a\n" not in text


def test_a_hand_edited_managed_part_is_kept_in_the_trash(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="the answer")
    desk.sync()
    page = desk.page(note_id)
    page.write_text(page.read_text("utf-8").replace("the answer", "MY answer"), "utf-8")
    report = desk.sync()
    assert "the answer" in page.read_text("utf-8")
    (kept,) = desk.trash().values()
    assert "MY answer" in kept
    assert desk.told(report, "edited by hand").path == str(page.relative_to(desk.vault))
    assert desk.plan().is_empty


def test_reformatting_is_not_an_edit(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="<ul><li>a</li><li>b</li></ul>")
    desk.sync()
    page = desk.page(note_id)
    text = page.read_text("utf-8").replace("- a\n- b", "* a   \n* b\n")
    page.write_text(text.replace("## Back\n", "## Back\n\n"), "utf-8")
    shown = page.read_text("utf-8")
    assert not desk.sync().messages
    assert page.read_text("utf-8") == shown
    desk.edit(note_id, Front="changed")
    assert not desk.sync().messages
    assert not desk.trash()


def test_a_page_moved_by_hand_comes_home_and_a_renamed_one_keeps_its_name(desk: Desk) -> None:
    moved = desk.add("D", Front="moved", Back="a")
    renamed = desk.add("D", Front="renamed", Back="a")
    desk.sync()
    (desk.vault / "Elsewhere").mkdir()
    os.rename(desk.page(moved), desk.vault / "Elsewhere" / "mine.md")
    os.rename(desk.page(renamed), desk.vault / "D" / "My name.md")
    report = desk.sync()
    assert not report.messages
    assert desk.page(moved) == desk.vault / "D" / "mine.md"
    assert desk.page(renamed) == desk.vault / "D" / "My name.md"
    desk.edit(renamed, Back="b")
    desk.sync()
    assert desk.page(renamed) == desk.vault / "D" / "My name.md"
    assert desk.plan().is_empty


def test_a_copied_page_is_reported_and_left_alone(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    copy = desk.vault / "D" / "A copy.md"
    copy.write_bytes(page.read_bytes())
    desk.edit(note_id, Back="b")
    report = desk.sync()
    assert desk.told(report, "copy of the page").path == "D/A copy.md"
    for _ in range(2):  # told once, and then only counted
        again = desk.sync()
        assert [m.text for m in again.messages if "copy of the page" in m.text] == []
        assert (again.questions, again.told_before) == (1, 1)
    assert "\na\n" in copy.read_text("utf-8")
    assert "\nb\n" in page.read_text("utf-8")


def test_a_page_of_another_collection_is_reported_and_left_alone(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    desk.sync()
    foreign = desk.vault / "D" / "foreign.md"
    foreign.write_text("---\nanki_note_id: 12345\nanki_guid: xyz\n---\nwords\n", "utf-8")
    report = desk.sync()
    assert "12345" in desk.told(report, "not in this collection").text
    assert foreign.read_text("utf-8").endswith("words\n")


def test_broken_properties_stop_only_their_own_page(desk: Desk) -> None:
    broken = desk.add("D", Front="broken", Back="a")
    fine = desk.add("D", Front="fine", Back="a")
    desk.sync()
    page = desk.page(broken)
    page.write_text(page.read_text("utf-8").replace("---\n", "---\nx: [1, 2\n", 1), "utf-8")
    shown = page.read_text("utf-8")
    desk.edit(broken, Back="b")
    desk.edit(fine, Back="b")
    report = desk.sync()
    assert not report.ok
    message = desk.told(report, "properties cannot be read")
    assert "line" in message.text
    assert message.note_id == broken
    assert page.read_text("utf-8") == shown
    assert "\nb\n" in desk.page(fine).read_text("utf-8")


def test_a_damaged_mark_stops_only_its_own_page(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.write_text(page.read_text("utf-8").replace("%% anki:end %%\n", ""), "utf-8")
    shown = page.read_text("utf-8")
    desk.edit(note_id, Back="b")
    assert "“%% anki:end %%” (not there)" in desk.told(desk.sync(), "marks").text
    assert page.read_text("utf-8") == shown


def test_a_missing_folder_stops_the_run(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    desk.sync()
    os.rename(desk.vault, desk.vault.with_name("unmounted"))
    with pytest.raises(VaultUnavailable, match="does not exist"):
        desk.sync()
    assert not desk.vault.exists()


def test_a_suddenly_empty_folder_stops_the_run_until_confirmed(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    for file in desk.vault.rglob("*.md"):
        file.unlink()
    with pytest.raises(LargeChange, match="empty"):
        desk.sync()
    assert not list(desk.vault.rglob("*.md"))
    desk.sync(confirmed=True)
    assert desk.page(note_id).exists()


def test_a_page_still_in_the_cloud_is_left_alone(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.add("D", Front="other", Back="a")
    desk.sync()
    page = desk.page(note_id)
    os.rename(page, page.with_name(f".{page.name}.icloud"))
    desk.edit(note_id, Back="b")
    assert desk.told(desk.sync(), "in the cloud").note_id == note_id
    assert not page.exists()


def test_a_large_change_waits_for_a_person(desk: Desk) -> None:
    notes = [desk.add("D", Front=f"q{n}", Back="a") for n in range(60)]
    desk.sync()
    before = desk.everything()
    desk.col.remove_notes(notes[:30])
    with pytest.raises(LargeChange, match="delete 30 of 60"):
        desk.sync()
    assert desk.everything() == before
    assert desk.sync(confirmed=True).counts[Done.PAGE_DELETED] == 30


def test_one_run_at_a_time(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    with lock_target(desk.vault, desk.state), pytest.raises(VaultBusy, match="working on"):
        desk.sync()
    assert not any(desk.vault.iterdir())


def test_no_folder_set_says_where_to_set_it(desk: Desk) -> None:
    desk.set(vault_folder="")
    with pytest.raises(SettingsError, match="Configure"):
        desk.sync()


def test_a_symbolic_link_is_never_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.vault / "Linked").symlink_to(outside, target_is_directory=True)
    (desk.vault / "assets").symlink_to(outside, target_is_directory=True)
    desk.col.media.write_data("p.png", b"png")
    inside = desk.add("Fine", Front="q", Back="a")
    desk.add("Linked", Front="q2", Back='<img src="p.png">')
    report = desk.sync()
    assert not report.ok
    assert not any(outside.iterdir())
    assert desk.page(inside).exists()
    assert any(m.path and m.path.startswith("Linked/") for m in report.messages)


def test_a_full_disk_is_told_and_leaves_no_half_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.add("D", Front="first", Back="a")
    second = desk.add("D", Front="second", Back="a")
    replace = os.replace

    def fill_up(source: str | Path, target: str | Path) -> None:
        if "second" in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fill_up)
    report = desk.sync()
    assert not report.ok
    assert desk.told(report, "disk is full").note_id == second
    assert desk.page(first).exists()
    assert not [f for f in desk.vault.rglob("*") if "second" in f.name or f.suffix == ".tmp"]
    monkeypatch.undo()
    assert desk.sync().ok
    assert desk.page(second).exists()


def test_a_page_changed_between_plan_and_write_is_left_for_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    desk.edit(note_id, Back="b")
    write_in_between = VaultFiles.exists, VaultFiles.read
    seen = []

    def read(self: VaultFiles, path: str) -> bytes | None:
        seen.append(path)
        if seen.count(path) == 2 and path.endswith(page.name):
            page.write_text(page.read_text("utf-8") + "typed just now\n", "utf-8")
        return write_in_between[1](self, path)

    monkeypatch.setattr(VaultFiles, "read", read)
    report = desk.sync()
    assert desk.told(report, "changed since this run").note_id == note_id
    assert page.read_text("utf-8").endswith("typed just now\n")
    monkeypatch.undo()
    desk.sync()
    assert "\nb\n" in page.read_text("utf-8")
    assert page.read_text("utf-8").endswith("typed just now\n")


def test_a_media_copy_changed_by_hand_is_kept_in_the_trash(desk: Desk) -> None:
    desk.col.media.write_data("p.png", b"original")
    desk.add("D", Front="q", Back='<img src="p.png">')
    desk.sync()
    (desk.vault / "assets" / "p.png").write_bytes(b"painted over")
    report = desk.sync()
    assert (desk.vault / "assets" / "p.png").read_bytes() == b"original"
    assert desk.trash() == {"assets/p.png": "painted over"}
    assert desk.told(report, "in the trash")


def test_a_missing_media_file_is_told_once_with_its_page(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back='<img src="lost.png"><img src="lost.png">')
    report = desk.sync()
    assert report.ok
    message = desk.told(report, "lost.png")
    assert message.note_id == note_id
    assert message.path == f"D/q_{note_id}.md"


def test_the_users_own_files_are_never_touched(desk: Desk) -> None:
    (desk.vault / ".obsidian").mkdir()
    own = {
        "D/My note.md": b"# Mine\n",
        "D/drawing.excalidraw": b"{}",
        "assets/own.png": b"own",
        ".obsidian/app.json": b"{}",
    }
    for path, data in own.items():
        (desk.vault / path).parent.mkdir(exist_ok=True)
        (desk.vault / path).write_bytes(data)
    note_id = desk.add("D", Front="My note", Back="a")
    desk.set(filename_suffix="none")
    desk.sync()
    desk.col.remove_notes([note_id])
    desk.add("E", Front="x", Back="a")
    desk.sync()
    assert {path: desk.files()[path] for path in own} == own
    assert (desk.vault / "D").is_dir()


def test_other_normalisation_of_a_name_is_the_same_page(desk: Desk) -> None:
    note_id = desk.add("Café", Front="naïve", Back="a")
    desk.sync()
    page = desk.page(note_id)
    other = page.with_name(unicodedata.normalize("NFD", page.name))
    os.rename(page, other)
    desk.edit(note_id, Back="b")
    report = desk.sync()
    assert not report.messages
    assert len(desk.pages(note_id)) == 1
    assert "\nb\n" in desk.page(note_id).read_text("utf-8")


def test_a_note_that_cannot_be_converted_costs_no_other_note_its_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = desk.add("D", Front="odd", Back="a")
    fine = desk.add("D", Front="fine", Back="a")

    def convert(html: str, style: FieldStyle) -> tuple[Segment, ...]:
        if html == "odd":
            raise RecursionError("too deep")
        return html_to_markdown(html, style)

    monkeypatch.setattr(converted_field, "html_to_markdown", convert)
    report = desk.sync()
    assert desk.told(report, "itself failed at note").note_id == odd
    assert not report.ok
    assert desk.page(fine).exists()
    monkeypatch.undo()
    assert desk.sync().ok
    assert desk.page(odd).exists()
