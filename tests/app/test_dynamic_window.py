"""The window for dynamic notes, as a person uses it."""

from __future__ import annotations

import base64
from pathlib import Path

from .anki_app import AnkiApp

STRANGE = [
    "a\u00a0b&nbsp;c",
    "line\u2028and\u2029separators",
    "<div>a</div><div style='color:red'>b<br></div>",
    "tabs\tand\r\nline ends\n",
    "<!-- nothing to see -->",
    "<script>x = '</div>'</script>",
    "  spaces  ",
    "\u200b\ufeff",
    "\U0001f600 e\u0301 \u00e9",
    "{{c1::not a cloze}} </script> ]]>",
    "<b>unclosed <i>tags",
    "&lt;b&gt; **not bold** &amp;amp;",
    '<img src="a%20b.png"> [sound:x y.mp3]',
]


def test_make_review_edit_undo_and_open_again(any_anki: AnkiApp) -> None:
    """Each review stays with its card; one Undo takes a save back, in the window too."""
    seen = any_anki.play("make_edit_undo").value

    made = seen["made"]
    first, second, third = made["cards"]
    assert made["note"] == "Osmosis" and made["tags"] == ["biology"]
    assert made["undo"] == "Add Dynamic Note"
    assert [slot for _, slot, _ in made["cards"].values()] == [1, 2, 3]
    assert seen["title"].startswith("Edit Dynamic Note")
    assert seen["rows"] == [
        f"1  What is osmosis? | no reviews · {first}",
        f"2  Which law? | no reviews · {second}",
        f"3  Who? | no reviews · {third}",
    ]
    assert seen["reviewed"] == first
    assert seen["offered"] == seen["offered_in_browser"] == 1
    assert seen["chosen_from_reviewer"]
    assert seen["rows_reviewed"][0] == f"1  What is osmosis? | 1 review · {first}"
    assert seen["rows_edited"] == [
        "What is osmosis? | ⚠ will be removed, with 1 review",
        f"1  Who? | no reviews · {third}",
        seen["rows_edited"][2],
        f"3  Which law? | no reviews · {second}",
    ]
    assert seen["rows_edited"][2].startswith("2  When? | new · ")
    assert seen["preview"].split() == ["When?", "1748", "Note"]
    assert "removes a card with 1 review" in seen["asked"] and "Undo" in seen["asked"]

    edited = seen["edited"]
    (new,) = edited["cards"].keys() - made["cards"].keys()
    assert edited["undo"] == "Update Dynamic Note"
    assert {**edited["cards"], new: 0} == {
        second: made["cards"][second],
        third: made["cards"][third],
        new: 0,
    }
    assert edited["cards"][new][1] == 4
    assert [row.rpartition(" ")[2] for row in seen["rows_saved"]] == [third, new, second]

    undone = seen["undone"]
    assert undone["data"] == made["data"]
    assert undone["cards"] == {**made["cards"], first: [*made["cards"][first][:2], 1]}
    assert seen["rows_undone"] == seen["rows_reopened"] == seen["rows_reviewed"]


def test_every_mistake_is_told_beside_its_card_and_nothing_is_lost(anki: AnkiApp) -> None:
    seen = anki.play("write_mistakes").value

    assert seen["nothing"] == "A note needs at least one card."
    assert seen["status"] == "2 cards have no front."
    assert seen["beside"] == "The front is empty." and seen["chosen"] == 0
    assert [row.rpartition("| ")[2] for row in seen["rows"]][::2] == ["⚠ The front is empty."] * 2
    assert seen["written"] == [0, False]
    assert seen["texts_kept"] == "another"
    assert seen["status_after"] == ""
    assert [row.partition(" | ")[0] for row in seen["saved"]] == [
        "1  first",
        "2  a question",
        "3  third",
    ]
    assert seen["goes_on"] == "third one", "the cursor did not stay where it was"


