"""Two edits of one field's HTML: both are in the result to the letter, or it is a question."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.sync.deck.base import HeldField
from ankivault.sync.deck.values import Values
from ankivault.sync.source.subscription.plan.fields import merge_html, merge_text

PIECES = [
    "{}",
    "<b>{}</b>",
    "{}<br>",
    "<div>{} {}</div>",
    "<ul><li>{}</li><li>{}</li></ul>",
    "{{{{c1::{}}}}}",
    "{{{{c2::{} {}::{}}}}}",
    '<span style="color: red">{}</span>',
    "[sound:{}.mp3]",
    r"\( {} + {} \)",
    '<img src="{}.png">',
    "<table><tr><td>{}</td></tr></table>",
]
EDITS = ["{new}", "{old} {new}", "{new} {old}", "", "<i>{old}</i>", "{{{{c5::{old}}}}}"]


@st.composite
def fields(draw: st.DrawFn) -> tuple[str, int]:
    """A field, and the number of its words, which are w0, w1, …"""
    count, parts = 0, []
    for piece in draw(st.lists(st.sampled_from(PIECES), min_size=3, max_size=8)):
        times = piece.replace("{{", "").replace("}}", "").count("{}")
        parts.append(piece.format(*(f"w{count + n}" for n in range(times))))
        count += times
    return " ".join(parts), count


@given(data=st.data())
def test_edits_of_different_words_are_both_there_and_nothing_else(data: st.DataObject) -> None:
    base, count = data.draw(fields())
    one, other = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    edits = [data.draw(st.sampled_from(EDITS)) for _ in range(2)]

    def edit(text: str, word: int, how: str, new: str) -> str:
        made = how.format(old=f"w{word}", new=new)
        return re.sub(rf"\bw{word}\b", lambda _: made, text)

    mine = edit(base, one, edits[0], "mine")
    theirs = edit(base, other, edits[1], "theirs")
    merged = merge_html(base, theirs, mine)
    if merged is None:
        return  # a question loses nothing
    assert merged == edit(theirs, one, edits[0], "mine")
    assert merge_html(base, theirs, merged) == merged  # a run that was killed comes again


MARKDOWN = ["{}", "**{}** {}", "- {}\n- {} {}", "> {}", "1. {}\n2. {}", "{}\\\n{}"]


@given(data=st.data())
def test_a_markdown_text_and_html_merge_once(data: st.DataObject) -> None:
    count, parts = 0, []
    for piece in data.draw(st.lists(st.sampled_from(MARKDOWN), min_size=2, max_size=5)):
        times = piece.count("{}")
        parts.append(piece.format(*(f"w{count + n}" for n in range(times))))
        count += times
    text = "\n\n".join(parts)
    one, other = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    values = Values()
    held = HeldField(text, values.to_anki(text, True), True)
    mine = re.sub(rf"\bw{one}\b", data.draw(st.sampled_from(["mine", f"w{one} mine"])), held.anki)
    new = data.draw(st.sampled_from(["theirs", f"w{other} theirs", f"*w{other}*"]))
    theirs = re.sub(rf"\bw{other}\b", new, text)
    merged = merge_text(values, theirs, True, mine, held)
    assert merged.state in ("merged", "conflict", "refused")
    if merged.state == "merged" and merged.html is not None:
        words = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", merged.html))
        assert words.count("mine") == 1 and words.count("theirs") == ("theirs" in new)
        again = merge_text(values, theirs, True, merged.html, held)
        assert again.state == "merged" and again.html is None


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("one two three", "one 2 three", "one two 3", "one 2 3"),
        ("one two three", "one 2 three", "one zwei three", None),
        ("a<br>b", "a<br>b<br>mine", "<b>a</b><br>b", "<b>a</b><br>b<br>mine"),
        ("<b>a b c</b>", "a b c", "<b>a B c</b>", "a B c"),
        ("a b c d", "<b>a b</b> c d", "a <i>b c</i> d", None),  # they would overlap
        ("a {{c1::b}} c", "a b c", "a {{c1::b}} C", "a b C"),
        ("a {{c1::b b2}} c", "a b b2 c", "a {{c1::b b2::hint}} c", None),
        (r"\(x\) y", r"y", r"\(x + 1\) y", None),
        ("same", "mine same", "same", "mine same"),
        ("same", "new", "new", "new"),
        ("", "mine", "theirs", None),
    ],
)
def test_what_is_not_certain_is_asked(
    base: str, mine: str, theirs: str, merged: str | None
) -> None:
    assert merge_html(base, theirs, mine) == merged
