"""What people do to pages on an ordinary day, and what of it is then in Anki: that, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape

import pytest

from ankivault.convert.markdown.canonical import canonical

from ..conftest import Desk

Edit = Callable[[str], str]

ANKING = (
    '<div><b>Patho</b>: <span style="color: rgb(255, 0, 0);">inflammation</span></div>'
    "<div><br></div><div>see First Aid <i>p. 20</i></div>"
)
LIST = "<ul><li>one</li><li>two<ul><li>deep</li></ul></li><li>three</li></ul>"
DOSES = (
    "<table><tbody><tr><td>Drug</td><td>Dose</td></tr>"
    '<tr><td style="color:red">ASA</td><td>100 mg</td></tr></tbody></table>'
)
CLOZES = (
    '<div>The {{c1::<font color="#00f">femoral nerve</font>}} innervates '
    "{{c2::<b>quadriceps</b>::muscle}}.</div><div>It leaves at {{c3::L2–L4}}.</div>"
)


def put(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text, f"{old!r} in {text!r}"
        return text.replace(old, new, 1)

    return edit


def last(new: str) -> Edit:
    return put("%% anki:end", f"{new}%% anki:end")


BASIC: dict[str, tuple[str, Edit, str]] = {
    "typo": (ANKING, put("inflammation", "inflammations"), ANKING.replace("tion<", "tions<")),
    "bold in colour": (ANKING, put("inflammation", "**inflammation**"),
                       ANKING.replace("inflammation", "<b>inflammation</b>")),
    "line at the top": (ANKING, put("**Patho**", "New words.\n**Patho**"),
                        "<div>New words.</div>" + ANKING),
    "paragraph at the end": (ANKING, last("\nNew words.\n"),
                             ANKING + "<div><br></div><div>New words.</div>"),
    "line gone": (ANKING, put("\n\nsee First Aid *p. 20*\n", "\n"),
                  ANKING[: ANKING.index("<div><br>")]),
    "lines to a list": ('<span style="color:red">a</span> b<br>c', put("a b\nc", "- a b\n- c"),
                        '<ul><li><span style="color:red">a</span> b</li><li>c</li></ul>'),
    "new item": (LIST, put("- three", "- new\n- three"),
                 LIST.replace("<li>three", "<li>new</li><li>three")),
    "item moved": (LIST, put("- one\n- two\n\t- deep\n- three", "- two\n\t- deep\n- three\n- one"),
                   LIST.replace("<li>one</li>", "").replace("three<", "three</li><li>one<")),
    "paragraph in an item": (LIST, put("- one", "- one\n\n\tmore of it"),
                             LIST.replace("one", "one<br><br>more of it")),
    "dose": (DOSES, put("100 mg", "81 mg"), DOSES.replace("100", "81")),
    "row": (DOSES, last("| Ibuprofen | 400 mg |\n"),
            DOSES.replace("</tbody>", "<tr><td>Ibuprofen</td><td>400 mg</td></tr></tbody>")),
    "chemistry": (r"\(\ce{H2O -> H+ + OH-}\) in water", put("H2O", "D2O"),
                  r"\(\ce{D2O -> H+ + OH-}\) in water"),
    "right to left": ('<div dir="rtl">שלום עולם</div>', put("עולם", "עולם טוב"),
                      '<div dir="rtl">שלום עולם טוב</div>'),
    "furigana": ("<ruby>漢字<rt>かんじ</rt></ruby>を書く", put("書く", "読む"),
                 "<ruby>漢字<rt>かんじ</rt></ruby>を読む"),
    "nothing visible": ("mo\u200bre&nbsp; 👨‍👩‍👧 x", put("\nmo\u200bre", "\nmo\u200bres"),
                        "mo\u200bres&nbsp; 👨‍👩‍👧 x"),
    "two brs": ("One.<br><br>Two.<br><br><br>Three.", put("Two.", "Too."),
                "One.<br><br>Too.<br><br><br>Three."),
    "indented by hand": ("one<br>two", put("\ntwo", "\n    two words"), "one<br>two words"),
    "behind a film": ('<video src="a.mp4" controls></video>', put("]]", "]] words"),
                      '<video src="a.mp4" controls></video> words'),
}  # fmt: skip

CLOZE: dict[str, tuple[str, Edit, str]] = {
    "words around": (CLOZES, put("## 1. The", "## 1. The big"), CLOZES.replace("The", "The big")),
    "words within": (CLOZES, put("femoral", "Femoral"), CLOZES.replace("femoral", "Femoral")),
    "hint": (CLOZES, put("%%c1%%", "%%c1::which?%%"), CLOZES.replace("</font>", "</font>::which?")),
    "space before the mark": (CLOZES, put("==%%c1%%", "== %%c1%%"), CLOZES),
    "mark lost": (CLOZES, put("==%%c3%%", "=="), CLOZES),
    "new, in a heading": (CLOZES, put("## 2. innervates", "## 2. ==innervates=="),
                          CLOZES.replace("innervates", "{{c4::innervates}}")),
    "new, in a line": (CLOZES, put("%%c3%%.", "%%c3%%.\nIt is ==long==."),
                       CLOZES + "<div>It is {{c4::long}}.</div>"),
    "section put between": (
        CLOZES, put("## 3. It", "## 3. It ends at\n==the knee==%%c4%%.\n\n## 4. It"),
        CLOZES.replace("<div>It", "<div>It ends at {{c4::the knee}}.</div><div>It")),
    "gone": (CLOZES, put("==L2–L4==%%c3%%", "L2–L4"), CLOZES.replace("{{c3::L2–L4}}", "L2–L4")),
    "renumbered": (CLOZES, put("%%c3%%", "%%c1%%"), CLOZES.replace("{{c3", "{{c1")),
    "formula": (r"Area {{c1::\(\pi r^2\)}}", put("r^2", "r^3"), r"Area {{c1::\(\pi r^3\)}}"),
}  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    desk.col.media.write_data("a.mp4", b"film")
    return desk


def test_each_edit_is_in_its_note_and_nothing_else_is(desk: Desk) -> None:
    wanted: dict[int, tuple[str, str, str]] = {}
    for name, (html, _, after) in BASIC.items():
        wanted[desk.add(Front=name, Back=html)] = (name, "Back", after)
    for name, (html, _, after) in CLOZE.items():
        wanted[desk.add("Anatomy", "Cloze", Text=html, Back_Extra=name)] = (name, "Text", after)
    desk.sync()
    history = _read_history(desk)
    typed = {}
    for note_id, (name, field, _) in wanted.items():
        page = desk.page(note_id)
        head, begin, text = page.read_text("utf-8").partition("%% anki:begin")
        edit = (BASIC if field == "Back" else CLOZE)[name][1]
        typed[note_id] = edit(text)
        page.write_text(head + begin + typed[note_id], "utf-8")
    report = desk.sync(confirmed=True)
    assert report.ok, report.messages
    for note_id, (name, field, after) in wanted.items():
        fields = desk.fields(note_id)
        assert (name, fields.pop(field)) == (name, after)
        assert list(fields.values()) == [name]
        text = desk.page(note_id).read_text("utf-8").partition("%% anki:begin")[2]
        assert (name, _words(text)) == (name, _words(typed[note_id]))
    for card, row in _read_history(desk).items():
        assert history.get(card, row) == row
    assert history.keys() <= _read_history(desk).keys()
    before = desk.everything()
    assert desk.plan().is_empty
    assert desk.sync().ok
    assert desk.everything() == before


def _read_history(desk: Desk) -> dict[int, Sequence[object]]:
    assert desk.col.db is not None
    rows = desk.col.db.all("select id, nid, did, ord, type, queue, due, ivl, reps from cards")
    return {row[0]: row for row in rows}


def _words(text: str) -> list[str]:
    """The words that a page shows, wherever its clozes and headings stand."""
    text = re.sub(r"%%c[\d,]+|%%|^## \d+\.", " ", canonical(unescape(text)), flags=re.MULTILINE)
    return re.findall(r"\w+", text)


def test_a_first_field_cannot_be_emptied_from_its_page(desk: Desk) -> None:
    note_id = desk.add(Front="question", Back="answer")
    desk.sync()
    desk.retype(note_id, "## Front\nquestion\n", "## Front\n")
    text = desk.page(note_id).read_text("utf-8")
    report = desk.sync()
    assert "“Front” is empty here" in desk.told(report, "first field").text
    assert desk.fields(note_id) == {"Front": "question", "Back": "answer"}
    assert desk.page(note_id).read_text("utf-8") == text
    desk.retype(note_id, "## Front\n", "## Front\nanother question\n")
    assert desk.sync().ok
    assert desk.fields(note_id)["Front"] == "another question"


def test_what_a_plan_says_of_tags_and_clozes_is_a_sentence(desk: Desk) -> None:
    note_id = desk.add("Biology", "Cloze", Text="a {{c1::b}} {{c2::c}}", tags="old older")
    desk.sync()
    desk.retype(note_id, "tags:\n  - old\n  - older\n", "tags:\n  - new\n")
    desk.retype(note_id, "==c==%%c2%%", "c")
    (change,) = desk.plan().notes
    assert change.reason == (
        "edits “Text”; adds the tag new; removes the tags old and older; "
        "removes cloze 2 (Tools ▸ Empty Cards would delete its card)"
    )


def test_an_embed_of_a_table_that_was_broken_is_still_an_embed(desk: Desk) -> None:
    desk.col.media.write_data("x.png", b"picture")
    html = '<table><tr><td>a</td></tr><tr><td><img src="x.png" width="50"></td></tr></table>'
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    desk.retype(note_id, "| --- |\n", "\n")
    assert desk.sync().ok
    assert '<img src="x.png" width="50">' in desk.fields(note_id)["Back"]


def test_a_page_saved_in_an_old_encoding_is_told_and_left(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    page = desk.page(note_id)
    page.write_bytes(page.read_bytes().replace(b"answer", "réponse".encode("latin-1")))
    before = page.read_bytes()
    line = before[: before.index(b"ponse")].count(b"\n") + 1
    report = desk.sync()
    assert desk.told(report, "UTF-8").text.startswith(f"Line {line}: ")
    assert desk.fields(note_id)["Back"] == "answer"
    assert page.read_bytes() == before
    page.write_bytes(before.replace(b"\xe9", "é".encode()))
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == "réponse"
