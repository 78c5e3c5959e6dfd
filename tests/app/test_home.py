"""Home: the window where a person sees how things stand, and what they can do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection

from ankivault.ui.home.cards import mood_of
from tests.desks.deck_desk import HEAD, note

from .anki_app import AnkiApp
from .test_window_corners import with_settings


def test_a_question_is_answered_from_the_sign(any_anki: AnkiApp, vault: Path) -> None:
    """One click to Home, and one button to the questions, if there are some."""
    app = with_settings(any_anki, vault, before_ankiweb_sync=False, two_way=True)
    states = [
        {"kind": "in step", "text": "1 page → Anki: Mitosis"},
        {"kind": "questions", "questions": 1},
        {"kind": "questions", "questions": 1, "others": 1},
    ]
    calm, asked, others = app.play("click_sign_and_answer", folder=str(vault), states=states).value

    assert calm["says"] == "In step · 1 page → Anki: Mitosis"
    assert calm["buttons"] == ["Sync Now", "Preview Changes…", "Open in Obsidian"]
    assert asked["buttons"] == ["Answer 1 Question…", *calm["buttons"]]
    assert asked["preview"] == "You decide (1)"
    assert others["buttons"] == calm["buttons"], "what waits for the next run is no question"


def test_settings_are_edited_in_home(anki: AnkiApp, vault: Path) -> None:
    """Nothing is saved before Save, what is saved elsewhere is followed, and edits stay."""
    app = with_settings(anki, vault, before_ankiweb_sync=False)
    assert app.play("edit_settings_in_home").value == {
        "at first": False,
        "fields": ["Front", "Note"],
        "reverted": True,
        "saved": False,
        "followed": True,
        "kept": True,
        "remembered": "Settings",
    }


def test_home_survives_a_profile_switch_and_the_end_of_anki(
    any_own_anki: AnkiApp, vault: Path
) -> None:
    """It closes with its profile, and nothing of it goes on. Anki closes while it is open."""
    app = with_settings(any_own_anki, vault, before_ankiweb_sync=False)
    app = replace(app, profiles={**app.profiles, "Ben": {}})
    seen = app.play("switch_with_home_open", name="Ben").value

    assert seen == {"closed": True, "page": "Overview", "buttons": ["Set Up…"], "changed": 1}


def test_home_asks_one_question_however_often_it_is_left(own_anki: AnkiApp, vault: Path) -> None:
    """Whoever closes it again meanwhile, or switches the profile, answers once for all."""
    app = with_settings(own_anki, vault, before_ankiweb_sync=False)

    assert app.play("leave_twice").value == {"open": [1, 1, 1], "left": 0}


def test_home_can_be_closed_right_after_any_button(own_anki: AnkiApp, vault: Path) -> None:
    """What was begun ends without it: nothing fails, and nobody is asked about what was left."""
    app = with_settings(own_anki, vault, before_ankiweb_sync=False, two_way=True)
    seen = app.play("press_and_leave", vault=str(vault)).value

    assert {"Sync Now", "Preview Changes…"} <= set(seen["pressed"]["Overview"])
    assert {"Bring Back…", "Open in Obsidian", "All Versions"} <= set(seen["pressed"]["Activity"])
    assert "Report a Problem…" in seen["pressed"]["Help"]
    assert seen["boxes"] == []


def test_no_window_goes_with_the_one_that_was_in_front_when_it_opened(
    any_own_anki: AnkiApp, vault: Path
) -> None:
    """Anki holds on to each window: one that Qt deletes behind its back keeps Anki from closing."""
    app = with_settings(any_own_anki, vault, before_ankiweb_sync=False)

    assert app.play("close_what_opened").value == {"Home…": [], "Add-ons": []}


def test_a_folder_that_the_disk_refuses_is_told_and_takes_nothing_else_along(
    own_anki: AnkiApp, tmp_path: Path
) -> None:
    """A name too long stands for a dead drive: a mere look at it is an error."""
    col = Collection(str(own_anki.collection_file()))
    notetype = col.models.new("Wide")
    for name in ("Front", "x" * 200):
        col.models.add_field(notetype, col.models.new_field(name))
    template = col.models.new_template("Card")
    template["qfmt"] = "{{Front}}"
    col.models.add_template(notetype, template)
    col.models.add(notetype)
    col.close()
    refused = str(tmp_path / ("y" * 300))
    typed = [refused, "~no such user/x", "relative", "", f"{tmp_path}/a/b"]
    app = with_settings(own_anki, Path(refused), before_ankiweb_sync=False, live=False)
    seen = app.play("show_what_the_disk_refuses", typed=typed).value

    assert "folder is not there" in seen["says"] and seen["looking"] == []
    assert all("too long a name" in text for text in seen["boxes"]) and len(seen["boxes"]) == 3
    home = str(own_anki.base / "home")
    assert seen["browsed"] == [str(tmp_path), home, home, home, str(tmp_path)]
    assert seen["width"] <= 1024
    assert refused in seen["last"] and seen["sideways"] == 0


def test_help_opens_at_what_a_window_is_about(anki: AnkiApp, vault: Path) -> None:
    app = with_settings(anki, vault, before_ankiweb_sync=False)
    assert app.play("press_help_everywhere").value == {
        "Preview Changes…": "vault#run-it",
        "Last Summary…": "vault#run-it",
        "TOML Decks…": "toml-decks",
        "Sources…": "subscribe",
        "Configure…": "settings",
        "New Dynamic Note…": "dynamic-notes#write-one",
        "Settings": "settings",
        "Overview": "home",
    }


def test_enter_in_a_field_closes_nothing_and_writes_nothing(any_anki: AnkiApp, vault: Path) -> None:
    seen = with_settings(any_anki, vault, before_ankiweb_sync=False).play("press_enter_everywhere")

    assert seen.value.pop("written") == []
    assert set(map(tuple, seen.value.values())) == {(True, True)}


def test_the_guide_is_read_and_searched(any_anki: AnkiApp) -> None:
    played = any_anki.play("read_guide")

    assert played.value == {
        "first": "home",
        "task": "See how things stand",
        "link": ["two-way", "Answer a question"],
        "scrolled": True,
        "nothing": True,
        "found": True,
        "shown": True,
        "marked": True,
        "open": True,
        "fits": True,
    }
    assert played.links == ["https://example.org/x"]


def test_the_summary_says_when_where_and_which_pages(any_anki: AnkiApp, vault: Path) -> None:
    """By deck, as a list whose pages open in Obsidian, by keyboard."""
    played = with_settings(any_anki, vault, before_ankiweb_sync=False).play("read_whole_summary")
    seen = played.value

    assert seen["said"].startswith("52 pages created")
    today, by, took, where = seen["when"].split(" · ")
    assert today.startswith("Today ") and by == "by hand" and took.endswith(" s")
    assert where == str(vault)
    created = [int(told.split()[0]) for told in seen["decks"].values()]
    assert sum(created) == 52
    below = len(list((vault / "Spanish" / "Vocabulary").glob("[!_]*.md")))
    assert seen["below"] == below == int(seen["decks"]["Spanish ▸ Vocabulary"].split()[0])
    assert not seen["can open a deck"]
    assert (vault / seen["chosen"]).is_file()
    assert len(played.links) == 1 and "Vocabulary" in played.links[0]


def test_shortcuts_are_given_and_those_of_anki_refused(any_own_anki: AnkiApp, vault: Path) -> None:
    """None at first; each profile has its own. A key that Anki has says what it does there."""
    app = with_settings(any_own_anki, vault, before_ankiweb_sync=False)
    app = replace(app, profiles={**app.profiles, "Ben": {}})
    seen = app.play("give_shortcuts", name="Ben").value

    assert seen["at first"] == {}
    refused = seen["refused"]
    assert refused["D"] == ["✕ D is taken: Anki uses it for “Decks”.", False]
    assert "reviewing" in refused["E"][0] and "taken" in refused["Ctrl+F"][0]
    assert refused["Ctrl+Alt+H"] == ["✕ Ctrl+Alt+H stands here twice.", False]
    assert seen["mended"] == ["", True]
    assert (seen["menu"], seen["other profile"]) == ("Ctrl+Alt+H", "")


def test_home_is_used_by_keyboard_alone(any_anki: AnkiApp, vault: Path) -> None:
    """Enter presses the button that has the keyboard, and nothing else."""
    app = with_settings(any_anki, vault, before_ankiweb_sync=False)
    seen = app.play("walk_by_keyboard").value

    assert seen["pages"] == ["Overview", "Activity", "Settings", "Help"]
    assert [each["title"] for each in seen["dialogs"]] == ["Ankivault: Home"]
    assert seen["reached"] == ["Sync Now", "Preview Changes…", "Open in Obsidian", "TOML Decks…"]
    assert seen["open"]


def test_home_follows_the_theme(any_own_anki: AnkiApp, vault: Path) -> None:
    app = with_settings(any_own_anki, vault, before_ankiweb_sync=False)
    seen = app.play("change_theme_with_home_open").value

    for name in ("card", "guide"):
        assert seen["day"][name] > 200 and seen["night"][name] < 100, seen
    assert seen["day"]["words"] > 120 and seen["night"]["words"] > 120, seen


def test_home_fits_a_small_screen_in_large_letters(own_anki: AnkiApp, vault: Path) -> None:
    """1024 × 700 at 150 %: nothing widens the window, and nothing is to be scrolled sideways."""
    long = vault / ("a long folder name " * 8)
    long.mkdir()
    app = with_settings(own_anki, long, before_ankiweb_sync=False)
    sizes = app.play("squeeze_home", factor=1.5).value

    assert sizes.pop("sideways") == 0
    for page, (width, height) in sizes.items():
        assert width <= 1024 and height <= 700, page


def test_the_overview_follows_what_happens(any_anki: AnkiApp, vault: Path, tmp_path: Path) -> None:
    """A run, a deck that is linked, another vault folder, and a folder that is gone."""
    file = tmp_path / "animals.toml"
    file.write_text('[package]\nname = "Animals"\n', encoding="utf-8")
    other = tmp_path / "Other"
    other.mkdir()
    app = with_settings(any_anki, vault, before_ankiweb_sync=False)
    seen = app.play("follow_in_home", file=str(file), folder=str(other)).value

    assert seen["at first"].startswith("There was no run yet") and seen["decks"] == 0
    assert seen["after"].startswith("In step when the last run ended, today ")
    mode = "Mirror: Anki is the source · live mode is off · 52 pages"
    assert seen["mode"] == f"{mode} · in the Obsidian vault “My Vault”"
    assert seen["chosen"] == str(file)
    assert seen["elsewhere"].startswith("There was no run yet")
    assert seen["gone"].startswith("The folder is not there.")


def test_a_deck_in_home_says_which_side_has_changed(
    anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    """As in its window. It is counted again only when the collection has changed."""
    file = tmp_path / "numbers.toml"
    file.write_text(HEAD + note("uno", "one") + note("dos", "two"), encoding="utf-8")
    app = with_settings(anki, vault, before_ankiweb_sync=False)
    assert app.play("edit_a_deck_with_home_open", file=str(file)).value == {
        "at first": "In step",
        "counted while nothing changed": 0,
        "edited in Anki": "1 note changed in Anki since",
        "moved in Anki": "2 notes changed in Anki since",
        "both edited": "File edited since, and 2 notes changed in Anki since",
    }


@pytest.mark.parametrize(
    ("state", "mood"),
    [
        ("In step", "good"),
        ("Up to date", "good"),
        ("2 conflicts left", "asks"),
        ("1 question: see Preview…", "asks"),
        ("File edited since", ""),
        ("Not synced yet", ""),
        ("File is missing", "bad"),
        ("3 errors in the file: see Preview…", "bad"),
    ],
)
def test_the_mark_of_a_card_goes_by_what_its_rows_say(state: str, mood: str) -> None:
    assert mood_of(state) == mood
