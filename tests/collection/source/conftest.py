"""A person with an account of Rember, which a stand-in on loopback keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import serve_rember


@pytest.fixture
def rember(tmp_path: Path) -> Iterator[RemberDesk]:
    with serve_rember() as stand_in:
        col = Collection(str(tmp_path / "collection.anki2"))
        yield RemberDesk(col, tmp_path / "state", stand_in, stand_in.store())
        col.close()
