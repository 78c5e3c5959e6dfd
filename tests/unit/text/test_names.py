"""File names: any title, deck or media name becomes one that every system and Obsidian take."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.text.file_names import (
    assign_names,
    media_file_name,
    natural_key,
    safe_name,
    safe_title,
    shorten,
)
from ankivault.vendor.lib import wcwidth
from tests.judges.file_names import refused_names

FAMILY = "👨\u200d👩\u200d👧"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
TROUBLE = (
    "a", "B", "é", "e\u0301", " ", "\u3000", "\xa0", ".", "..", "/", "\\", ":", "*", "?", '"', "<",
    "|", "#", "^", "[", "]", "%", "%%", "\n", "\t", "\0", "\x85", "\u200b", "\u200d", "\u200c",
    "\u202e", "\ufeff", "\u2028", "\ud800", "\uffff", "\u3164", "CON", "nul", "com1", "LPT¹", "$",
    "~", "_", "漢", "か\u3099", FAMILY, ENGLAND, "❤\ufe0f", "\u0338", "می\u200cخ", "ﷺ", "🅰", "1",
)  # fmt: skip
names = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=400),
    st.lists(st.sampled_from(TROUBLE), max_size=200).map("".join),
)
limits = st.integers(16, 255)


@given(names, limits)
@example("CONOUT$", 255)
@example("con .tar.gz", 255)
@example("aux" + "\u0301" * 300, 64)
@example("COM1" + " " * 300 + "x", 16)
@example("a" * 80 + "?", 255)
def test_any_text_becomes_a_name_that_every_system_takes(text: str, limit: int) -> None:
    name = safe_name(text, limit)
    assert refused_names([name], limit) == []
    assert safe_name(name, limit) == name
    assert refused_names([safe_title(text)], 200) == []
    assert refused_names([f"{safe_title(text)}_1512234567890.md"]) == []


@given(names, limits)
def test_a_long_name_is_cut_between_whole_graphemes(text: str, limit: int) -> None:
    whole = list(wcwidth.iter_graphemes(safe_name(text, 100_000)))
    cut = list(wcwidth.iter_graphemes(safe_name(text, limit)))
    if whole and len(whole[0].encode()) <= limit and cut[-1:] != ["_"]:
        last = whole[len(cut) - 1].rstrip("\u200c\u200d")  # joins nothing any more
        assert cut == [*whole[: len(cut) - 1], last]


@given(st.text(st.sampled_from("abcXYZ 019_漢字かなñéüЖ한"), min_size=1, max_size=60))
def test_a_plain_name_stays_as_it_is(text: str) -> None:
    name = " ".join(text.split())
    if name:
        assert safe_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "_"),
        ("..", "_"),
        ("/etc", "_etc"),
        (".NET", "_NET"),
        ("CON", "CON_"),
        ("nul.txt", "nul_.txt"),
        ("COM¹", "COM¹_"),
        ("Console", "Console"),
        ("a/b", "a_b"),
        ("What? [1] #2 ^x", "What_ _1_ _2 _x"),
        ("50%%", "50_%"),
        ("ends . . ", "ends"),
        ("two\n lines", "two lines"),
        ("report\u202egpj.exe", "reportgpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("la\u200dtin", "latin"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("e\u0301", "é"),
        ("\ud800", "_"),
        (FAMILY + " home", FAMILY + " home"),
        (ENGLAND, ENGLAND),
        (FAMILY * 300, FAMILY * 14),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_title_ends_at_a_word() -> None:
    words = "The quick brown fox jumps over the lazy dog and then it goes home to sleep for hours"
    assert safe_title(words) == words[: words.index(" hours")]
    assert shorten(words, 40) == "The quick brown fox jumps over the lazy…"
    assert shorten("short", 40) == "short"
    assert len(safe_title("字" * 500)) == 66  # 200 bytes


@given(
    st.dictionaries(st.integers(0, 30), names.map(safe_name), max_size=30),
    st.dictionaries(st.integers(0, 30), names.map(safe_name), max_size=5),
    st.lists(names.map(safe_name), max_size=5),
)
@example({1: "A", 2: "a", 3: "a_2", 4: "É.md", 5: "é.md"}, {}, ["a_3"])
@example({1: "ß", 2: "SS", 3: "ſs", 4: "a\u200d", 5: "a"}, {}, [])
def test_assigned_names_never_meet(
    wanted: dict[int, str], kept: dict[int, str], taken: list[str]
) -> None:
    assigned = assign_names(wanted, kept, taken)
    assert list(assigned) == list(wanted)
    assert refused_names(assigned.values()) == []
    assert len({_alike(name) for name in assigned.values()}) == len(assigned)
    if len({_alike(name) for name in kept.values()}) == len(kept):
        assert all(assigned[key] == name for key, name in kept.items() if key in wanted)
    free = {_alike(name) for name in taken} - {_alike(name) for name in kept.values()}
    assert not free & {_alike(name) for name in assigned.values()}
    assert assign_names(wanted, assigned, taken) == assigned


def _alike(name: str) -> str:
    return unicodedata.normalize("NFD", name).casefold()


def test_the_first_comer_gets_the_name() -> None:
    assert assign_names({1: "x.md", 2: "X.md", 3: "x.md"}) == {1: "x.md", 2: "X_2.md", 3: "x_3.md"}
    assert assign_names({1: "v1.5", 2: "V1.5"}) == {1: "v1.5", 2: "V1.5_2"}


@given(st.lists(names))
def test_any_names_can_be_sorted_in_one_way(texts: list[str]) -> None:
    backwards = texts[::-1]
    assert sorted(texts, key=natural_key) == sorted(backwards, key=natural_key)


def test_numbers_sort_by_value_and_accents_beside_their_letters() -> None:
    ordered = ["2", "10", "Chapter", "chapter 2", "Chapter 10", "Chapter 10b", "e", "é", "f", "日"]
    shuffled = ordered[::2] + ordered[1::2]
    assert sorted(shuffled, key=natural_key) == ordered
    assert sorted(["9" * 5000, "1" + "0" * 5000], key=natural_key)[0][0] == "9"


@pytest.mark.parametrize("name", ["cat.png", "漢字 (1).mp3", "it's, 100%!.jpg", "_x.svg", "a.b.c"])
def test_a_media_name_that_is_safe_stays(name: str) -> None:
    assert media_file_name(name) == name


@pytest.mark.parametrize(
    "name", ["a%20b.png", "a#b.png", "a|b.png", "[x].png", ".hidden", "aux.mp3"]
)
def test_a_media_name_that_is_not_safe_is_replaced_for_good(name: str) -> None:
    safe = media_file_name(name)
    assert safe != name
    assert media_file_name(safe) == safe
    assert "%20" not in safe
    assert safe.rpartition(".")[2] == name.rpartition(".")[2] or name == ".hidden"


@given(st.lists(names.filter(bool), unique=True, max_size=20))
def test_two_media_files_never_meet_in_one(media: list[str]) -> None:
    safe = [media_file_name(name) for name in media]
    assert [name for name in safe if refused_names([name])] == []
    assert len(set(safe)) == len(media)
