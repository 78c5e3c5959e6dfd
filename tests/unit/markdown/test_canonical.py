"""What counts as an edit of a page, and what is mere reformatting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.markdown.canonical import canonical, drop_block_names

SAMPLE = """\
## Front
Some *words* and **more** of `co_de_` and $a_1 * b_2$

- one
\t- two
\t\t1. deep
\t\t2. deeper
- three _x_

| a | b |
| --- | :---: |
| 1 \\| 2 | [[x\\|y]] |

> quoted
> - item

```py
def f():
\treturn  1

- x
```

$$
a  _b_
$$

$$c _d_
e$$

---
==cloze==%%c1%%
"""


@pytest.mark.parametrize(
    "change",
    [
        ("\n", "\r\n"),
        ("\n\n- one", "\n\n\n- one"),
        ("- one\n", "- one\n\n"),
        ("\n- one\n", "\n* one\n"),
        ("\n- three", "\n+   three"),
        ("\t\t1. deep\n\t\t2.", "\t\t1. deep\n\t\t1."),
        ("\t\t1. deep\n\t\t2.", "\t\t3) deep\n\t\t4)"),
        ("- one\n\t- two\n\t\t1. deep\n\t\t2.", "- one\n  - two\n     1. deep\n     2."),
        ("- one\n\t- two\n\t\t1. deep\n\t\t2.", "- one\n    - two\n        1. deep\n        2."),
        ("*words*", "_words_"),
        ("**more**", "__more__"),
        ("_x_", "*x*"),
        ("| a | b |\n| --- | :---: |\n", "|a|   b  |\n|-|:-:|\n"),
        ("> quoted", ">quoted"),
        ("\n---\n", "\n\n***\n\n"),
        ("==%%c1%%", "==%%c1%%   "),
        ("def f():\n", "def f():  \n"),
        # Obsidian names a block when a link to it is copied.
        ("- three _x_\n", "- three _x_ ^a1b2c3\n"),
        ("==%%c1%%", "==%%c1%% ^a-1 "),
        ("> - item\n", "> - item\n\n^a1b2c3\n"),
    ],
)
def test_reformatting_is_no_edit(change: tuple[str, str]) -> None:
    reformatted = SAMPLE.replace(*change)
    assert canonical(reformatted) == canonical(SAMPLE)


@pytest.mark.parametrize(
    "change",
    [
        ("words", "word"),
        ("*words*", "words"),
        ("*words*", "**words**"),
        ("co_de_", "co*de*"),
        ("a_1 *", "a*1 _"),
        ("\treturn", "    return"),
        ("return  1", "return 1"),
        ("1\n\n- x", "1\n- x"),
        ("- x\n```", "* x\n```"),
        ("a  _b_", "a _b_"),
        ("a  _b_", "a  *b*"),
        ("c _d_", "c *d*"),
        ("\t- two", "- two"),
        ("\t\t1. deep\n", "\t\t- deep\n"),
        ("- three", "three"),
        (":---:", "---"),
        ("%%c1%%", "%%c2%%"),
        ("## Front", "### Front"),
        ("> - item", "> item"),
        ("[[x\\|y]]", "[[x]]"),
        ("return  1", "return  1 ^a1"),
        ("_b_\n", "_b_ ^a1\n"),
        ("- three", "- three \\^a1"),
        ("- three", "- three^a1"),
    ],
)
def test_an_edit_is_an_edit(change: tuple[str, str]) -> None:
    edited = SAMPLE.replace(*change)
    assert edited != SAMPLE
    assert canonical(edited) != canonical(SAMPLE)


FENCED = [
    "- ```py\n\tx  =  1\n\t- y\n\t```\n",
    "1. ~~~\n   x  =  1\n   - y\n   ~~~\n",
    "> - ```\n>   x  =  1\n>   - y\n>   ```\n",
    "- - ````\n    x  =  1\n    - y\n    ```\n    ````\n",
    "> ```\n> x  =  1\n> - y\n",
    "- ```\n\tx  =  1\n\t- y\n",
]


@pytest.mark.parametrize("code", FENCED)
def test_code_that_begins_behind_a_list_or_quote_mark_ends_with_it(code: str) -> None:
    page = f"{code}\nAfter _it_\n\n- c\n"
    assert canonical(page.replace("_it_", "*it*").replace("\n- c", "\n* c")) == canonical(page)
    for old, new in (("x  =", "x ="), ("- y", "* y"), ("After", "Before"), ("- c", "c")):
        assert canonical(page.replace(old, new)) != canonical(page)


def test_names_of_blocks_can_be_dropped() -> None:
    named = "a ^a1\r\n\n```\ncode ^a2\n```\n^a3\nb^a4 \\^a5\n- c ^a-6  "
    assert drop_block_names(named) == "a\n\n```\ncode ^a2\n```\n\nb^a4 \\^a5\n- c"
    assert drop_block_names(SAMPLE) == SAMPLE


pieces = st.lists(
    st.sampled_from(
        ["a", "1", "- ", "* ", "1. ", "\t", "    ", "\n", "\n\n", "```", "$$", "$", "`", "_", "*",
         "|", "> ", "---", " ", "[[", "]]", "## 1. ", "\\", "é", "\r\n"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(pieces, st.integers(0, 200), st.sampled_from("bé7字"))
def test_no_changed_letter_is_overlooked(text: str, at: int, letter: str) -> None:
    letters = [i for i, char in enumerate(text) if char in "aé"]
    if letters:
        i = letters[at % len(letters)]
        assert canonical(text[:i] + letter + "x" + text[i + 1 :]) != canonical(text)
