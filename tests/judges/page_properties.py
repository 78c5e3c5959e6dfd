"""Checks page properties: with two independent YAML readers, and by Obsidian's rules."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from .vault_reader import Page

_READER = Path(__file__).parent.parent / "corpus" / "read_yaml.js"

# The characters that end a tag in Obsidian's editor.
_NO_TAG = re.compile(r"[\u2000-\u206F\u2E00-\u2E7F'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]")


def read_with_js_yaml(texts: Sequence[str]) -> list[Any]:
    """Each text as js-yaml reads it; ``{"error": …}`` for a text that it refuses."""
    answer = subprocess.run(
        ["node", str(_READER)],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def wrong_properties(pages: Sequence[Page]) -> list[str]:
    """What is wrong with the pages' properties: unreadable, read differently, or bad tags."""
    wrong = []
    for page, by_js in zip(pages, read_with_js_yaml([page.front_matter for page in pages])):
        try:
            by_python = page.properties
        except yaml.YAMLError as error:
            wrong.append(f"{page.path}: PyYAML: {error}")
            continue
        if isinstance(by_js, dict) and "error" in by_js:
            wrong.append(f"{page.path}: js-yaml: {by_js['error']}")
        elif (by_js["value"] or {}) != by_python:
            wrong.append(f"{page.path}: {by_python} for PyYAML, {by_js['value']} for js-yaml")
        wrong += [f"{page.path}: {problem}" for problem in _wrong_values(by_python)]
    return wrong


def _wrong_values(properties: dict[str, Any]) -> list[str]:
    wrong = []
    for key in ("tags", "aliases"):
        values = properties.get(key) or []
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            wrong.append(f"{key} is no list of texts: {values!r}")
        elif len({v.lower() for v in values} if key == "tags" else set(values)) != len(values):
            wrong.append(f"{key} holds one entry twice: {values!r}")
    tags = properties.get("tags") or []
    wrong += [f"{tag!r} is no tag" for tag in tags if isinstance(tag, str) and not is_tag(tag)]
    return wrong


def is_tag(tag: str) -> bool:
    """Whether Obsidian accepts ``tag``: no refused character, no empty level, not a number."""
    return not _NO_TAG.search(tag) and all(tag.split("/")) and not re.fullmatch(r"[\d/]*", tag)
