"""The mirror: what is in Anki is in the vault, and only what changed is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from anki.collection import Collection

from ankivault.sync.run.done import Done
from ankivault.sync.vault.run import plan_vault, sync_vault
from ankivault.ui.preview.vault_words import explain_plan

from ..conftest import Desk


def test_every_note_gets_one_page_in_its_decks_folder(desk: Desk) -> None:
    cell = desk.add("Biology::Cell", Front="What is a cell?", Back="The unit of <b>life</b>.")
    france = desk.add("Geography", Front="Capital of France", Back="Paris", tags="europe::west")
    report = desk.sync()
    assert report.ok
    assert report.counts[Done.PAGE_CREATED] == 2
    page = desk.page(cell)
    assert page == desk.vault / "Biology" / "Cell" / f"What is a cell_{cell}.md"
    assert "## Front\nWhat is a cell?\n\n## Back\nThe unit of **life**." in page.read_text("utf-8")
    text = desk.page(france).read_text("utf-8")
    assert "anki_deck: Geography\n" in text
    assert "  - europe/west\n" in text


def test_a_run_without_changes_writes_nothing_at_all(desk: Desk) -> None:
    desk.add("A::B", Front="one", Back='<img src="pic.png">')
    desk.col.media.write_data("pic.png", b"png")
    desk.add("A", "Cloze", Text="{{c1::two}} <img src='data:image/png;base64,AAAA'>")
    desk.sync()
    before, dates = desk.everything(), desk.dates()
    base = {file: file.stat().st_mtime_ns for file in desk.bases()}
    assert desk.plan().is_empty
    report = desk.sync()
    assert (desk.everything(), desk.dates()) == (before, dates)
    assert base == {file: file.stat().st_mtime_ns for file in desk.bases()}
    assert report.counts == {Done.PAGE_UNCHANGED: 2}


def test_planning_writes_nothing(desk: Desk) -> None:
    desk.add(Front="one", Back='<img src="pic.png">')
    desk.col.media.write_data("pic.png", b"png")
    plan = desk.plan()
    assert [page.kind for page in plan.pages] == ["create"]
    assert not any(desk.vault.iterdir())
    assert not desk.state.exists()


def test_ten_edited_notes_touch_exactly_those_pages(desk: Desk) -> None:
    notes = [desk.add(f"Deck {n % 5}", Front=f"Question {n}", Back="…") for n in range(60)]
    desk.sync()
    before = desk.dates()
    for note_id in notes[::6]:
        desk.edit(note_id, Back="another answer")
    report = desk.sync()
    after = desk.dates()
    changed = {path for path in after if after[path] != before.get(path)}
    pages = {str(desk.page(note_id).relative_to(desk.vault)) for note_id in notes[::6]}
    assert {path for path in changed if path.endswith(".md")} == pages
    assert report.counts[Done.PAGE_UPDATED] == 10


def test_an_edit_within_the_same_second_is_seen(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="first")
    desk.sync()
    mod = desk.col.get_note(note_id).mod
    desk.edit(note_id, Back="second")
    desk.col.db.execute("update notes set mod = ? where id = ?", mod, note_id)
    desk.sync()
    assert "second" in desk.page(note_id).read_text("utf-8")


def test_a_page_follows_its_note_to_another_deck_and_keeps_its_name(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.sync()
    name = desk.page(note_id).name
    desk.move(note_id, "New::Place")
    report = desk.sync()
    assert desk.page(note_id) == desk.vault / "New" / "Place" / name
    assert "anki_deck: New::Place\n" in desk.page(note_id).read_text("utf-8")
    assert not (desk.vault / "Old").exists()
    assert report.counts[Done.PAGE_MOVED] == 1


def test_a_renamed_deck_takes_its_pages_along_without_a_question(desk: Desk) -> None:
    notes = [desk.add("Old::Sub", Front=f"q{n}", Back="a") for n in range(30)]
    desk.sync()
    page = desk.page(notes[0])
    page.write_text(page.read_text("utf-8") + "my words\n", "utf-8")
    desk.col.decks.rename(desk.col.decks.id("Old"), "New")
    assert desk.sync().counts[Done.PAGE_MOVED] == 30
    assert desk.page(notes[0]) == desk.vault / "New" / "Sub" / page.name
    assert desk.page(notes[0]).read_text("utf-8").endswith("my words\n")
    assert "anki_deck: New::Sub\n" in desk.page(notes[0]).read_text("utf-8")
    assert not (desk.vault / "Old").exists()
    assert desk.plan().is_empty


def test_a_changed_title_changes_the_alias_and_not_the_name(desk: Desk) -> None:
    note_id = desk.add(Front="First title", Back="a")
    desk.sync()
    page = desk.page(note_id)
    desk.edit(note_id, Front="Second title")
    desk.sync()
    assert desk.page(note_id) == page
    assert "  - Second title\n" in page.read_text("utf-8")
    assert "First title" not in page.read_text("utf-8")
    index = (desk.vault / "Biology" / "_Biology_index.md").read_text("utf-8")
    assert f"[[First title_{note_id}|Second title]]" in index


def test_pages_can_be_renamed_with_their_titles(desk: Desk) -> None:
    desk.set(rename_on_title_change=True)
    note_id = desk.add(Front="First title", Back="a")
    desk.sync()
    desk.edit(note_id, Front="Second title")
    desk.sync()
    assert desk.page(note_id).name == f"Second title_{note_id}.md"


def test_names_without_suffix_stay_apart(desk: Desk) -> None:
    desk.set(filename_suffix="none")
    one = desk.add(Front="Same", Back="1")
    two = desk.add(Front="same", Back="2")
    desk.sync()
    assert desk.page(one).name == "Same.md"
    assert desk.page(two).name == f"same_{two}.md"
    desk.sync()
    assert desk.page(two).name == f"same_{two}.md"


def test_a_page_that_gets_a_name_and_a_deck_at_once_takes_no_other_pages_name(desk: Desk) -> None:
    desk.set(filename_suffix="none", rename_on_title_change=True)
    mine, other = desk.add("A", Front="one", Back="1"), desk.add("B", Front="two", Back="2")
    desk.sync()
    page = desk.page(mine)
    page.rename(page.with_name("two.md"))
    desk.sync()
    desk.edit(mine, Front="two")
    desk.move(mine, "B")
    report = desk.sync()
    assert report.ok, report.messages
    names = [desk.page(each).relative_to(desk.vault).as_posix() for each in (mine, other)]
    assert names == [f"B/two_{mine}.md", "B/two.md"]


def test_a_field_can_end_the_file_name(desk: Desk) -> None:
    desk.set(filename_suffix="Back")
    note_id = desk.add(Front="Capital", Back="<b>Paris</b>")
    desk.sync()
    assert desk.page(note_id).name == "Capital_Paris.md"


def test_a_deleted_note_takes_its_page_along(desk: Desk) -> None:
    gone = desk.add("Old", Front="q", Back="a")
    kept = desk.add("Old", Front="q2", Back="a")
    desk.sync()
    page = desk.page(gone)
    page.write_text(page.read_text("utf-8") + "\nMy own thoughts.\n", "utf-8")
    plain = desk.add("Old", Front="q3", Back="a")
    desk.sync()
    desk.col.remove_notes([gone, plain])
    report = desk.sync()
    assert report.counts[Done.PAGE_DELETED] == 2
    assert [desk.page(kept)] == [
        page for page in (desk.vault / "Old").glob("*.md") if not page.name.startswith("_")
    ]
    (trashed,) = desk.trash().values()
    assert "My own thoughts." in trashed


def test_a_page_deleted_by_hand_comes_back(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.sync()
    desk.page(note_id).unlink()
    desk.add(Front="other", Back="a")
    report = desk.sync()
    assert report.counts[Done.PAGE_RESTORED] == 1
    assert desk.page(note_id).exists()


def test_decks_left_out_have_no_pages(desk: Desk) -> None:
    secret = desk.add("Private::Diary", Front="secret", Back="a")
    shown = desk.add("Open", Front="shown", Back="a")
    desk.sync()
    desk.set(excluded_decks=("private",))
    desk.sync()
    assert not desk.pages(secret)
    assert desk.pages(shown)
    assert not (desk.vault / "Private").exists()
    assert "Private" not in (desk.vault / "_Anki_Collection_Index.md").read_text("utf-8")


def test_a_note_with_cards_in_two_decks_has_one_page_and_two_links(desk: Desk) -> None:
    note_id = desk.add("First", "Basic (and reversed card)", Front="q", Back="a")
    second = desk.col.card_ids_of_note(note_id)[1]
    desk.col.set_deck([second], desk.col.decks.id("Second"))
    desk.sync()
    assert desk.page(note_id).parent.name == "First"
    for deck in ("First", "Second"):
        index = (desk.vault / deck / f"_{deck}_index.md").read_text("utf-8")
        assert f"[[q_{note_id}|q]]" in index


def test_cards_in_a_filtered_deck_count_for_their_home_deck(desk: Desk) -> None:
    note_id = desk.add("Home", Front="q", Back="a")
    desk.sync()
    before = desk.dates()
    deck = desk.col.sched.get_or_create_filtered_deck(0)
    deck.name = "Cramming"
    deck.config.search_terms[0].search = "deck:Home"
    desk.col.sched.add_or_update_filtered_deck(deck)
    assert desk.col.get_card(desk.col.card_ids_of_note(note_id)[0]).odid
    desk.sync()
    assert desk.dates() == before


def test_media_are_copied_once_and_only_when_used(desk: Desk) -> None:
    desk.col.media.write_data("used.png", b"used")
    desk.col.media.write_data("unused.png", b"unused")
    note_id = desk.add(Front="q", Back='<img src="used.png">')
    report = desk.sync()
    assert report.counts[Done.MEDIA_COPIED] == 1
    assert sorted(f.name for f in (desk.vault / "assets").iterdir()) == ["used.png"]
    assert "![[used.png]]" in desk.page(note_id).read_text("utf-8")


def test_an_image_in_the_field_itself_becomes_a_file(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back='<img src="data:image/png;base64,iVBORw0KGgo=">')
    desk.sync()
    (file,) = (desk.vault / "assets").iterdir()
    assert file.read_bytes() == b"\x89PNG\r\n\x1a\n"
    assert f"![[{file.name}]]" in desk.page(note_id).read_text("utf-8")


def test_a_changed_media_file_is_copied_again(desk: Desk) -> None:
    media = Path(desk.col.media.dir())
    (media / "pic.png").write_bytes(b"one")
    desk.add(Front="q", Back='<img src="pic.png">')
    desk.sync()
    (media / "pic.png").write_bytes(b"three")
    desk.sync()
    assert (desk.vault / "assets" / "pic.png").read_bytes() == b"three"
    assert not desk.trash()


def test_links_stay_exact_when_another_file_takes_or_leaves_the_name(desk: Desk) -> None:
    root = desk.vault.parent
    (root / ".obsidian").mkdir()
    desk.set(filename_suffix="none")
    desk.col.media.write_data("pic.png", b"ours")
    note_id = desk.add(Front="q", Back='<img src="pic.png">')
    desk.sync()
    bare = desk.files()
    assert b"![[pic.png]]" in bare["Biology/q.md"]
    assert b"[[q|q]]" in bare["Biology/_Biology_index.md"]
    (root / "Mine").mkdir()
    (root / "Mine" / "PIC.png").write_bytes(b"another picture of that name")
    (root / "Mine" / "Q.md").write_bytes(b"another page of that name")
    desk.sync()
    assert b"![[Anki/assets/pic.png]]" in desk.files()["Biology/q.md"]
    assert b"[[Anki/Biology/q|q]]" in desk.files()["Biology/_Biology_index.md"]
    assert desk.plan().is_empty
    twin = desk.add("Physics", Front="Q", Back="a")
    for file in (root / "Mine").iterdir():
        file.unlink()
    desk.sync()
    assert desk.files()["Biology/q.md"] == bare["Biology/q.md"]
    assert b"[[Anki/Biology/q|q]]" in desk.files()["Biology/_Biology_index.md"]
    desk.col.remove_notes([twin])
    desk.sync()
    assert desk.files() == bare
    assert desk.pages(note_id)


def test_index_pages_can_be_switched_off_and_keep_the_users_words(desk: Desk) -> None:
    desk.add("A", Front="q", Back="a")
    desk.add("B", Front="q", Back="a")
    desk.sync()
    index = desk.vault / "A" / "_A_index.md"
    index.write_text("My plan for this deck\n" + index.read_text("utf-8"), "utf-8")
    desk.add("A", Front="another", Back="a")
    desk.sync()
    assert index.read_text("utf-8").startswith("My plan for this deck\n")
    assert "|another]]" in index.read_text("utf-8")
    desk.set(index_pages=False)
    assert "Index pages: 3 to remove." in explain_plan(desk.plan())
    counts = desk.sync().counts
    assert (counts[Done.INDEX_REMOVED], counts[Done.INDEX_UPDATED]) == (3, 0)
    assert not [path for path in desk.files() if path.endswith("index.md")]
    assert "My plan for this deck" in desk.trash()["A/_A_index.md"]


def test_a_lost_base_adopts_equal_pages_in_silence(desk: Desk) -> None:
    notes = [desk.add("D", Front=f"q{n}", Back='<img src="p.png">') for n in range(5)]
    desk.col.media.write_data("p.png", b"png")
    desk.sync()
    page = desk.page(notes[0])
    page.write_text(page.read_text("utf-8") + "mine\n", "utf-8")
    before = desk.dates()
    desk.lose_base()
    report = desk.sync()
    assert desk.dates() == before
    assert not report.messages
    assert desk.plan().is_empty


def test_a_restored_collection_with_other_ids_finds_its_pages_by_guid(
    desk: Desk, tmp_path: Path
) -> None:
    note_id = desk.add("D", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.write_text(page.read_text("utf-8") + "mine\n", "utf-8")
    guid = desk.col.get_note(note_id).guid
    other = Collection(str(tmp_path / "anki" / "other.anki2"))
    try:
        note = other.new_note(other.models.by_name("Basic"))
        note["Front"], note["Back"], note.guid = "q", "a", guid
        other.add_note(note, other.decks.id("D"))
        settings = replace(desk.settings)
        assert not plan_vault(other, settings, desk.state).messages
        sync_vault(other, settings, desk.state)
        text = page.read_text("utf-8")
        assert f"anki_note_id: {note.id}\n" in text
        assert text.endswith("mine\n")
        assert len(list((desk.vault / "D").glob("q_*.md"))) == 1
    finally:
        other.close()
