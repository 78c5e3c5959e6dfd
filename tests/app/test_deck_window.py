"""TOML decks as a person uses them, in real Anki's window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from .anki_app import FIRST_PROFILE, AnkiApp
from .ankiweb import AnkiWeb
from .test_ankiweb import assert_nothing_modal, log_in

WORDS = {"el gato": "the cat", "el perro": "the dog", "la vaca": "the cow"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A deck that somebody wrote by hand."""
    lines = [
        "# my animals",
        '[package]\nname = "Animals"',
        '[[models]]\nname = "Animal"\nfields = ["Spanish", "English"]\nsort_field = "Spanish"',
        'markdown_fields = ["English"]',
        '[[models.templates]]\nname = "Card 1"\nfront = "{{Spanish}}"\nback = "{{English}}"',
        '[[decks]]\nname = "Spanish::Animals"',
    ]
    for spanish, english in WORDS.items():
        lines.append('[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"')
        lines.append(f'[notes.fields]\nSpanish = "{spanish}"\nEnglish = "{english}"')
    target = tmp_path / "decks" / "animals.toml"
    target.parent.mkdir()
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def test_add_preview_sync_and_undo(any_anki: AnkiApp, file: Path) -> None:
    """The preview does what it shows, Anki's screens follow, and one Undo takes it back."""
    seen = any_anki.play("add_preview_sync_undo", file=str(file)).value

    assert seen["name"] == "Animals"
    assert seen["state"] == "Not synced yet"
    assert "3 only in TOML, 0 only in Anki, 0 modified, 0 unchanged" in seen["preview"]
    assert [row[:2] for row in seen["rows"][:3]] == [["Only in TOML", word] for word in WORDS]
    assert ["Note type", "Animal"] in [row[:2] for row in seen["rows"]]
    assert [row[1] for row in seen["found"]] == ["el perro"]
    assert "the dog" in seen["sides"] and "not there" in seen["sides"]
    assert seen["notes_before"] == seen["notes"], "the preview wrote something"
    assert "3 notes added to Anki" in seen["told"]
    assert seen["notes_after"] == seen["notes"] + 3
    assert True in seen["refreshed"]
    assert seen["undo_after"] == "Sync TOML Deck"
    assert seen["state_after"] == "In step"
    assert file.read_text(encoding="utf-8").count("note_id = ") == 3
    own = any_anki.base / "addons21" / "ankivault" / "vendor" / "lib"
    assert {"tomlkit", "markdown_it", "mdurl"} <= set(seen["libraries"])
    assert all(own in Path(path).parents for path in seen["libraries"].values())


def test_conflicts_are_settled_one_by_one(anki: AnkiApp, file: Path) -> None:
    """One for TOML, one for Anki, one left: each side gets what was clicked and nothing else."""
    edits = {"el gato": "a cat", "el perro": "a dog", "la vaca": "a cow"}
    seen = anki.play("settle_conflict", file=str(file), edits=edits).value

    assert seen["state"] == "File edited since"
    assert "3 conflicts to settle" in seen["before"]
    assert seen["filter"] == "Changes (3)"
    assert "a dog in TOML" in seen["sides"] and "a dog in Anki" in seen["sides"]
    assert "1 conflict to settle" in seen["after"]
    assert seen["english"] == ["a cat in TOML", "a dog in Anki", "a cow in Anki"]
    text = file.read_text(encoding="utf-8")
    assert [f'English = "{e}"' in text for e in ("a cat in TOML", "a dog in Anki")] == [True] * 2
    assert 'English = "a cow in TOML"' in text
    assert seen["state_after"] == "1 conflict left"


def test_the_same_for_all_settles_what_is_open(anki: AnkiApp, file: Path) -> None:
    """The first by a key, the others like it; Esc does not lose the answers."""
    edits = {"el gato": "a cat", "el perro": "a dog", "la vaca": "a cow"}

    seen = anki.play("settle_alike", file=str(file), edits=edits).value

    assert seen["offers"] == ["The Same for All 3 Open…", "“Use Anki” for All 2 Open"]
    assert seen["next"] != seen["first"][1], "the selection stayed where it was"
    assert not seen["still_offered"]
    assert "3 answers" in seen["asked"]
    assert seen["english"] == [f"{word} in Anki" for word in edits.values()]
    assert "in TOML" not in file.read_text(encoding="utf-8")


def test_answers_given_while_a_plan_is_made_are_kept(anki: AnkiApp, file: Path) -> None:
    edits = {"el gato": "a cat", "el perro": "a dog", "la vaca": "a cow"}

    seen = anki.play("settle_at_once", file=str(file), edits=edits).value

    assert seen["planning"] == [True] * 3 and not seen["left"]
    assert seen["english"] == [f"{word} in TOML" for word in edits.values()]


def test_the_list_may_be_closed_while_it_works(any_anki: AnkiApp, file: Path) -> None:
    """What was begun is done and told; the progress window does not go with the list."""
    seen = any_anki.play("close_while_it_works", file=str(file)).value

    assert [told["text"] for told in seen["sync_button"] if told["kind"] == "tooltip"] == [
        "1 deck created, 1 note type created, 3 notes added to Anki."
    ]
    assert seen["refresh"] == []
    assert [told["title"] for told in seen["preview_button"]] == [
        "Ankivault: Preview of animals.toml"
    ]


