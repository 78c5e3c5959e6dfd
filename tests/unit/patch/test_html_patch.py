"""What is put around words stays nested in what formats them already."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.edit.splice import unbalanced
from ankivault.convert.patch.patch import patch_html

from ...stress import tries

RED = '<span style="color:red">'


@pytest.mark.parametrize(
    ("html", "new", "wanted"),
    [
        (f"a {RED}b</span> c", "a <b>b</b> c", f"a {RED}<b>b</b></span> c"),
        (f"a {RED}b</span> c", "a {{c1::b}} c", f"a {RED}{{{{c1::b}}}}</span> c"),
        (f"a {RED}b</span> c", "a <b>bb</b> c", f"a {RED}<b>bb</b></span> c"),
        (f"a {RED}b c</span> d", "<b>a b</b> c d", f"<b>a {RED}b</span></b>{RED} c</span> d"),
        (f"a {RED}b c</span> d", "a b {{c1::c d}}",
         f"a {RED}b </span>{{{{c1::{RED}c</span> d}}}}"),
        (f"{RED}a</span> <u>b</u> c", "{{c1::x b}} c",
         f"{{{{c1::{RED}x</span> <u>b</u>}}}} c"),
    ],
)  # fmt: skip
def test_both_ends_stand_within_the_same_element(html: str, new: str, wanted: str) -> None:
    old = html.replace(RED, "").replace("</span>", "").replace("<u>", "").replace("</u>", "")
    assert patch_html(html, old, new, True) == wanted


FILM = '<video src="a.mp4" controls></video>'


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (f"a {FILM} more b", f"a {FILM} more b"),
        ("a  b", "a  b"),
        (f"<b>a {FILM}</b> b", f"<b>a {FILM}</b> b"),
    ],
)
def test_a_film_is_one_thing_with_its_end(new: str, wanted: str) -> None:
    assert (
        patch_html(f"a {FILM} b", "a [sound:a.mp4] b", new.replace(FILM, "[sound:a.mp4]"), False)
        == wanted
    )


def test_a_hint_stands_behind_what_formats_the_answer() -> None:
    html = f"{{{{c1::{RED}a</span>}}}} b"
    wanted = f"{{{{c1::{RED}a</span>::hint}}}} b"
    assert patch_html(html, "{{c1::a}} b", "{{c1::a::hint}} b", True) == wanted


@given(
    st.lists(st.sampled_from(["", RED, '<font color="x">', "<u>"]), min_size=2, max_size=8),
    st.data(),
)
@settings(max_examples=tries(120), deadline=None)
def test_whatever_is_formatted_stays_nested(looks: list[str], data: st.DataObject) -> None:
    words = [f"word{number}" for number in range(len(looks))]
    html = " ".join(_wrap(look, word) for look, word in zip(looks, words))
    html = f"{RED}{html}</span>" if data.draw(st.booleans()) else html
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    before, after = data.draw(st.sampled_from([("<b>", "</b>"), ("{{c1::", "}}"), ("<i>", "</i>")]))
    new = list(words)
    new[first] = before + new[first]
    new[last] += after
    patched = patch_html(html, " ".join(words), " ".join(new), True)
    assert patched is not None
    assert unbalanced(patched) == ""
    inside = patched[patched.index(before) + len(before) : patched.rindex(after)]
    assert unbalanced(inside) == ""
    assert [word for word in words if word in inside] == words[first : last + 1]


def _wrap(look: str, word: str) -> str:
    name = look.strip("<>").partition(" ")[0]
    return f"{look}{word}</{name}>" if look else word
