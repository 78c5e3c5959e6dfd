"""The vaults of tests have few notes, so a stretch of notes that are in step is short as well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ankivault.sync.vault import comparing


@pytest.fixture(scope="module", autouse=True)
def short_stretches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparing, "STRETCH", 3)
        yield
