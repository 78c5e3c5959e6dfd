"""One export for each sample collection; every test of this folder judges them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from .exports import Export, export_collection
from .sample_collections import SHARED_DECKS, import_shared_decks, make_nasty_collection

_SOURCES = ["nasty", "nasty inline", *(["shared"] if SHARED_DECKS.is_dir() else [])]


@pytest.fixture(scope="session", params=_SOURCES)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """A collection and the vault that its first run made.

    The nasty one lies deep in an Obsidian vault that has files of the same names elsewhere; it is
    exported in both cloze styles.
    """
    place: Path = tmp_path_factory.mktemp("export")
    collection, vault = place / "collection.anki2", place / "Vault"
    if request.param == "shared":
        import_shared_decks(collection)
        return export_collection(collection, vault, "", place / "state", "outline")
    make_nasty_collection(collection)
    for name in ("Photos/nerve.jpg", "Photos/only picture.png", "_Geography_index.md"):
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text("mine\n", encoding="utf-8")
    style = "inline" if "inline" in request.param else "outline"
    return export_collection(collection, vault, "Learning/Anki", place / "state", style)