def test_changes_elsewhere_and_here_are_both_kept(anki: AnkiApp) -> None:
    elsewhere = ["What is <b>osmosis</b>?", "Which law then?"]
    seen = anki.play(
        "change_elsewhere", answers=["Keep Both"], front="Osmosis?", elsewhere=elsewhere
    ).value

    assert "changed elsewhere" in seen["noticed"] and seen["typed"] == "Osmosis?"
    assert "Both can be kept" in seen["asked"][0]
    assert [row.partition(" | ")[0] for row in seen["rows"]] == [
        "1  Osmosis?",
        "2  Which law then?",
        "3  Who?",
    ]
    assert seen["saved"]["tags"] == ["biology", "elsewhere"]
    assert seen["saved"]["undo"] == "Update Dynamic Note"


def test_where_both_changed_the_same_words_one_is_asked(anki: AnkiApp) -> None:
    seen = anki.play(
        "change_elsewhere",
        answers=["Cancel", "The Other"],
        front="Mine",
        elsewhere=["Theirs", "Which law then?"],
    ).value

    first, second = seen["asked"]
    assert first == second and "“Mine” here, “Theirs” elsewhere" in first
    assert [row.partition(" | ")[0] for row in seen["rows"]] == [
        "1  Theirs",
        "2  Which law then?",
        "3  Who?",
    ]


def test_a_deleted_note_stays_in_the_window(anki: AnkiApp) -> None:
    """Undo brings it back there too; without it, Add makes a new one of what stands there."""
    seen = anki.play("delete_and_undo").value

    assert "was deleted" in seen["said"] and "Undo" in seen["said"]
    assert [row.partition(" · ")[0] for row in seen["rows"]] == [
        "1  What is osmosis? | new",
        "2  Which law? | new",
        "3  Who? | new",
    ]
    same, rows = seen["undone"]
    assert same and [row.rpartition(" ")[2] for row in rows] == seen["ids"]
    assert list(seen["again"]["cards"]) == seen["ids"]


def test_closing_asks_what_is_to_become_of_changes(anki: AnkiApp) -> None:
    seen = anki.play("close_unsaved").value

    assert "not saved" in seen["esc"]
    assert seen["open"] == [True, "not saved"]
    assert seen["profile_open"] == [True, True]
    assert seen["saved"] == 1
    assert seen["saved_with_profile"] == 1


def test_haste_adds_a_note_once_and_asks_nothing(anki: AnkiApp) -> None:
    """Who closes the window while the note is being saved has said Add: nothing is unsaved."""
    played = anki.play("add_in_haste")

    assert played.value == {"waits": True, "added": 1}
    assert not [dialog for dialog in played.dialogs if "MessageBox" in dialog["kind"]]


def test_a_note_whose_type_is_changed_is_not_called_deleted(anki: AnkiApp) -> None:
    seen = anki.play("rename_a_field").value

    assert "is no dynamic note any more" in seen["said"] and "deleted" not in seen["said"]
    assert seen["rows"] == 3 and seen["same"]


def test_pictures_and_sounds_come_along(anki: AnkiApp, tmp_path: Path) -> None:
    """By drop and by paste; Anki's media check finds nothing unused and nothing missing."""
    sound = tmp_path / "a song (1).mp3"
    sound.write_bytes(b"ID3")
    picture = Path(__file__).parent.parent.parent / "docs" / "menu.png"
    seen = anki.play("bring_media", picture=str(picture), sound=str(sound)).value

    assert seen["front"] == "Who sings? ![[a song (1).mp3]]"
    assert seen["back"].startswith("![[paste-") and seen["back"].endswith(".png]]A **bird**")
    assert "dynamic_corners.py" in seen["refused"]
    assert seen["shown"].split()[-2:] == ["A", "bird"]
    assert "[sound:a song (1).mp3]" in seen["media"] or "a song (1).mp3" in seen["media"]
    assert not [name for name in (*seen["missing"], *seen["unused"]) if "song" in name]
    assert not [name for name in (*seen["missing"], *seen["unused"]) if "paste" in name]


