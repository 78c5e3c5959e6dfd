"""A file comes into Anki's media folder whole, and no file goes before it is there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ankivault.sync.collection.media import put_media

from ..conftest import Desk


def test_on_a_full_disk_the_file_that_is_there_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.col.media.write_data("cat.png", b"old")
    folder = Path(desk.col.media.dir())

    def refuse(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(OSError):
            put_media(desk.col, "cat.png", b"new")
    assert (folder / "cat.png").read_bytes() == b"old"
    put_media(desk.col, "cat.png", b"new")
    assert (folder / "cat.png").read_bytes() == b"new"
    trash = folder.parent / "media.trash"
    assert [file.read_bytes() for file in trash.rglob("*.png")] == [b"old"]


@pytest.mark.parametrize("leads", [True, False])
def test_a_link_goes_and_nothing_is_written_where_it_led(
    desk: Desk, tmp_path: Path, leads: bool
) -> None:
    outside = tmp_path / "outside.png"
    if leads:
        outside.write_bytes(b"theirs")
    place = Path(desk.col.media.dir()) / "cat.png"
    place.symlink_to(outside)
    put_media(desk.col, "cat.png", b"new")
    assert (place.is_symlink(), place.read_bytes()) == (False, b"new")
    assert outside.exists() == leads and (not leads or outside.read_bytes() == b"theirs")
