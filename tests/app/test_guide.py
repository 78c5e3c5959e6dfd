"""The guide as Anki shows it: links lead somewhere, pictures are there, words are found."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from ankivault.ui.home import guide
from dev.package import ROOT, build_package

PAGES = guide.Guide().pages
LINK = re.compile(r'<a href="([^"]+)"')
PICTURE = re.compile(r'<img src="([^"?]+)\?(\d+)" width="(\d+)">')


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_page_and_a_heading_that_is_there(name: str) -> None:
    for address in LINK.findall(PAGES[name].body):
        target = guide.find_target(address, name)
        if target is None:
            assert address.startswith("https://"), f"{name}: {address}"
            continue
        page, anchor = target
        assert page in PAGES, f"{name}: {address}"
        assert anchor in {s.anchor for s in PAGES[page].sections}, f"{name}: {address}"


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("name", PAGES)
def test_every_picture_is_shown_once_and_fits(name: str, night: bool) -> None:
    wanted = len(re.findall(r"<img\b", PAGES[name].body))
    pairs = len(re.findall(r"<img\b[^>]*-night\.png", PAGES[name].body))
    shown = PICTURE.findall(guide.show(PAGES[name], night=night, width=500))

    assert len(shown) == wanted - pairs
    for file, width, again in shown:
        assert Path(file.replace("file://", "")).is_file()
        assert 0 < int(width) <= 500 and width == again
        assert not (night and "-day." in file)


def test_the_package_has_the_guide_with_its_pictures_and_stays_small(tmp_path: Path) -> None:
    with zipfile.ZipFile(build_package(tmp_path / "built")) as archive:
        names, size = set(archive.namelist()), (tmp_path / "built").stat().st_size
    for page in PAGES.values():
        for night in (False, True):
            for file, *_ in PICTURE.findall(guide.show(page, night=night, width=500)):
                assert Path(file.replace("file://", "")).relative_to(ROOT).as_posix() in names
    assert size < 3_000_000, "Shrink new pictures: tests/app/screenshots.py does."


def test_words_are_found_where_they_stand_headings_first() -> None:
    hits = guide.Guide().find("UNDO live")
    assert hits[0].section.title == "Undo"
    assert {"live"} <= {hit.section.page for hit in hits}
    for hit in hits:
        section = hit.section
        for word in ("undo", "live"):
            assert word in f"{section.title} {section.text}".casefold()
    assert guide.Guide().find("no sucH wordd") == [] == guide.Guide().find("  ")


def test_anchors_are_those_of_github() -> None:
    assert guide.slug("Leave decks out, name files, write clozes") == (
        "leave-decks-out-name-files-write-clozes"
    )
    assert guide.slug("While Anki's closed: `watch`") == "while-ankis-closed-watch"