def test_formatted_text_is_pasted_as_markdown_in_one_step(any_anki: AnkiApp) -> None:
    """With a picture within it, which is then in Anki's media; and as plain text when asked."""
    picture = base64.b64encode((Path(__file__).parents[2] / "docs" / "menu.png").read_bytes())
    html = (
        "<html><body><!--StartFragment--><b style='font-weight:normal'><p>The <span style="
        "'font-weight:700'>heart</span></p><ul><li><p>beats</p></li></ul></b><img src='"
        f"data:image/png;base64,{picture.decode()}'><img src='https://example.com/a.png'><img src='file:///etc/a.png'><!--EndFragment--></body>"
    )
    seen = any_anki.play("paste_formatted", html=html, text="The heart\nbeats").value

    text, _, name = seen["pasted"].partition("![[")
    assert text == "The **heart**\n\n- beats\n\n"
    assert name.startswith("paste-") and name.endswith(".png]][picture](https://example.com/a.png)")
    assert seen["told"].startswith("One picture did not come along")
    assert (seen["undone"], seen["plain"]) == ("", "The heart\nbeats")
    assert "heart" in seen["shown"]
    assert not [name for name in (*seen["missing"], *seen["unused"]) if "paste" in name]


def test_broken_lines_are_joined_and_a_long_text_is_read_while_one_goes_on(
    any_anki: AnkiApp,
) -> None:
    html = "".join(f"<p>Line <b>{number}</b></p>" for number in range(3_000))
    line = "that goes on and on to where the page was full\n"
    seen = any_anki.play("paste_much", html=html, broken=line * 4).value

    assert seen["joined"] == " ".join(line.split() * 4) + "\n"
    assert (seen["at once"], seen["back"]) == ("Before, ", "typed meanwhile")
    assert seen["told"] == "Reading what you paste…"
    assert seen["front"].startswith("Before, Line **0**\n\nLine **1**")
    assert seen["front"].endswith("Line **2999**")
    assert seen["undone"] == "Before, "


def test_cards_are_dropped_where_they_shall_be_and_places_run_out(anki: AnkiApp) -> None:
    seen = anki.play("drop_and_fill").value

    assert [row.split()[1] for row in seen["before"]] == ["What", "Which", "Who?"]
    assert [row.split()[1] for row in seen["dropped"]] == ["Who?", "What", "Which"]
    assert "All 100 places" in seen["places"] and seen["cards"] == 100
    assert "All 100 places" in seen["places_after_removal"] and not seen["can_add"]
    assert seen["saved"] == 99


def test_another_type_of_that_name_is_told(anki: AnkiApp) -> None:
    seen = anki.play("meet_foreign_type", name="Ankivault 0.1.0").value

    assert "Manage Note Types" in seen["said"]
    assert seen["kept"] == "a question"


def test_a_card_that_is_not_edited_keeps_its_html(anki: AnkiApp) -> None:
    """Byte for byte, whatever it holds, when another card of the note is edited."""
    seen = anki.play("edit_one_of_many", texts=STRANGE).value

    assert seen["cards"] > 60
    assert not seen["changed_by_opening"] and not seen["changed_by_looking"]
    assert seen["others"] == ["to edit"] and seen["last"] == "edited"
    assert seen["note_kept"]


def test_a_new_card_can_take_the_id_and_place_of_a_removed_one(anki: AnkiApp) -> None:
    seen = anki.play("change_id", ids=["a [b]", " "]).value

    first = seen["first"]
    assert "“a [b]” cannot be" in seen["said"][0] and "cannot be" in seen["said"][1]
    assert seen["said"][2] == ""
    assert seen["places"] == "3 of 100 places used"
    assert seen["saved"][first][1] == 1


def test_another_note_in_the_same_window(anki: AnkiApp) -> None:
    """A new one keeps deck and tags; what is not saved is asked about; other notes are told."""
    seen = anki.play("edit_another", front="*mitosis*").value

    assert (seen["tags"], seen["note"]) == ("biology", "")
    assert seen["kept"] == ["half a thought", True]
    assert [row.split()[1] for row in seen["rows"]] == ["What", "Which", "Who?"]
    assert seen["offered_for_others"] == 0


def test_a_damaged_note_is_mended_by_saving(anki: AnkiApp) -> None:
    seen = anki.play("mend_damage").value

    assert "damaged" in seen["said"] and "Saving repairs" in seen["said"]
    assert len(seen["rows"]) == 3
    before, after = seen["cards"]
    assert before == after
    assert seen["problems"] == []