def test_a_double_click_removes_one_link(anki: AnkiApp, file: Path) -> None:
    other, third = file.with_name("other.toml"), file.with_name("third.toml")
    for copy in (other, third):
        copy.write_bytes(file.read_bytes())

    left = anki.play("double_click_remove", files=[str(file), str(other), str(third)]).value

    assert left == ["animals.toml", "other.toml"]


def test_a_deck_that_is_deleted_while_export_asks_is_told(anki: AnkiApp, tmp_path: Path) -> None:
    target = tmp_path / "gone.toml"

    seen = anki.play("export_a_deck_that_goes", deck="Gone::Deck", file=str(target)).value

    assert seen["visible"] and "not in Anki any more" in seen["problem"].replace("\u200b", "")
    assert seen["other"] and not target.exists()


def test_notes_are_deleted_only_when_asked_and_confirmed(anki: AnkiApp, file: Path) -> None:
    seen = anki.play("delete_and_settle", file=str(file), word="el perro").value

    assert any(row[1] == "el perro" and "until you decide" in row[3] for row in seen["rows"])
    assert "deletes 1 note from Anki" in seen["question"]
    assert seen["notes_after"] == seen["notes"] - 1


def test_a_person_chooses_what_is_carried_and_it_is_remembered(anki: AnkiApp, file: Path) -> None:
    """Each box changes the plan at once; a later run, and the preview opened again, go by it."""
    seen = anki.play(
        "choose_what_is_carried", file=str(file), new_in_anki="la rana", tag="pets"
    ).value

    def outcomes(plan: list[list[str]]) -> dict[str, str]:
        return {row[1]: row[3] for row in plan if row[1] in ("el pato", "la rana", "el gato")}

    everything, no_push, no_pull, no_tags, ticked_again = map(outcomes, seen["plans"])
    assert "→ added to Anki" in everything["el pato"]
    assert "← written to the file" in everything["la rana"]
    assert everything["el gato"] == "→ to Anki (Tags)"
    assert no_push == {**everything, "el pato": no_push["el pato"]}
    assert no_push["el pato"] == "left as it is: not in Anki; this run adds no notes there"
    assert no_pull == {**no_push, "la rana": no_pull["la rana"]}
    assert no_pull["la rana"] == "left as it is: not in the file; this run adds no notes there"
    assert no_tags == {**no_pull, "el gato": no_tags["el gato"]}
    assert "left as it is" in no_tags["el gato"]
    names = ("push_new_notes", "pull_new_notes", "update_tags")
    kept = [[deck[name] for name in names] for deck in seen["kept"]]
    assert kept == [[n >= count for n in range(3)] for count in range(4)]
    assert seen["again"] == [False] * 3
    assert seen["notes"] == 4, "the run from the list did not go by what was kept"
    assert seen["tagged"] == 0 and "la rana" not in seen["text"]
    assert ticked_again == everything
    assert seen["notes_after"] == 5
    assert seen["tagged_after"] == 1 and "la rana" in seen["text_after"]


def test_export_from_the_gear_menu(any_anki: AnkiApp, tmp_path: Path) -> None:
    """The new file is linked, in step at once, and a sync of it changes nothing."""
    target = tmp_path / "biology.toml"
    markdown = ["Basic.Back"]
    seen = any_anki.play(
        "export_from_gear_menu", deck="Biology", file=str(target), markdown=markdown
    ).value

    assert seen["after_enter"] == [True, True, True]
    assert seen["deck"] == "Biology"
    assert "Basic.Back" in seen["fields"]
    assert "notes exported" in seen["told"]
    assert 'name = "Biology::Cell"' in seen["text"]
    assert 'markdown_fields = [\n    "Back",\n]' in seen["text"] or '["Back"]' in seen["text"]
    assert seen["state"] == "In step"
    assert seen["synced"].startswith("Nothing to do") and seen["unchanged"]
    (linked,) = seen["linked"]
    assert linked["path"] == str(target) and linked["strategy"] == "bidirectional"


def test_runs_before_ankiweb_sync(
    anki: AnkiApp, ankiweb: AnkiWeb, file: Path, tmp_path: Path
) -> None:
    """What the file brings is in Anki before AnkiWeb sync begins, and so reaches the server."""
    anki = log_in(anki, ankiweb, auto_sync=False)
    played = anki.play("sync_button_with_decks", file=str(file), search="Spanish:el*", text="")

    assert set(WORDS) <= set(ankiweb.first_fields(tmp_path))
    assert any("3 notes added to Anki" in text for text in played.tooltips)
    assert all(linked["before_ankiweb_sync"] for linked in played.value["linked"])
    kinds = [d for d in played.dialogs if d["title"] != "Ankivault: TOML Decks"]
    assert_nothing_modal(replace(played, dialogs=kinds))


