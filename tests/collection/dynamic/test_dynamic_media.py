"""What Anki makes of a dynamic note's fields: its media check, its sounds, its exports."""

from __future__ import annotations

import json
import re
import zipfile
from html import escape
from pathlib import Path

from anki.collection import Collection, ExportAnkiPackageOptions
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.model.note import Card, DynamicNote, clean_note
from ankivault.sync.collection.renderer import FILES, install_renderer, read_source
from ankivault.sync.dynamic.notes import NewNote, create_notes

from ...stress import tries
from ..conftest import Desk

# What means something to Anki's templates, sounds, LaTeX, maths or media, to HTML, or to JSON.
HOSTILE = (
    "</script>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "</div></div>",
    "<style>",
    "{{",
    "}}",
    "{{Card 1}}",
    "{{#Note}}",
    "{{/Card 1}}",
    "{{c1::x}}",
    "{{FrontSide}}",
    "[sound:a.mp3]",
    "[anki:play:q:0]",
    "[anki:tts lang=en_US]x[/anki:tts]",
    "[[type:Note]]",
    "[latex]x[/latex]",
    "[$]x[/$]",
    r"\(x\)",
    r"\[x\]",
    '<img src="a b#%.png">',
    "&amp;&lt;&#39;&nbsp;",
    "\"'\\",
    r"\u003c",
    "\u2028\u2029\u0085\ufeff\u200b\xa0",
    "é e\u0301 \u0301",
    "😀👩‍👩‍👧",
    "ما هي",
    "\n\t",
    "id=answer",
)
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=5).map("".join)


def add(col: Collection, *cards: Card, note: str = "", link: str = "") -> int:
    content = DynamicNote(note, cards, link)
    return create_notes(col, [NewNote(content, col.decks.id("Dynamic") or 0)]).note_ids[0]


def read_page(html: str) -> tuple[list[str], object]:
    """Every tag of a card's page, in order, and what the script is given."""
    page = BeautifulSoup(html, "html5lib")
    (data,) = page.select("script#ankivault-data")
    return [tag.name for tag in page.find_all(True)], json.loads(data.string or "")


def test_content_never_breaks_out_of_the_page(desk: Desk) -> None:
    """Anki renders the same elements whatever the cards say, and hands over every word of it."""
    plain = add(desk.col, Card("a", "x", "y"))
    tags = [read_page(desk.col.get_note(plain).cards()[0].question())[0]]
    tags.append(read_page(desk.col.get_note(plain).cards()[0].answer())[0])

    @settings(max_examples=tries(150), deadline=None)
    @given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
    def check(sides: list[tuple[str, str]]) -> None:
        cards = tuple(Card(f"c{i}", *side) for i, side in enumerate(sides))
        wanted = clean_note(DynamicNote("", cards)).cards
        for card in desk.col.get_note(add(desk.col, *cards)).cards():
            for html, expected in zip((card.question(), card.answer()), tags):
                shown = desk.col.media.escape_media_filenames(html)
                found, data = read_page(shown)
                assert found == expected
                assert isinstance(data, dict)
                assert [Card(c["id"], c["front"], c["back"]) for c in data["cards"]] == [*wanted]
            assert card.question_av_tags() == card.answer_av_tags() == []

    check()


def test_check_media_finds_nothing_to_complain_about(desk: Desk) -> None:
    wanted = (
        "a b#1.png",
        "50% off.png",
        "a&b.png",
        "it's.png",
        "caps.PNG",
        "Ümlaut é.png",
        "ねこ.wav",
        "tone é & #1.mp3",
        "film (1).mp4",
        "poster.png",
        "drawing.svg",
        "source.ogg",
        "bare.png",
        "a,b;c=d+e@f!.png",
        "in the note.png",
    )
    name = {each: desk.col.media.write_data(each, each.encode()) for each in wanted}

    def src(each: str) -> str:
        return escape(name[each])

    sound, film = escape(name["tone é & #1.mp3"], quote=False), src("film (1).mp4")
    front = (
        f'<img src="{src("a b#1.png")}"><p><IMG class=x SRC="{src("50% off.png")}" alt=">">'
        f"<img src=\"{src('a&b.png')}\">[sound:{sound}]<img src='{src('caps.PNG')}'>"
    )
    back = (
        f'<img src="{src("Ümlaut é.png")}"><img src="{src("it" + chr(39) + "s.png")}">'
        f'[sound:{name["ねこ.wav"]}]<video src="{film}" poster="{src("poster.png")}"></video>'
        f'<object data="{src("drawing.svg")}"></object><img src=bare.png>'
        f'<audio><source src="{src("source.ogg")}"></audio>'
        f'<img src="{src("a,b;c=d+e@f!.png")}">'
        '<img src="https://example.com/far.png"><img src="data:image/gif;base64,R0lGODlhAQABAA==">'
    )
    add(
        desk.col,
        Card("one", front, back),
        Card("two", "x", "y"),
        note=f'<img src="{src("in the note.png")}">',
        link="https://example.com",
    )

    checked = desk.col.media.check()

    assert [*checked.missing] == []
    assert [*checked.unused] == []
    assert {*FILES.values()} <= {file.name for file in Path(desk.col.media.dir()).iterdir()}


def test_a_file_that_is_not_there_is_missed(desk: Desk) -> None:
    add(desk.col, Card("one", '<img src="gone.png">', "[sound:gone too.mp3]"))
    assert sorted(desk.col.media.check().missing) == ["gone too.mp3", "gone.png"]


def test_an_exported_deck_brings_its_renderer_and_its_media(desk: Desk, tmp_path: Path) -> None:
    picture = desk.col.media.write_data("picture.png", b"x")
    note = add(desk.col, Card("one", f'<img src="{picture}">', "y"))
    package = tmp_path / "deck.apkg"
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=True
    )

    desk.col.export_anki_package(out_path=str(package), options=options, limit=None)

    files = json.loads(zipfile.ZipFile(package).read("media"))
    assert {*files.values()} == {picture, *FILES.values()}
    assert desk.col.get_note(note)["Card 1"] == "one"


def test_a_newer_renderer_of_another_device_stays(desk: Desk) -> None:
    """Or two devices with different versions would overwrite each other's, sync after sync."""
    add(desk.col, Card("one", "x", "y"))
    for source, name in FILES.items():
        shipped, file = read_source(source), Path(desk.col.media.dir(), name)
        (now,) = re.findall(rb"revision (\d+)", shipped)
        newer, older = (
            shipped.replace(b"revision " + now, b"revision %d" % (int(now) + step))
            for step in (1, -1)
        )
        for before, after in (
            (newer + b"\n", newer + b"\n"),
            (older, shipped),
            (shipped[:-9], shipped),
            (b"", shipped),
        ):
            file.write_bytes(before)
            install_renderer(desk.col)
            assert file.read_bytes() == after


def test_a_file_that_calls_itself_a_revision_of_no_end_is_replaced(desk: Desk) -> None:
    """It came with somebody's deck, say. Python reads no number of more than 4,300 digits."""
    for source, name in FILES.items():
        file = Path(desk.col.media.dir(), name)
        file.write_bytes(re.sub(rb"(?<=revision )\d+", b"9" * 5_000, read_source(source), count=1))
    install_renderer(desk.col)
    for source, name in FILES.items():
        assert Path(desk.col.media.dir(), name).read_bytes() == read_source(source)
