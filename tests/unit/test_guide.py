"""What the guide says is there is there: links, settings with their defaults, files, functions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ankivault.sync.vault.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "config.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.M | re.S)
_LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)|src=\"([^\"]+)\"")
_KEY = re.compile(r"`([a-z]+(?:_[a-z]+)*)`")
_VALUES = {"none", "inline"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for path, heading, picture in _LINK.findall(text):
        target = page.parent / (path or picture or page.name)
        assert target.is_file(), f"{path or picture} in {page.name}"
        if heading:
            lines = target.read_text(encoding="utf-8").splitlines()
            headings = [line.lstrip("# ") for line in lines if line.startswith("#")]
            assert heading in map(_anchor, headings), f"#{heading} in {page.name}"


def test_the_page_of_settings_names_all_of_them_and_no_other() -> None:
    text = (ROOT / "docs" / "guide" / "settings.md").read_text(encoding="utf-8")
    named = set(_KEY.findall(text))
    assert named - set(Settings().as_dict()) <= _VALUES
    assert named >= set(Settings().as_dict())


def test_the_table_of_settings_begins_with_each_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", (ROOT / "config.md").read_text("utf-8"), re.M)
    config = json.loads((ROOT / "config.json").read_text(encoding="utf-8"))
    told = {key: values for key, values in rows if key in config}
    assert told.keys() == config.keys()
    for key, default in config.items():
        if default not in ("", []):
            word = default if isinstance(default, str) else json.dumps(default)
            assert told[key].startswith(f"`{word}`"), key


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_files_and_functions_that_are_named_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    made_up = set(re.findall(r"`([\w/]+\.py)` \(new\)", text))
    files = set(re.findall(r"`((?:\w+/)+\w+\.(?:py|md|svg))`", text)) - made_up
    assert [file for file in sorted(files) if not (ROOT / file).is_file()] == []
    if name == "docs/architecture.md":
        said = {word for word in re.findall(r"`([A-Za-z_]+)`", text) if "_" in word.strip("_")}
        said |= set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+)`", text))
        sources = (p for room in ("cli", "convert", "model", "sync", "ui") for p in _code(room))
        code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
        defined = set(re.findall(r"^ *(?:def|class) (\w+)", code, re.M))
        assert said - defined - {"user_files"} == set()


def _code(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
