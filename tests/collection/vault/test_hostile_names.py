"""Names and states of things that nobody would choose, and that somebody has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankivault.sync.run.done import Done
from ankivault.sync.run.errors import StateUnavailable
from ankivault.sync.vault.run import apply_plan

from ...desks.live_desk import LiveDesk
from ..conftest import Desk

DECKS = (
    "..", "...", "/etc", "a/b", "a\\b", "A", "a", "a.", "CON", "Con::PRN::aux", "nul.txt", " ::x",
    "x:: ::y", "assets", "assets::x", "_X_index", "_Anki_Collection_Index.md", "Notes.md",
    "Notes.md::_Notes.md_index.md", ".obsidian", ".trash", "~", "%2e%2e", "trail...", "\u202ebidi",
    "e\u0301", "é", "\U0001f468\u200d\U0001f469" * 150, "x (conflicted copy)", "Ａ",
)  # fmt: skip
MEDIA = (
    "a%20b.png", "a b.png", "a#b.png", 'a"b.png', "a'b.png", "a|b.png", "a[b].png", "a^b.png",
    "A.png", "a.png", "CON.png", ".hidden.png", "..png", "é.png", "x" * 240 + ".png",
)  # fmt: skip


@pytest.mark.parametrize("suffix", ["note_id", "none", "Back"])
def test_every_note_has_its_page_inside_the_vault_whatever_its_name(
    desk: Desk, suffix: str
) -> None:
    desk.set(filename_suffix=suffix)
    around = sorted(desk.vault.parent.rglob("*"))
    notes = [desk.add(deck, Front=deck, Back=deck) for deck in DECKS]
    notes += [desk.add("A", Front=title, Back="…") for title in ("_A_index", "x.md", "CON", "a/b")]
    report = desk.sync()
    assert report.ok
    assert not report.messages
    pages = [desk.page(note_id) for note_id in notes]
    folded = {str(page.relative_to(desk.vault)).casefold() for page in pages}
    assert len(folded) == len(notes)
    files = desk.files()
    assert sorted(f for f in desk.vault.parent.rglob("*") if desk.vault not in f.parents) == around
    for path in files:
        for name in path.split("/"):
            assert len(name.encode()) <= 255
            assert not name.startswith(".")
            assert name.rstrip(". ") == name
            assert not set(name) & set('<>:"\\|?*#^[]\u202e')
    before = desk.dates()
    assert desk.plan().is_empty
    desk.sync()
    assert desk.dates() == before


def test_every_picture_is_found_whatever_its_name(desk: Desk) -> None:
    media = Path(desk.col.media.dir())
    for number, name in enumerate(MEDIA):
        (media / name).write_bytes(b"picture %d" % number)
        source = name.replace("%", "%25").replace("#", "%23").replace('"', "%22")
        desk.add(Front=f"n{number}", Back=f'<img src="{source}">')
    assert not desk.sync().messages
    copies = list((desk.vault / "assets").iterdir())
    assert {copy.read_bytes() for copy in copies} == {b"picture %d" % n for n in range(len(MEDIA))}
    assert len({copy.name.casefold() for copy in copies}) == len(MEDIA)
    assert desk.plan().is_empty


def test_a_deck_whose_name_changes_in_case_keeps_its_folder(desk: Desk) -> None:
    note_id = desk.add("bio::cell", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    desk.col.decks.rename(desk.col.decks.id("bio"), "Bio")
    desk.add("Bio", Front="new", Back="a")
    desk.sync()
    assert page in desk.pages(note_id)
    assert os.listdir(desk.vault / "bio" / "cell")
    assert not [p for p in desk.files() if p.startswith("Bio/")]
    assert "anki_deck: Bio::cell\n" in page.read_text("utf-8")


def test_an_index_page_goes_with_its_renamed_deck(desk: Desk) -> None:
    desk.add("A::B", Front="q", Back="a")
    desk.sync()
    for path in ("A/_A_index.md", "A/B/_B_index.md"):
        file = desk.vault / path
        file.write_text("My plan\n" + file.read_text("utf-8"), "utf-8")
    desk.col.decks.rename(desk.col.decks.id("A"), "Z")
    assert not desk.sync().messages
    for path in ("Z/_Z_index.md", "Z/B/_B_index.md"):
        assert (desk.vault / path).read_text("utf-8").startswith("My plan\n")
    assert not desk.trash()
    assert not (desk.vault / "A").exists()


def test_an_index_page_that_could_not_be_written_is_written_by_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add("D", Front="first", Back="a")
    desk.sync()
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if str(target).endswith("index.md"):
            raise PermissionError(13, "locked")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    desk.add("D", Front="second", Back="a")
    report = desk.sync()
    assert not report.ok
    assert report.counts[Done.INDEX_UPDATED] == 0
    monkeypatch.undo()
    desk.sync()
    assert "|second]]" in (desk.vault / "D" / "_D_index.md").read_text("utf-8")


def test_the_assets_folder_may_be_renamed_also_to_what_was_a_decks(desk: Desk) -> None:
    inline = '<img src="data:image/png;base64,AAAA">'
    note_id = desk.add("Pictures", Front="q", Back=f'<img src="p.png">{inline}')
    desk.col.media.write_data("p.png", b"png")
    desk.sync()
    page = desk.page(note_id)
    page.write_text(page.read_text("utf-8") + "mine\n", "utf-8")
    desk.set(assets_folder="Pictures")
    assert not desk.sync(confirmed=True).messages
    assert desk.page(note_id).parent.name == "Pictures_2"
    assert desk.page(note_id).read_text("utf-8").endswith("mine\n")
    assert sorted(f.name for f in (desk.vault / "Pictures").iterdir())[-1] == "p.png"
    before = desk.dates()
    assert not desk.sync().messages
    assert desk.dates() == before


def test_pages_that_a_person_swapped_keep_their_notes(desk: Desk) -> None:
    one = desk.add("D", Front="one", Back="first")
    two = desk.add("D", Front="the second", Back="second")
    desk.sync()
    first, second = desk.page(one), desk.page(two)
    os.rename(first, desk.vault / "aside")
    os.rename(second, first)
    os.rename(desk.vault / "aside", second)
    desk.edit(one, Back="changed")
    assert not desk.sync().messages
    assert (desk.page(one), desk.page(two)) == (second, first)
    assert "changed" in second.read_text("utf-8")
    os.rename(second, first)  # and one moved over the other
    assert not desk.sync().messages
    assert desk.page(one) == first
    assert desk.page(two) != first
    assert desk.plan().is_empty


def test_pages_that_were_swapped_go_with_their_notes_when_only_one_run_saw_one(desk: Desk) -> None:
    kept, gone = desk.add("D", Front="one"), desk.add("D", Front="the second")
    desk.sync()
    first, second = desk.page(kept), desk.page(gone)
    os.rename(first, desk.vault / "aside")
    os.rename(second, first)
    os.rename(desk.vault / "aside", second)
    desk.col.remove_notes([gone])
    LiveDesk(desk).run()  # takes the one page along; the deletion of the other waits
    assert not desk.sync().messages
    assert (desk.page(kept), desk.pages(gone)) == (second, [])
    assert desk.plan().is_empty


def test_a_page_that_was_given_another_notes_id_is_reported_and_left_alone(desk: Desk) -> None:
    one = desk.add("D", Front="one", Back="a")
    two = desk.add("D", Front="two", Back="a")
    desk.sync()
    page = desk.page(one)
    page.write_text(page.read_text("utf-8").replace(str(one), str(two)), "utf-8")
    shown = page.read_text("utf-8")
    for _ in range(2):
        assert desk.told(desk.sync(), "set anki_note_id back").note_id == one
    assert page.read_text("utf-8") == shown


def test_a_moved_vault_folder_is_not_taken_for_edits_by_hand(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    (desk.vault.parent / "p.png").write_bytes(b"another picture of that name")
    desk.col.media.write_data("p.png", b"png")
    for number in range(3):
        desk.add("D", Front=f"q{number}", Back='<img src="p.png">')
    desk.sync()
    moved = desk.vault.parent / "Study" / "Anki"
    moved.parent.mkdir()
    os.rename(desk.vault, moved)
    desk.vault = moved
    desk.set(vault_folder=str(moved))
    report = desk.sync(confirmed=True)
    assert report.counts[Done.PAGE_UPDATED] == 3
    assert not report.messages
    assert not (moved.parent.parent / ".trash").exists()


def test_notes_that_do_not_fit_the_collection_keep_their_pages(desk: Desk) -> None:
    lost_type, lost_deck, too_many, fine = (
        desk.add("D", Front=name, Back="a") for name in ("type", "deck", "fields", "fine")
    )
    desk.sync()
    before = desk.page(too_many).read_bytes()
    desk.col.db.execute("update notes set mid = 99 where id = ?", lost_type)
    desk.col.db.execute("update notes set flds = flds || char(31) || 'x' where id = ?", too_many)
    desk.col.db.execute("update cards set did = 99 where nid = ?", lost_deck)
    report = desk.sync()
    assert desk.told(report, "note type of this note is missing").note_id == lost_type
    assert desk.told(report, "does not have the fields").note_id == too_many
    assert desk.page(too_many).read_bytes() == before
    assert desk.page(lost_deck).parent.name == "Default"
    assert desk.page(lost_type).parent == desk.page(fine).parent


def test_other_programs_files_are_passed_over(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    desk.sync()
    own = [os.fsencode(desk.vault) + b"/caf\xe9.md"]  # not Unicode
    if os.name != "nt":
        own.append(os.fsencode(desk.vault / "back\\slash.md"))
    for file in own:
        Path(os.fsdecode(file)).write_text("mine", "utf-8")
    (desk.vault / "D" / "folder.md").mkdir()
    assert not [m for m in desk.sync().messages if "slash" not in str(m.path)]
    assert desk.plan().is_empty
    assert all(map(os.path.exists, own))


CONFLICTS = [
    "{}.sync-conflict-20260101-120000-ABCDEFG",  # Syncthing
    "{} (Anna's conflicted copy 2026-01-01)",  # Dropbox
    "{}_conflict-20260101-120000",  # Nextcloud
    "{}_Anna-PC_Jan-03-0901-2026_CaseConflict_1",  # Synology Drive
    "{} 2",  # iCloud
    "{}-DESKTOP-1A2B3C",  # OneDrive
    "{}-Annas-MacBook 2",
    "{} (1)",  # Google Drive
    "{} [Conflict]",
    "{}_[Conflict]",
]


@pytest.mark.parametrize("two_way", [False, True])
def test_conflict_copies_of_sync_tools_are_told_in_one_line_and_are_no_notes(
    desk: Desk, two_way: bool
) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.set(two_way=two_way)
    desk.sync()
    page = desk.page(note_id)
    copies = [page.with_name(name.format(page.stem) + ".md") for name in CONFLICTS]
    for copy in copies:
        copy.write_text(page.read_text("utf-8").replace("\na\n", "\nb\n"), "utf-8")
    for _ in range(2):
        plan = desk.plan()
        assert plan.is_empty and not plan.questions
        told = sorted(message.path or "" for message in plan.messages)
        assert told == sorted(f"D/{copy.name}" for copy in copies)
        desk.sync()
    assert all(copy.exists() for copy in copies)
    assert page in desk.pages(note_id)


def test_pages_named_like_conflict_copies_are_pages(desk: Desk) -> None:
    desk.set(filename_suffix="none")
    titles = ["Plan 2", "Plan", "Plan (1)", "Plan-B", "x (conflicted copy)", "y [Conflict]"]
    notes = [desk.add("D", Front=title, Back="a") for title in titles]
    desk.sync()
    assert desk.plan().is_empty
    assert not desk.plan().messages
    assert len({desk.page(note_id) for note_id in notes}) == len(titles)


def test_pages_not_yet_downloaded_are_not_made_twice(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.add("D", Front="here", Back="a")
    desk.sync()
    for file in (desk.page(note_id), desk.vault / "D" / "_D_index.md"):
        os.rename(file, file.with_name(f".{file.name}.icloud"))
    desk.lose_base()
    desk.edit(note_id, Back="b")
    report = desk.sync()
    assert desk.told(report, "in the cloud").note_id == note_id
    assert not desk.pages(note_id)
    assert not (desk.vault / "D" / "_D_index.md").exists()


def test_the_trash_follows_no_link(desk: Desk, tmp_path: Path) -> None:
    note_id = desk.add("D", Front="q", Back="the answer")
    desk.sync()
    (tmp_path / "outside").mkdir()
    (desk.vault / ".trash").mkdir()
    (desk.vault / ".trash" / "D").symlink_to(tmp_path / "outside", target_is_directory=True)
    page = desk.page(note_id)
    page.write_text(page.read_text("utf-8").replace("the answer", "MINE"), "utf-8")
    assert not desk.sync().ok
    assert not any((tmp_path / "outside").iterdir())
    assert "MINE" in page.read_text("utf-8")


def test_a_damaged_base_costs_nothing(desk: Desk) -> None:
    notes = [desk.add("D", Front=f"q{n}", Back="a" * 300) for n in range(100)]
    desk.sync()
    page = desk.page(notes[0])
    page.write_text(page.read_text("utf-8") + "mine\n", "utf-8")
    (base,) = desk.bases()
    data = bytearray(base.read_bytes())
    for start in range(8192, len(data) - 4096, 4096):
        data[start : start + 200] = b"\xa5" * 200
    base.write_bytes(data)
    before = desk.dates()
    desk.told(desk.sync(), "put together anew")
    assert not desk.sync().messages
    assert desk.dates() == before
    assert page.read_text("utf-8").endswith("mine\n")


def test_a_state_folder_that_cannot_be_made_stops_before_the_first_page(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    desk.state.write_text("a file")
    with pytest.raises(StateUnavailable, match="Nothing was changed"):
        desk.sync()
    assert not any(desk.vault.iterdir())


def test_a_note_that_came_back_after_the_preview_keeps_its_page(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.add("D", Front="other", Back="a")
    desk.sync()
    desk.col.remove_notes([note_id])
    plan = desk.plan()
    desk.col.undo()
    report = apply_plan(desk.col, plan, desk.state)
    assert desk.told(report, "changed since this run").note_id == note_id
    assert desk.page(note_id).exists()


def test_a_media_copy_changed_after_the_preview_is_left_for_the_next_run(desk: Desk) -> None:
    desk.col.media.write_data("p.png", b"original")
    desk.add("D", Front="q", Back='<img src="p.png">')
    plan = desk.plan()
    copy = desk.vault / "assets" / "p.png"
    copy.parent.mkdir()
    copy.write_bytes(b"put there just now")
    assert desk.told(apply_plan(desk.col, plan, desk.state), "changed since this run")
    assert copy.read_bytes() == b"put there just now"


def test_a_read_only_page_is_reported_and_stays(desk: Desk) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.chmod(0o444)
    desk.edit(note_id, Back="b")
    assert desk.told(desk.sync(), "no permission").note_id == note_id
    page.chmod(0o644)
    desk.sync()
    assert "\nb\n" in page.read_text("utf-8")


def test_many_foreign_pages_are_told_in_few_messages(desk: Desk) -> None:
    desk.add("D", Front="q", Back="a")
    for number in range(200):
        page = desk.vault / f"foreign {number}.md"
        page.write_text(f"---\nanki_note_id: {number + 5}\n---\n", "utf-8")
    report = desk.sync()
    assert "200 pages" in desk.told(report, "first 20 are named").text
    assert len(report.messages) == 21