def test_conflicts_and_broken_files_never_stop_ankiweb_sync(
    own_anki: AnkiApp, ankiweb: AnkiWeb, file: Path, tmp_path: Path
) -> None:
    """An automatic run leaves conflicts, even where the file's policy would settle them."""
    col = Collection(str(own_anki.collection_file()))
    notetype = col.models.new("Animal")
    for name in ("Spanish", "English"):
        col.models.add_field(notetype, col.models.new_field(name))
    template = col.models.new_template("Card 1")
    template["qfmt"], template["afmt"] = "{{Spanish}}", "{{English}}"
    col.models.add_template(notetype, template)
    col.models.add_dict(notetype)
    note = col.new_note(col.models.by_name("Animal"))
    note.fields = ["el gato", "something else"]
    col.add_note(note, col.decks.id("Spanish::Animals"))
    col.close()
    broken = file.with_name("broken.toml")
    broken.write_text("[package\n", encoding="utf-8")
    linked: list[dict[str, Any]] = [
        {"path": str(broken), "before_ankiweb_sync": True},
        {"path": str(file), "before_ankiweb_sync": True, "on_conflict": "prefer_toml"},
        {"path": str(tmp_path / "nowhere.toml"), "before_ankiweb_sync": True, "strategy": 7},
        "nonsense",
    ]
    anki = log_in(own_anki, ankiweb, auto_sync=True, toml_decks=linked)

    played = anki.play("look")

    assert {"el perro", "la vaca"} <= set(ankiweb.first_fields(tmp_path))
    told = next(text for text in played.tooltips if "TOML decks" in text)
    assert "2 notes added to Anki" in told and "broken.toml" in told
    assert "1 conflict was left on both sides" in told
    assert_nothing_modal(played)
    col = Collection(str(anki.collection_file()))
    assert col.get_note(note.id)["English"] == "something else"
    col.close()
    assert 'English = "the cat"' in file.read_text(encoding="utf-8")


def test_settings_keep_the_linked_decks(anki: AnkiApp, vault: Path, file: Path) -> None:
    linked = {"ankivault": {"toml_decks": [{"path": str(file)}]}}
    anki = replace(anki, profiles={FIRST_PROFILE: linked})

    first = anki.play("configure_and_sync", folder=str(vault), leave_out="Spanish")

    assert "pages created" in first.value["summary"]
    assert anki.play("linked_paths").value == [str(file)]


def test_a_full_ankiweb_sync_is_forced_only_when_agreed(
    anki: AnkiApp, ankiweb: AnkiWeb, file: Path
) -> None:
    """A note type is changed when the run is let, and Anki's own question is answered with yes."""
    anki = log_in(anki, ankiweb, auto_sync=False)
    seen = anki.play("change_note_type", file=str(file), answers=["No", "Yes"]).value

    assert [row[1] for row in seen["left"]] == ["Animal"] and "left" in seen["left"][0][3]
    assert ["full upload" in question for question in seen["questions"]] == [True, True]
    assert seen["fields"] == [["Spanish", "English"], ["Spanish", "English", "Extra"]]


def add_words(file: Path, count: int) -> None:
    with file.open("a", encoding="utf-8") as text:
        for number in range(count):
            text.write('[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"\n')
            text.write(f'[notes.fields]\nSpanish = "word {number}"\nEnglish = "**{number}**"\n')


def test_a_cancelled_sync_is_completed_by_the_next(anki: AnkiApp, file: Path) -> None:
    add_words(file, 6000)
    seen = anki.play("cancel_a_sync", file=str(file)).value

    assert "Cancelled" in seen["told"]
    assert seen["before"] < seen["midway"] < seen["before"] + 6003
    assert seen["after"] == seen["before"] + 6003


def test_a_large_preview_is_searched(anki: AnkiApp, file: Path) -> None:
    add_words(file, 10_000)
    rows = anki.play("search_large_preview", file=str(file)).value

    assert rows == sum("77" in str(number) for number in range(10_000))


def test_errors_are_shown_with_their_lines_and_media_conflicts_settled(
    anki: AnkiApp, file: Path
) -> None:
    file.with_name("moo.mp3").write_bytes(b"beside the file")
    with file.open("a", encoding="utf-8") as text:
        text.write('[[media]]\nname = "moo.mp3"\npath = "moo.mp3"\n')
    lines = len(file.read_text(encoding="utf-8").splitlines())

    seen = anki.play("preview_errors", file=str(file), broken="[[notes]\n", media="moo.mp3").value

    where = [row[2] for row in seen["problems"] if row[0] == "Error"]
    assert where and all(
        place.startswith("animals.toml:") and int(place.rpartition(":")[2]) > lines
        for place in where
    )
    assert "nothing was written" in seen["refusal"] and not seen["can_sync"]
    assert seen["asked"] == ["Use TOML", "Use Anki", "Leave"]
    assert seen["media"] == "beside the file"
    assert "3 notes added to Anki" in seen["told"]


def test_the_open_list_follows_what_changes_on_either_side(
    anki: AnkiApp, file: Path, tmp_path: Path
) -> None:
    told = anki.play("look_at_state", file=str(file), picture=str(tmp_path / "decks.png")).value

    assert told == [
        "1 note changed in Anki since",
        "File edited since, and 1 note changed in Anki since",
    ]
