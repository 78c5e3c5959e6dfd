"""The user's file and media: every byte stays that did not have to change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ankivault.convert.deck_file import items, toml_scan
from ankivault.sync.deck.base import DECK_BASE
from ankivault.sync.deck.run import check_file
from ankivault.sync.run.errors import DeckFileUnavailable
from tests.desks.deck_desk import HEAD, DeckDesk, note, open_desk

__all__ = ["open_desk"]

LIVELY = (
    HEAD
    + '''

# ---- notes, by hand ----

[[notes]]   # the first
model = 'Vocab'          # model first
deck  =   "Spanish"
tags = [
  "food",   # why not
  'animal',
]


[notes.fields]
English = """
the cat
 (animal)"""    # two lines
Spanish = 'el gato'
Example = \'\'\'**El gato** es "negro" \\ y #1.\'\'\'

# between

  [[notes]]
  deck = "Spanish::Verbs"
  model = "Vocab"
  fields = { Spanish = "ser", English = "to be" }  # inline

# the end, without a line break'''
)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_write_back_keeps_everything_else(desk: DeckDesk, ending: str, mark: str) -> None:
    desk.write(head=mark + LIVELY.replace("\n", ending))
    before = desk.text
    assert desk.sync().ok
    gato, ser = desk.ids()
    without = [line for line in desk.text.split(ending) if "note_id" not in line]
    assert ending.join(without) == before
    assert f"note_id = {gato}" in desk.text and f"note_id = {ser}" in desk.text
    assert desk.fields(gato) == [
        "el gato",
        "the cat\n (animal)",
        '<b>El gato</b> es "negro" \\ y #1.',
    ]
    desk.assert_settled()

    before = desk.text
    desk.edit(gato, English="the tomcat", tags="food animal new")
    desk.edit(ser, English="being")
    desk.col.set_deck(desk.col.card_ids_of_note(ser), desk.col.decks.id("Spanish"))
    assert desk.sync().ok
    for kept in ("# keep this", "# the first", "# why not", "# between", "# inline", "# model fi"):
        assert kept in desk.text or kept == "# keep this"
    assert desk.text.startswith(mark + "# My Spanish deck: keep this comment.")
    assert desk.text.endswith("# the end, without a line break")
    changed = {*before.split(ending)} ^ {*desk.text.split(ending)}
    assert len(changed) <= 12, changed
    assert ("\r\n" in desk.text) == (ending == "\r\n")
    assert desk.text.count("\n") == desk.text.count(ending)
    desk.assert_settled()


def test_pulled_notes_bring_their_declarations(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    basic = desk.col.new_note(desk.col.models.by_name("Basic (and reversed card)"))
    basic.fields, basic.tags = ["front ''' \"\"\"", "back\t\\ {{c1::x}}\n#"], ["t"]
    desk.col.add_note(basic, desk.col.decks.id("Spanish::Verbs"))
    notetype = desk.col.models.by_name("Vocab")
    desk.col.models.add_field(notetype, desk.col.models.new_field("Hint"))
    desk.col.models.update_dict(notetype)
    dos = desk.add("dos", "two")
    desk.edit(dos, Hint="a hint", Example="<ul><li>a</li></ul>")

    report = desk.sync()
    assert report.ok
    assert not [p for p in check_file(desk.file) if p.level == "error"]
    assert 'name = "Basic (and reversed card)"' in desk.text and '"Hint"' in desk.text
    desk.assert_settled()
    notes = [desk.fields(id_) for id_ in desk.ids()]
    desk.change("a hint", "another hint")
    assert desk.sync().ok and desk.fields(dos)[3] == "another hint"

    other = DeckDesk(desk.folder / "other")
    other.file.write_text(desk.text.replace("another hint", "a hint"))
    assert other.sync(strategy="push_only").ok
    assert sorted(other.fields(id_) for id_ in other.ids()) == sorted(notes)
    other.col.close()


def media_entry(name: str, path: str) -> str:
    return f'\n[[media]]\nname = "{name}"\npath = "{path}"\n'


def test_media_travel_beside_the_file(desk: DeckDesk) -> None:
    folder, anki = desk.file.parent, Path(desk.col.media.dir())
    (folder / "media").mkdir()
    (folder / "media" / "cat.png").write_bytes(b"cat")
    desk.write(
        note("uno", '<img src="cat.png">', example="![](media/cat.png) ![[cat.png]]"),
        media_entry("cat.png", "media/cat.png"),
    )
    assert desk.sync().ok
    assert (anki / "cat.png").read_bytes() == b"cat"
    (uno,) = desk.ids()
    assert desk.fields(uno)[2].count('src="cat.png"') == 2
    desk.assert_settled()

    (folder / "media" / "cat.png").write_bytes(b"a better cat")
    assert desk.sync().ok and (anki / "cat.png").read_bytes() == b"a better cat"
    desk.col.media.trash_files(["cat.png"])
    desk.col.media.write_data("cat.png", b"Anki's cat")
    assert desk.sync().ok
    assert (folder / "media" / "cat.png").read_bytes() == b"Anki's cat"

    desk.col.media.write_data("new dog.png", b"dog")
    desk.edit(uno, English='<img src="new dog.png">')
    assert desk.sync().ok
    assert 'name = "new dog.png"' in desk.text
    assert b"dog" in [file.read_bytes() for file in (folder / "media").iterdir()]
    desk.assert_settled()


@pytest.mark.parametrize("policy", ["skip", "fail", "prefer_toml", "prefer_anki"])
def test_media_of_the_same_name_are_a_conflict(desk: DeckDesk, policy: str) -> None:
    anki, mine = Path(desk.col.media.dir()) / "cat.png", desk.file.parent / "cat.png"
    desk.col.media.write_data("cat.png", b"Anki")
    mine.write_bytes(b"file")
    desk.write(note("uno"), media_entry("cat.png", "cat.png"))
    plan = desk.plan(on_conflict=policy)
    assert [media.conflict for media in plan.media] == [True]
    assert plan.counts["conflicts"] == int(not policy.startswith("prefer"))
    assert desk.sync(on_conflict=policy).ok == (policy != "fail")
    assert bool(desk.ids()) == (policy != "fail")
    left = {"prefer_toml": [b"file"] * 2, "prefer_anki": [b"Anki"] * 2}
    assert [mine.read_bytes(), anki.read_bytes()] == left.get(policy, [b"file", b"Anki"])


def test_media_that_are_missing_or_outside_stop_the_run(desk: DeckDesk) -> None:
    outside = desk.folder / "secret.png"
    outside.write_bytes(b"secret")
    (desk.file.parent / "link.png").symlink_to(outside)
    for path in ("gone.png", "../secret.png", str(outside), "link.png", "media/../../secret.png"):
        desk.write(note("uno"), media_entry("x.png", path))
        snapshot, text = desk.snapshot(), desk.text
        report = desk.sync()
        assert not report.ok and [m for m in report.messages if m.level == "error"]
        assert (desk.snapshot(), desk.text) == (snapshot, text)
        assert not (Path(desk.col.media.dir()) / "x.png").exists()
        assert [p.level for p in check_file(desk.file)] == ["error"], path


def test_media_that_come_late_travel_with_the_next_run(desk: DeckDesk) -> None:
    desk.write(note("uno", example="![[late.png]]"), media_entry("late.png", "media/late.png"))
    assert "There is no file “media/late.png”" in desk.told(desk.sync(), "late.png").text
    (desk.file.parent / "media").mkdir()
    (desk.file.parent / "media/late.png").write_bytes(b"the file")
    assert desk.sync().ok and desk.fields(desk.find("uno"))[2] == '<img src="late.png">'
    assert (Path(desk.col.media.dir()) / "late.png").read_bytes() == b"the file"


def test_a_read_only_file_is_refused_before_anki_is_written(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    (uno,) = desk.ids()
    desk.change('"one"', '"1"')
    desk.file.chmod(0o444)
    assert desk.sync().ok and desk.fields(uno)[1] == "1"  # nothing to write in the file
    desk.file.chmod(0o644)
    desk.file.write_text(desk.text + note("dos"))
    desk.file.chmod(0o444)
    snapshot = desk.snapshot()
    with pytest.raises(DeckFileUnavailable, match="read-only"):
        desk.sync()
    assert desk.snapshot() == snapshot


def test_what_changed_since_the_preview_is_not_overwritten(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"), note("dos", "two"))
    desk.sync()
    uno, dos = desk.ids()
    desk.change('"one"', '"1"')
    plan = desk.plan()
    desk.change('"two"', '"2"')
    text, snapshot = desk.text, desk.snapshot()
    report = desk.apply(plan)
    assert not report.ok and "changed since" in desk.told(report, "preview").text
    assert (desk.text, desk.snapshot()) == (text, snapshot)

    plan = desk.plan()
    desk.edit(uno, English="edited meanwhile")
    report = desk.apply(plan)
    assert desk.told(report, "changed in Anki").note_id == uno
    assert desk.fields(uno)[1] == "edited meanwhile" and desk.fields(dos)[1] == "2"
    assert desk.plan().counts["conflicts"] == 1


def test_a_linked_file_and_its_permissions_stay(desk: DeckDesk) -> None:
    real = desk.folder / "real.toml"
    real.write_text(HEAD + note("uno"))
    real.chmod(0o640)
    desk.file.symlink_to(real)
    assert desk.sync().ok
    assert desk.file.is_symlink() and "note_id" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in desk.file.parent.iterdir()] == [desk.file.name]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (HEAD.encode() + b"# caf\xe9 in Latin-1\n", HEAD.count("\n") + 1),
        (HEAD.encode("utf-16"), 1),
        (b"", 1),
        (HEAD.encode() + b"[[notes]\n", HEAD.count("\n") + 1),
        (HEAD.replace("fields = [", "feilds = [", 1).encode(), 5),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_run(desk: DeckDesk, data: bytes, line: int) -> None:
    desk.file.write_bytes(data)
    snapshot = desk.snapshot()
    report = desk.sync()
    assert not report.ok and desk.snapshot() == snapshot and desk.file.read_bytes() == data
    problems = check_file(desk.file)
    assert [p.line for p in problems if p.level == "error"][:1] == [line], problems


def test_a_missing_file_is_told(desk: DeckDesk) -> None:
    assert "no such file" in desk.told(desk.sync(), "file.").text


def test_every_problem_is_told_at_once_and_nothing_is_made(desk: DeckDesk) -> None:
    bad = note("bad model").replace('"Vocab"', '"Vocap"')
    media = '\n[[media]]\nname = "a.mp3"\npath = "a.mp3"\n'
    desk.write(note("good"), note(""), bad, media)
    snapshot, data = desk.snapshot(), desk.file.read_bytes()
    for strategy in ("push_only", "bidirectional", "pull_only"):
        report = desk.sync(strategy=strategy)
        assert not report.ok and desk.told(report, "did you mean “Vocab”")
        assert desk.told(report, "first field") and desk.told(report, "nothing was written")
        assert strategy == "pull_only" or desk.told(report, "no file “a.mp3”")
        assert (desk.snapshot(), desk.file.read_bytes()) == (snapshot, data)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('back = "{{English}}', 'back = "{{Englisch}}', "Englisch"),
        ('front = "{{Spanish}}', 'front = "Spanish', "field replacement"),
        ('front = "{{Spanish}}', 'front = "{{#Spanish}}x', "problem"),
        ('"Example"]\nsort', '"Example", "A:b"]\nsort', "call it “Ab”"),
        ('name = "Spanish::Verbs"', 'name = "Cram::Verbs"', "Cram"),
        ('model_type = "standard"', 'model_type = "cloze"', "no cloze on the front"),
    ],
)
def test_what_anki_would_refuse_is_told_before_anything_is_made(
    desk: DeckDesk, old: str, new: str, word: str
) -> None:
    filtered = desk.col.sched.get_or_create_filtered_deck(0)
    filtered.name, filtered.allow_empty = "Cram", True
    desk.col.sched.add_or_update_filtered_deck(filtered)
    assert old in HEAD
    desk.write(note("uno"), head=HEAD.replace(old, new))
    (desk.file.parent / "a.mp3").write_bytes(b"a")
    desk.file.write_bytes(desk.file.read_bytes() + b'\n[[media]]\nname = "a.mp3"\npath = "a.mp3"\n')
    snapshot, data = desk.snapshot(), desk.file.read_bytes()
    told = desk.told(desk.sync(), word)
    assert told.level == "error" and f"{desk.file}:" in str(told.path)
    assert (desk.snapshot(), desk.file.read_bytes()) == (snapshot, data)
    assert not list(Path(desk.col.media.dir()).iterdir())


def test_a_model_of_the_other_kind_is_told_before_anything_is_made(desk: DeckDesk) -> None:
    desk.write(
        note("uno"), head=HEAD.replace('"Vocab"', '"Cloze"').replace('name = "Spa', 'name = "New')
    )
    desk.file.write_bytes(
        desk.file.read_bytes()
        .replace(b'"Vocab"', b'"Cloze"')
        .replace(b'deck = "Spa', b'deck = "New')
    )
    snapshot = desk.snapshot()
    assert desk.told(desk.sync(), "One cannot become the other").level == "error"
    assert desk.snapshot() == snapshot


def test_ids_of_models_and_decks_are_taken_as_they_are(desk: DeckDesk) -> None:
    head = HEAD.replace("model_type", "id = 1607392319\nmodel_type")
    desk.write(
        note("uno"), head=head.replace('name = "Spanish::Verbs"', 'name = "Spanish::Verbs"\nid = 7')
    )
    assert desk.sync().messages == ()
    assert "id = 1607392319\n" in desk.text and "id = 7\n" in desk.text
    desk.assert_settled()


def test_a_cloze_model_may_leave_its_templates_out(desk: DeckDesk) -> None:
    head = """\
