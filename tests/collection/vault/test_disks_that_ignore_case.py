"""On Mac and Windows a name is the same in any case: a folder spelled anew is no other one."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable

import pytest

from ankivault.convert.text.file_names import fold_name

from ...desks.folding_disk import ignore_case
from ...desks.live_desk import LiveDesk
from ..conftest import Desk


def rename(old: str, new: str) -> Callable[[Desk], None]:
    return lambda desk: os.rename(desk.vault / old, desk.vault / new)


def rename_pages(desk: Desk) -> None:
    for page in sorted((desk.vault / "Gé").glob("é*.md")):
        os.rename(page, page.with_name(page.name.upper().replace(".MD", ".md")))


def rename_index_page(desk: Desk) -> None:
    os.rename(desk.vault / "Gé" / "_Gé_index.md", desk.vault / "Gé" / "_GÉ_Index.md")


def rename_deck(desk: Desk) -> None:
    desk.col.decks.rename(desk.col.decks.id("Gé"), "gÉ")


def retype_titles(desk: Desk) -> None:
    for note_id in desk.col.find_notes("deck:Gé"):
        desk.edit(note_id, Front=desk.fields(note_id)["Front"].upper())


SPELLINGS: dict[str, Callable[[Desk], None]] = {
    "a folder": rename("Gé", "GÉ"),
    "a folder, decomposed": rename("Gé", unicodedata.normalize("NFD", "Gé")),
    "a folder within": rename("Gé/Sub", "Gé/sub"),
    "pages": rename_pages,
    "an index page": rename_index_page,
    "a deck": rename_deck,
    "titles": retype_titles,
}


@pytest.mark.parametrize("ignores", [True, False])
@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("what", SPELLINGS)
def test_another_spelling_is_followed_and_nothing_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str, live: bool, two_way: bool, ignores: bool
) -> None:
    if ignores:
        ignore_case(desk.vault, monkeypatch)
    desk.set(two_way=two_way, rename_on_title_change=True)
    ids = [desk.add("Gé", Front=f"é{number}", Back="x") for number in range(3)]
    ids += [desk.add(deck, Front=f"of {deck}", Back="x") for deck in ("Gé::Sub", "Bio")]
    desk.sync()
    running = LiveDesk(desk)
    running.run()
    files = desk.files()
    SPELLINGS[what](desk)
    for _ in range(2):
        report = running.run() if live else desk.sync()
        assert (report.questions, report.messages, running.news) == (0, (), [])
    assert desk.plan().is_empty
    before = desk.dates()
    desk.sync()
    assert desk.dates() == before
    assert {*map(fold_name, desk.files())} == {*map(fold_name, files)}
    for note_id in ids:
        desk.edit(note_id, Back=f"edited {note_id}")
    assert (running.run() if live else desk.sync()).ok
    assert desk.plan().is_empty
    assert {*map(fold_name, desk.files())} == {*map(fold_name, files)}
    for note_id in ids:
        assert f"edited {note_id}" in desk.page(note_id).read_text("utf-8")
    assert not desk.trash()


@pytest.mark.parametrize("ignores", [True, False])
@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("name", ["Geography", "There/Gé"])
def test_a_live_run_leaves_no_index_page_behind_in_a_renamed_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, two_way: bool, ignores: bool
) -> None:
    if ignores:
        ignore_case(desk.vault, monkeypatch)
    desk.set(two_way=two_way)
    for deck in ("Gé", "Gé::Sub", "Bio"):
        desk.add(deck, Front=f"of {deck}", Back="x")
    desk.sync()
    running = LiveDesk(desk)
    running.run()
    (desk.vault / "There").mkdir()
    os.rename(desk.vault / "Gé", desk.vault / name)
    for _ in range(2):
        assert not running.run().messages
    for _ in range(2):
        desk.sync()
    assert desk.plan().is_empty
    indexes = [path for path in desk.files() if path.endswith("_index.md")]
    assert sorted({path.rpartition("/")[0] for path in desk.files() if "/" in path}) == sorted(
        path.rpartition("/")[0] for path in indexes
    )
    told = desk.vault / "_Anki_Collection_Index.md"
    assert told.read_text("utf-8").count("[[_") == len(indexes)
