"""Preview Changes… as a person uses it: in front, by keyboard, and as pages look."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from .anki_app import AnkiApp
from .test_ankiweb import edit_page
from .test_two_way_window import DNA, make_conflicts, make_vault
from .test_window import pages_in


@contextmanager
def serve(asked: list[str]) -> Iterator[str]:
    """A web server that notes what it is asked for; its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def desktop() -> Iterator[dict[str, str]]:
    """A screen with a window manager, as the environment of a program that is shown on it."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1100x760x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL
    )
    yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    for process in (manager, screen):
        process.terminate()
        process.wait()


def test_the_preview_opens_in_front_of_anki(
    own_anki: AnkiApp, vault: Path, desktop: dict[str, str]
) -> None:
    """Also when Anki's progress window closes after it, and gives the keyboard to Anki."""
    anki = replace(own_anki, environment=desktop)
    seen = anki.play("preview_after_progress", settings={"vault_folder": str(vault)}).value

    assert seen == {"in_front": True}


def test_enter_in_the_search_goes_to_what_was_found_and_writes_nothing(
    anki: AnkiApp, vault: Path
) -> None:
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}
    seen = anki.play("use_preview_by_keyboard", settings=settings).value

    assert seen == {"found": [1, True], "stays": True}
    assert not pages_in(vault)


def test_a_large_change_can_be_looked_at_first(anki: AnkiApp, vault: Path) -> None:
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}
    anki.play("sync", settings=settings)
    pages = pages_in(vault)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("%% anki:end %%", "mine\n%% anki:end %%"), encoding="utf-8")
    edited = [page.read_text(encoding="utf-8") for page in pages]

    seen = anki.play("look_before_a_large_change", settings=settings).value

    assert sorted(seen["offered"]) == ["Cancel", "Go On", "Preview Changes…"]
    assert seen["rows"] >= len(pages)
    assert [page.read_text(encoding="utf-8") for page in pages] == edited


def test_pages_are_shown_as_they_look_with_the_changed_words_marked(
    any_anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    """Formulas are set by Anki's MathJax; no script of a note runs; the Markdown is a tick away."""
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}
    target = os.environ.get("ANKIVAULT_PICTURES", "")
    asked: list[str] = []
    with serve(asked) as web:
        seen = any_anki.play("look_at_pages", settings=settings, target=target, web=web).value

    assert not asked, "the network was asked"

    new, _, _, harm = seen["new"]
    assert "<b>bold</b>" in new and "<del>" not in new and "onerror" not in new and not harm
    changed, _, _, harm = seen["changed"]
    assert "<ins>and more</ins>" in changed and "<ins>again</ins>" in changed
    assert '<ins><span class="formula">' in changed and '<del><span class="formula">' in changed
    assert not harm and seen["markdown"]


def test_changes_stand_by_deck_and_kind_or_as_a_list(any_anki: AnkiApp, vault: Path) -> None:
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}
    target = os.environ.get("ANKIVAULT_PICTURES", "")
    seen = any_anki.play("walk_the_tree", settings=settings, target=target).value

    tree = seen["tree"]
    biology = next(n for n, line in enumerate(tree) if line.startswith("Biology ("))
    assert tree[biology + 1] == "  Cell ▸ New pages (7)", "one row for a group with nothing else"
    assert tree[-1].startswith("  ") and any(line.startswith("Index pages (") for line in tree)
    assert seen["is_tree"] and seen["agree"] and seen["moved"] == [True, 1]
    assert f"({seen['group'][0]})" in seen["group"][1]
    assert seen["found"] == [False, True, 1]
    assert seen["nothing"] == [0, True, False]
    assert seen["filtered"][0] and len(seen["filtered"][1]) >= 1
    assert seen["list"] and seen["tree again"]


def test_tab_goes_from_a_question_to_its_answers(anki: AnkiApp, vault: Path) -> None:
    make_vault(anki, vault)
    make_conflicts(anki, vault)

    seen = anki.play("tab_to_the_answers").value

    assert seen == ["Keep in “Back”: Decide later"] * 2


def test_an_emptied_folder_is_filled_again_from_its_preview(anki: AnkiApp, vault: Path) -> None:
    """Its words ask a person to confirm: that is what Sync Now is for."""
    make_vault(anki, vault)
    before = {*pages_in(vault)}
    for path in [*vault.iterdir()]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    seen = anki.play("fill_an_emptied_folder").value

    assert seen["counts"].startswith("Pages: 52 to write again")
    assert "is empty" in seen["warning"] and seen["asked"] in seen["warning"]
    assert {*pages_in(vault)} == before


def test_a_preview_never_reads_as_if_all_were_well_when_something_is_wrong(
    anki: AnkiApp, vault: Path
) -> None:
    make_vault(anki, vault)
    assert anki.play("count_planned").value.endswith("every page is as it should be.")
    edit_page(vault, f"{DNA}*.md", "## Back", "## No such field")

    told = anki.play("count_planned").value

    assert "1 thing is wrong: see Messages." in told and "should be" not in told
