"""Lines of a PDF are joined to paragraphs, and nothing else is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.ui.dynamic.wrapped_lines import join_wrapped

PRINT = """The mitochondrion is an organelle found in the cells of most
eukaryotes, such as animals, plants and fungi. Mitochondria have a
double membrane structure and use aerobic respiration to gene-
rate adenosine triphosphate, which is used throughout the cell
as a source of chemical energy.
They were discovered by Albert von Kölliker in 1857 in the
voluntary muscles of insects, and were named by Carl Benda
in 1898."""
JOINED = (
    "The mitochondrion is an organelle found in the cells of most eukaryotes, such as animals, "
    "plants and fungi. Mitochondria have a double membrane structure and use aerobic respiration "
    "to generate adenosine triphosphate, which is used throughout the cell as a source of "
    "chemical energy.\nThey were discovered by Albert von Kölliker in 1857 in the voluntary "
    "muscles of insects, and were named by Carl Benda in 1898."
)
STAY = {
    "two lines": "The mitochondrion is an organelle found in the cells of most\neukaryotes.",
    "sentences": "Mitochondria make energy for the cell, as everybody knows.\n"
    "Ribosomes make proteins for the cell, as everybody knows.\n"
    "The nucleus holds the DNA of the cell, as all of us know.",
    "titles": "On the origin of species by means of natural selection\n"
    "The descent of man and selection in relation to sex too\n"
    "The expression of the emotions in man and in animals",
    "verse": "Shall I compare thee to a summer’s day?\nThou art more lovely and more temperate:\n"
    "Rough winds do shake the darling buds of May,\nand summer’s lease hath all too short a date",
    "list": "- the first thing of all that has to be done before the rest\n"
    "- the second thing of all that has to be done before the rest\n- the third thing of all that",
    "code": "result = compute_everything(first_argument, second, third)\n"
    "if result is not None and result.value > the_smallest_one:\n    return result",
    "table": "name\tage\ttown where this person has been living for years\n"
    "anna\t12\ta town in the north of the country, by the sea\nbert\t13\tno town",
    "addresses": "https://example.com/a/very/long/address/which/goes/on\n" * 3,
    "words": "heart\nlung\nliver\nspleen\nkidney",
    "Chinese": "线粒体是一种存在于大多数细胞中的由两层膜包被的细胞器是细胞中制造能量的结构\n" * 3,
}


def test_the_lines_of_a_paragraph_are_joined() -> None:
    assert join_wrapped(PRINT) == JOINED
    assert join_wrapped(f"Cells\n\n{PRINT}\n\n- a list") == f"Cells\n\n{JOINED}\n\n- a list"
    assert join_wrapped(PRINT.replace("\n", "\r\n")) == JOINED


@pytest.mark.parametrize("kind", STAY)
def test_other_lines_stay(kind: str) -> None:
    assert join_wrapped(STAY[kind]) == STAY[kind]


WORD = st.sampled_from("the heart beats Well-known and a it 12 naïve. (so), x".split())


@given(st.lists(st.lists(WORD, min_size=8, max_size=12).map(" ".join), max_size=12).map("\n".join))
def test_nothing_but_line_ends_changes(text: str) -> None:
    assert re.sub(r"-?\s", "", join_wrapped(text)) == re.sub(r"-?\s", "", text)
