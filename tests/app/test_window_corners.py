"""The window where things get tight: many pages, two presses at once, closing, broken runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from .anki_app import FIRST_PROFILE, PACKAGE, AnkiApp, AnkiFailed
from .ankiweb import AnkiWeb
from .test_ankiweb import QUESTION, SAMPLES, add_note, assert_nothing_modal, log_in
from .test_window import add_notes, pages_in


def with_settings(anki: AnkiApp, vault: Path, **settings: Any) -> AnkiApp:
    values = {"vault_folder": str(vault), **settings}
    return replace(anki, profiles={FIRST_PROFILE: {"ankivault": values}})


def test_the_window_stays_alive_during_a_run(anki: AnkiApp, vault: Path) -> None:
    """The event loop turns while the run goes on. How smoothly is measured by ``make bench``."""
    add_notes(anki, 2000)
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}

    assert anki.play("time_event_loop", settings=settings).value["beats"] > 20


def test_a_second_press_is_told_to_wait(anki: AnkiApp, vault: Path) -> None:
    told = anki.play("press_sync_now_twice", settings={"vault_folder": str(vault)}).value

    assert any("still working" in text for text in told)
    assert any(f"{SAMPLES} pages created" in text for text in told)


def test_windows_may_be_closed_while_anki_is_busy(any_anki: AnkiApp) -> None:
    """Anki looks later whether a window is on the screen; each has its size of before again."""
    seen = any_anki.play("close_while_anki_is_busy").value

    assert len(seen) == 5 and all(before == again for before, again in seen.values()), seen


def test_without_ankiweb_it_runs_when_anki_opens_and_closes(own_anki: AnkiApp, vault: Path) -> None:
    add_note(own_anki, "Written before Anki was opened")

    played = with_settings(own_anki, vault).play("edit_and_close", search=QUESTION, text="At last")

    assert len(played.value) == SAMPLES + 1
    page = next(vault.rglob("Which bases pair in DNA_*.md"))
    assert "At last" in page.read_text(encoding="utf-8")
    assert_nothing_modal(played)


def test_an_automatic_run_never_rewrites_much(anki: AnkiApp, vault: Path) -> None:
    """It says so instead, and asks nothing; the vault stays as it is."""
    add_notes(anki, 100)
    anki = with_settings(anki, vault)
    anki.play("edit_and_close", search=QUESTION, text="Harmless")

    played = anki.play("edit_and_close", search="", text=" rewritten")

    assert not [p for p in pages_in(vault) if "rewritten" in p.read_text(encoding="utf-8")]
    assert any("Sync Now asks you" in text for text in played.tooltips)
    assert_nothing_modal(played)


def test_after_an_update_nothing_runs_until_anki_was_restarted(
    own_anki: AnkiApp, vault: Path
) -> None:
    """The old version's code would load parts of the new one's."""
    anki = with_settings(own_anki, vault)
    update = {"package": str(PACKAGE), "search": QUESTION, "text": "Edited after the update"}

    assert "Restart Anki" in anki.play("update_and_close", **update).value
    assert "Edited" not in next(vault.rglob("Which bases pair*.md")).read_text(encoding="utf-8")

    anki.play("look")
    assert "Edited" in next(vault.rglob("Which bases pair*.md")).read_text(encoding="utf-8")


def test_esc_stops_the_run_on_close_and_anki_closes(own_anki: AnkiApp, vault: Path) -> None:
    anki = with_settings(own_anki, vault)
    played = anki.play("cancel_the_run_on_close", front="Not written in this session")

    assert any("Cancelled" in text for text in played.tooltips)
    assert not list(vault.rglob("Not written in this session*"))
    assert_nothing_modal(played)


def test_ankiweb_sync_goes_on_when_our_run_breaks(
    own_anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    anki = log_in(own_anki, ankiweb, auto_sync=False, vault_folder=str(vault))

    with pytest.raises(AnkiFailed, match="A traceback during") as failed:
        anki.play("break_our_runs", search=QUESTION, text="Edited before the button")

    assert "everything is broken" in str(failed.value)
    assert "Edited before the button" in ankiweb.first_fields(tmp_path)


def test_a_full_sync_comes_first(own_anki: AnkiApp, ankiweb: AnkiWeb, vault: Path) -> None:
    """What is written before it might describe a collection that is about to be replaced."""
    anki = log_in(own_anki, ankiweb, auto_sync=True, vault_folder=str(vault))
    col = Collection(str(anki.collection_file()))
    notetype = col.models.by_name("Basic")
    assert notetype is not None
    col.models.add_field(notetype, col.models.new_field("Source"))
    col.models.update_dict(notetype)
    col.close()

    assert anki.play("sync_fully").value == {"when_sync_began": 0, "when_asked": 0}
    assert len(pages_in(vault)) == SAMPLES


def test_a_hundred_thousand_pages_are_searched_and_sorted(anki: AnkiApp, vault: Path) -> None:
    seen = anki.play("show_many_changes", folder=str(vault), count=100_000).value

    assert seen["shown"] == sorted(seen["shown"], reverse=True, key=str.casefold)
    assert len(seen["shown"]) == len([i for i in range(0, 100_000, 3) if "77" in str(i)])


def test_a_deck_is_left_out_without_those_below_it_and_the_other_way_round(
    any_anki: AnkiApp,
) -> None:
    """Add-ons ▸ Config opens the dialog; a deck that is left out speaks for those below it."""
    seen = any_anki.play("leave_out_decks", parent="Biology").value

    assert seen["children"] == seen["all"]
    assert seen["parent"] == ["Biology"]
    assert seen["one_again"] == seen["excluded_decks"] == ["Biology"]
    assert seen["kept"] == seen["included_decks"] == seen["all"][:1]
    assert seen["said"] == ["only 1 below", "", "left out"]
    assert seen["found"] == [seen["all"][0].rpartition("::")[2]]


def test_a_note_without_a_page_says_so(any_anki: AnkiApp, vault: Path) -> None:
    said = any_anki.play(
        "open_note_without_page",
        settings={"vault_folder": str(vault), "before_ankiweb_sync": False},
    ).value

    assert "no page yet" in said


def test_enter_in_the_folder_says_what_is_wrong_and_tab_comes_to_ok_last(any_anki: AnkiApp) -> None:
    seen = any_anki.play("press_enter_in_settings", folder="/missing" + "/folder" * 40).value

    assert seen["open"] and seen["news"] == [] and seen["saved"] is None
    assert seen["width"] <= 1024
    for tab, visited in seen["tabs"].items():
        *inside, ok = visited
        assert inside and all(inside) and not ok, tab
