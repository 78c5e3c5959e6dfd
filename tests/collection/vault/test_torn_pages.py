"""Pages that an editor saved otherwise, or that were cut off: told with the line, left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ..conftest import Desk

TORN: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda page: page.decode().encode("utf-16"),
    "UTF-16 little": lambda page: page.decode().encode("utf-16-le"),
    "UTF-16 big, no mark": lambda page: page.decode().encode("utf-16-be"),
    "UTF-32": lambda page: page.decode().encode("utf-32"),
    "only zeros": lambda page: bytes(len(page)),
    "zeros at the end": lambda page: page[:-8] + bytes(8),
    "zeros but for the beginning": lambda page: page[:4] + bytes(len(page)),
    "zeros but for the end": lambda page: bytes(500) + page,
    "UTF-16, zeros at the end": lambda page: page.decode().encode("utf-16") + bytes(64),
    "no end of the properties": lambda page: page.replace(b"\n---\n", b"\n", 1),
    "no first line": lambda page: page.replace(b"---\n", b"", 1),
    "cut off in the properties": lambda page: page[: page.index(b"anki_note_type")],
    "cut off behind the id": lambda page: page[: page.index(b"anki_guid")],
}


@pytest.mark.parametrize("name", TORN)
@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_torn_page_is_told_with_its_line_and_left_alone(
    desk: Desk, name: str, two_way: bool, lost: bool, newline: str
) -> None:
    odd, fine = (desk.add(Front=f"question {n} é", Back="answer") for n in (1, 2))
    desk.set(two_way=two_way)
    desk.sync()
    page = desk.page(odd)
    torn = TORN[name](page.read_bytes() + b"\nMy own words.\n")
    if newline == "\r\n" and b"\0" not in torn:
        torn = torn.replace(b"\n", b"\r\n")
    page.write_bytes(torn)
    files = set(desk.files())
    desk.edit(odd, Back="edited in Anki")
    desk.edit(fine, Back="edited too")
    if lost:
        desk.lose_base()
    for _ in range(2):
        report = desk.sync()
        headless = name in ("no first line", "zeros but for the end")
        if lost and (headless or b"anki_note_id" not in torn.replace(b"\0", b"")):
            continue  # nothing says whose it is
        (told,) = (m for m in report.messages if m.path == page.relative_to(desk.vault).as_posix())
        assert re.match(r"Line \d+: ", told.text) and told.note_id == odd
        assert ("damaged" in told.text) == ("zeros" in name)
        assert set(desk.files()) == files
    assert page.read_bytes() == torn
    assert desk.fields(odd)["Back"] == "edited in Anki"
    assert (lost and two_way) or "edited too" in desk.page(fine).read_text("utf-8")


def test_a_new_page_without_an_end_of_its_properties_becomes_no_note(desk: Desk) -> None:
    desk.set(two_way=True)
    desk.add(Front="q", Back="a")
    desk.sync()
    page = desk.vault / "Biology" / "New.md"
    for text in ("---\nanki_note_type: Basic\n", "---\nanki_note_type: Basic\n## Front\nx\n"):
        for data in (text.encode(), (text + "---\n## Front\nx\n").encode("utf-16")):
            page.write_bytes(data)
            report = desk.sync()
            assert page.read_bytes() == data
            assert len(desk.col.find_notes("")) == 1
            assert any(m.path == "Biology/New.md" and "ine 1" in m.text for m in report.messages)


HALF = r'"\ud800x"'  # YAML can spell half of a character, which no other program can store


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize(
    "lines",
    [
        b'anki_note_id: 5\nanki_guid: "ab\xff"\n',
        b'anki_note_type: Basic\nanki_guid: "ab\xff"\n',
        f"anki_note_id: 5\nanki_guid: {HALF}\n".encode(),
        *(
            f"anki_note_type: Basic\nanki_deck: Biology\n{key}: {value}\n".encode()
            for key, value in (("anki_guid", HALF), ("tags", f"[{HALF}]"), ("anki_tags", HALF))
        ),
        f"anki_note_type: Basic\nanki_deck: {HALF}\n".encode(),
    ],
)
def test_a_page_with_what_is_no_text_in_its_properties_stops_no_other(
    desk: Desk, two_way: bool, lines: bytes
) -> None:
    desk.set(two_way=two_way)
    note_id = desk.add(Front="q", Back="old")
    desk.sync()
    odd = desk.vault / "Biology" / "Odd.md"
    odd.write_bytes(b"---\n" + lines + b"---\n## Front\nWords\n\n## Back\nOther\n")
    before = odd.read_bytes()
    desk.edit(note_id, Back="new")
    report = desk.sync()
    assert "new" in desk.page(note_id).read_text("utf-8")
    assert odd.read_bytes() == before and desk.col.note_count() == 1
    assert not [m for m in report.messages if "failed" in m.text]
    if two_way:
        assert odd.name in {Path(m.path or "").name for m in report.messages}
    assert desk.plan().is_empty


@pytest.mark.parametrize("key", ["anki_deck: Biology", "tags:\n  - mine"])
def test_half_a_character_in_our_properties_is_told_with_its_line(desk: Desk, key: str) -> None:
    desk.set(two_way=True)
    note_id = desk.add(Front="q", Back="a", tags="mine")
    desk.sync()
    name = key.partition(":")[0]
    desk.retype(note_id, key, f"{name}: [{HALF}]" if name == "tags" else f"{name}: {HALF}")
    text = desk.page(note_id).read_text("utf-8")
    told = desk.told(desk.sync(), name)
    line = text[: text.index(f"{name}:")].count("\n") + 1
    assert f"line {line}:" in told.text and told.note_id == note_id
    assert desk.page(note_id).read_text("utf-8") == text
