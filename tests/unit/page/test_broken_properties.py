"""Properties with one broken line: that line is told, wherever it stands, in plain words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.page.properties import PropertiesError, read_own

# Lines that a person writes; each is one line, and no other has to change.
ITEMS = (
    " - y", "    y: z: x", "  y", "  -y", "  - [y", "  - {y: 1", "  - \"y", "  - 'y", '  - "y" z',
    "  - *y", "  - @y", "  - x: y: z", "  - [y]]", " y",
)  # fmt: skip
KEYS = (
    "title", "title:Foo", "title: Foo: bar", 'title: "Foo', "title: 'Foo", 'title: "Foo" bar',
    "title: 'It's'", "title: [x, y", "title: [x, y]]", "title: [[Foo]] bar", "title: {x: 1",
    "title: *Foo*", "title: @foo", "title: %foo", "title: `foo`", 'title: "C:\\qux"', "title: , x",
    'title: ["x" "y"]', "title: | foo", "  title: foo", " title: foo", "- foo", "title: &",
    "dup: 1", "title: \x01",
)  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("above", [0, 1, 3])
@pytest.mark.parametrize("below", [0, 1, 3])
@pytest.mark.parametrize("broken", [*KEYS, *ITEMS])
def test_the_line_that_is_told_is_the_one_to_mend(
    broken: str, below: int, above: int, newline: str
) -> None:
    lines = ["dup: 0", *(f"a{n}: it's {n}" for n in range(above))]
    if broken in ITEMS:
        lines += ["list:", "  - one", "  - two"]
    lines += [broken, *(f"b{n}: x" for n in range(below))]
    with pytest.raises(PropertiesError) as refused:
        read_own("".join(line + newline for line in lines))
    assert refused.value.line == lines.index(broken) + 2  # the fence is line 1
    assert "expected" not in refused.value.message and "<" not in refused.value.message


def test_each_of_several_lines_of_a_value_can_be_the_broken_one() -> None:
    for text, line in (
        ('a: ["x",\n  "y"\n  "z"]\nb: 1\n', 4),
        ('a: "x\n\n  y\nb: 1\n', 2),
        ("a: [x,\n  y,\nb: 1\nc: 2\n", 2),
        ("list:\n  - one\n  - [x,\n  - two\nb: 1\n", 4),
    ):
        with pytest.raises(PropertiesError) as refused:
            read_own(text)
        assert refused.value.line == line, text


@given(st.text("ab: -\n\t'\"\\\\[]{}>|*&!@%,?#", max_size=20))
def test_no_word_of_the_parser_is_told(text: str) -> None:
    try:
        read_own(f"key: 1\n{text}")
    except PropertiesError as error:
        assert not re.search(r"<\w|token|mapping|sequence|scalar|expected", error.message), error
