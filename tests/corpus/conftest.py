"""One export for each sample collection; every test of this folder judges them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from .exports import Export, export_collection
from .sample_collections import SHARED_DECKS, import_shared_decks, make_nasty_collection

_SOURCES = ["nasty", *(["shared"] if SHARED_DECKS.is_dir() else [])]


@pytest.fixture(scope="session", params=_SOURCES)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """A collection and the vault that its first run made.

    The nasty one lies deep in an Obsidian vault that has files of the same names elsewhere.
    """
    place: Path = tmp_path_factory.mktemp(request.param)
    collection = place / "collection.anki2"
    if request.param == "shared":
        import_shared_decks(collection)
        return export_collection(collection, place / "Vault", "", place / "state")
    make_nasty_collection(collection)
    for name in ("Photos/nerve.jpg", "Photos/only picture.png", "_Geography_index.md"):
        (place / "Vault" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "Vault" / name).write_text("mine\n", encoding="utf-8")
    return export_collection(collection, place / "Vault", "Learning/Anki", place / "state")
