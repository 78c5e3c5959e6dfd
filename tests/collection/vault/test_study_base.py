"""Create Study Base… writes tables for Obsidian, and never over a file of a person's own."""

from __future__ import annotations

import re

import pytest
import yaml

from ankivault.convert.page.told import TOLD_KINDS
from ankivault.sync.run.errors import VaultUnavailable
from ankivault.sync.vault.study_base import STUDY_BASE, write_study_base

from ...judges.page_properties import read_with_js_yaml
from ..conftest import Desk

# https://help.obsidian.md/bases/syntax and https://help.obsidian.md/bases/functions
TOP = {"filters", "formulas", "properties", "views"}
IN_A_VIEW = {"type", "name", "filters", "groupBy", "order", "sort"}
FUNCTIONS = {"if", "today", "date", "file.hasProperty", "file.hasTag", "file.asLink"}
EVERY_PAGE = {"anki_note_id", "anki_deck", "aliases"}


def test_the_base_is_what_obsidian_documents_in_two_readers_of_yaml(desk: Desk) -> None:
    assert write_study_base(desk.col, desk.vault) == "created"
    text = (desk.vault / STUDY_BASE).read_text("utf-8")
    read = yaml.safe_load(text)
    assert read_with_js_yaml([text]) == [{"value": read}]
    assert read.keys() <= TOP
    names = [view["name"] for view in read["views"]]
    assert names == ["Due this week", "Leeches", "Never seen", "By deck"]
    statements = [*read["formulas"].values(), *statements_of(read["filters"])]
    columns = set(read["properties"])
    for view in read["views"]:
        assert view.keys() <= IN_A_VIEW
        statements += statements_of(view.get("filters", {"and": []}))
        used = [*view["order"], *(each["property"] for each in view["sort"])]
        assert set(used) <= columns
    formulas = {f"formula.{name}" for name in read["formulas"]}
    ours = {f"note.{name}" for name in EVERY_PAGE | TOLD_KINDS.keys()}
    assert columns <= formulas | ours
    for statement in statements:
        words = re.sub(r'"[^"]*"', "", statement)
        assert set(re.findall(r"([\w.]+)\(", words)) <= FUNCTIONS
        named = set(re.findall(r"\banki_\w+", statement))
        assert named <= EVERY_PAGE | TOLD_KINDS.keys()


def statements_of(filters: dict[str, list[str]]) -> list[str]:
    assert len(filters) == 1
    assert filters.keys() <= {"and", "or", "not"}
    return next(iter(filters.values()))


def test_another_file_of_its_name_is_replaced_only_if_asked_and_kept_then(desk: Desk) -> None:
    desk.add(Front="q", Back="a")
    desk.sync()
    file = desk.vault / STUDY_BASE
    file.write_text("views: []\n", "utf-8")
    assert write_study_base(desk.col, desk.vault) == "other"
    assert file.read_text("utf-8") == "views: []\n"
    assert write_study_base(desk.col, desk.vault, replaces=True) == "replaced"
    assert desk.trash()[STUDY_BASE] == "views: []\n"
    date = file.stat().st_mtime_ns
    assert write_study_base(desk.col, desk.vault) == "unchanged"
    assert file.stat().st_mtime_ns == date
    assert desk.plan().is_empty


def test_no_base_is_written_where_no_pages_may_be(desk: Desk) -> None:
    with pytest.raises(VaultUnavailable, match="Nothing was written"):
        write_study_base(desk.col, desk.vault / "missing")
