"""One export for each sample collection; every test of this folder judges them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..desks.made_once import MadeOnce
from .exports import Export, export_collection
from .sample_collections import SOURCES, copy_collection

_PARAMS = ["nasty inline", *SOURCES]


# Tests of one export run in one worker, which makes it once.
@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in _PARAMS],
)
def export(
    request: pytest.FixtureRequest, once: MadeOnce, tmp_path_factory: pytest.TempPathFactory
) -> Export:
    """A collection and the vault that its first run made.

    The nasty one lies deep in an Obsidian vault that has files of the same names elsewhere; it is
    exported in both cloze styles.
    """
    place: Path = tmp_path_factory.mktemp("export")
    vault = place / "Vault"
    collection = copy_collection(once, request.param.split()[0], place)
    if request.param == "shared":
        return export_collection(collection, vault, "", place / "state", "outline")
    for name in ("Photos/nerve.jpg", "Photos/only picture.png", "_Geography_index.md"):
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text("mine\n", encoding="utf-8")
    style = "inline" if "inline" in request.param else "outline"
    return export_collection(collection, vault, "Learning/Anki", place / "state", style)
