from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks.source_desk import SourceDesk, source_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SourceDesk]:
    with source_desk(tmp_path) as made:
        yield made
