"""The grammar of lines, spelled in one place, is the parser's own."""

from __future__ import annotations

import re

import pytest

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.markdown.parser import parse_markdown
from ankivault.convert.markdown.syntax import FENCE, HEADING_MARK, RULE, is_item, is_numbered
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.vault_names import VaultNames

MARKS = ["-", "*", "+", "1.", "12)", "123456789.", "1234567890.", "١.", "²)", "–", "•", "1", "1:"]


@pytest.mark.parametrize("mark", MARKS)
def test_a_list_s_item_is_what_the_parser_takes_for_one(mark: str) -> None:
    line = f"{mark} word"
    kind = parse_markdown(line)[0].type
    assert is_item(line) == kind.endswith("list_open")
    assert is_numbered(line) == (kind == "ordered_list_open")


@pytest.mark.parametrize("mark", MARKS)
def test_a_line_that_is_no_item_stays_apart_from_a_new_one(mark: str) -> None:
    field = ConvertedField(f"before<br>{mark} word<br>after")
    page = field.markdown.replace("\nafter", "\nnew\nafter")
    edit = edit_field(field, page, VaultNames(str, lambda target: ""))
    assert edit.html == field.html.replace("after", "new<br>after")


@pytest.mark.parametrize("line", ["```", "~~~~", "``", "---", "* * *", "__", "# a", "####### a"])
def test_other_blocks_are_what_the_parser_takes_for_them(line: str) -> None:
    kind = parse_markdown(line)[0].type
    assert (re.match(FENCE, line) is not None) == (kind == "fence")
    assert (re.fullmatch(RULE, line) is not None) == (kind == "hr")
    assert (re.match(rf"{HEADING_MARK}\s", line) is not None) == (kind == "heading_open")