[package]
name = "Gaps"

[[models]]
name = "Gap"
model_type = "cloze"
fields = ["Text", "Extra"]

[[decks]]
name = "Gaps"

[[notes]]
deck = "Gaps"
model = "Gap"

[notes.fields]
Text = "{{c1::Rome}} fell"
"""
    desk.write(head=head)
    assert desk.sync().ok
    (template,) = desk.notetype("Gap")["tmpls"]
    assert template["qfmt"] == "{{cloze:Text}}"
    assert template["afmt"] == "{{cloze:Text}}<br>\n{{Extra}}"
    assert desk.col.db.scalar("select count() from cards") == 1
    desk.assert_settled()
    assert "templates" not in desk.text
    notetype = desk.notetype("Gap")
    notetype["css"] = ".card {}"
    notetype["tmpls"][0]["afmt"] += "!"
    desk.col.models.update_dict(notetype)
    desk.sync(change_models=True)
    assert desk.notetype("Gap")["tmpls"][0]["afmt"].endswith("!")
    assert "templates" not in desk.text
    desk.write(head=head.replace("cloze", "standard"))
    assert desk.told(desk.sync(), "has no templates")


def test_a_run_brings_no_new_notes_where_it_is_not_to(desk: DeckDesk) -> None:
    desk.write(note("uno"))
    desk.sync()
    desk.add("dos")
    desk.write(note("uno", note_id=desk.find("uno")), note("tres"))
    off = {"pull_new_notes": False, "push_new_notes": False}
    assert desk.sync(**off).ok
    assert len(desk.ids()) == 2 and "dos" not in desk.text
    desk.sync(push_new_notes=False)
    assert len(desk.ids()) == 2 and "dos" in desk.text
    desk.sync()
    assert len(desk.ids()) == 3
    desk.assert_settled()


def test_a_run_leaves_tags_where_it_is_to(desk: DeckDesk) -> None:
    desk.write(note("uno", "one", tags=["a"]))
    desk.sync()
    (id_,) = desk.ids()
    desk.change('tags = ["a"]', 'tags = ["a", "b"]')
    desk.change('"one"', '"1"')
    desk.sync(update_tags=False)
    assert desk.fields(id_)[1] == "1" and desk.col.get_note(id_).tags == ["a"]
    desk.edit(id_, tags="a c")
    desk.sync()
    assert sorted(desk.col.get_note(id_).tags) == ["a", "b", "c"]
    desk.assert_settled()


def test_a_lost_or_damaged_base_costs_nothing(desk: DeckDesk) -> None:
    desk.write(note("uno", "one", example="* a\n* b"), note("dos", "two", tags=["t"]))
    desk.sync()
    text, snapshot = desk.text, desk.snapshot()
    base = DECK_BASE.file(desk.state, desk.file)
    for damage in (lambda: base.unlink(), lambda: base.write_bytes(os.urandom(5000))):
        damage()
        assert desk.plan().counts["unchanged"] == 2
        assert desk.sync().ok
        assert (desk.text, desk.snapshot()) == (text, snapshot)
        desk.assert_settled()


def test_a_file_of_20_mb(desk: DeckDesk) -> None:
    desk.write(*(note(f"palabra {n}", "word " * 2000) for n in range(2000)))
    assert desk.file.stat().st_size > 20_000_000
    assert desk.sync().ok and len(desk.ids()) == 2000
    desk.edit(desk.find("palabra 77"), English="short")
    assert desk.sync().ok and 'English = "short"' in desk.text
    desk.assert_settled()


def test_an_export_never_replaces_a_file(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    text = desk.text
    with pytest.raises(DeckFileUnavailable, match="exists already"):
        desk.export("Spanish", desk.file)
    assert desk.text == text
    new = desk.folder / "new" / "deck.toml"
    desk.export("Spanish", new, markdown_fields=["Vocab.Example"])
    first = new.read_bytes()
    desk.export("Spanish", new, markdown_fields=["Vocab.Example"])
    assert new.read_bytes() == first


def test_the_file_is_looked_through_once_however_much_of_it_is_refused(
    desk: DeckDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def find_blocks(text: str) -> list[toml_scan.Block]:
        looks.append(text)
        return toml_scan.find_blocks(text)

    monkeypatch.setattr(items, "find_blocks", find_blocks)
    refused = "first\n<!-- ==a==%%c1%% -->"
    for number in (2, 20):
        looks.clear()
        desk.write(*(note(f"word {n}", example=refused) for n in range(number)))
        lines = [p.line for p in desk.plan().problems if "not added" in p.message]
        assert len(lines) == number and len(looks) == 1
        assert all("Example" in desk.text.splitlines()[line - 1] for line in lines)


def test_media_stay_in_the_folder_where_a_link_leads_out_of_it(desk: DeckDesk) -> None:
    outside = desk.folder / "large disk"
    outside.mkdir()
    (desk.file.parent / "media").symlink_to(outside)
    desk.write(note("uno"))
    desk.sync()
    (Path(desk.col.media.dir()) / "dog.png").write_bytes(b"a dog")
    desk.add("dos", '<img src="dog.png">')
    assert desk.sync().ok
    assert not any(outside.iterdir())
    assert (desk.file.parent / "dog.png").read_bytes() == b"a dog"
    desk.assert_settled()
    desk.export("Spanish", desk.file.parent / "exported.toml")
    assert not any(outside.iterdir())
