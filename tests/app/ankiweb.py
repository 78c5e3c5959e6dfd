"""A real Anki sync server on this machine, and what it holds."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection

USER, PASSWORD = "student", "secret"
START_LIMIT, LOOK_EVERY = 60.0, 0.02  # seconds


@dataclass(frozen=True)
class AnkiWeb:
    """A running server."""

    url: str
    folder: Path

    def log_in(self, collection: Path) -> dict[str, Any]:
        """Upload a collection, and return what a profile keeps when it is logged in."""
        col = Collection(str(collection))
        auth = col.sync_login(USER, PASSWORD, self.url)
        col.close_for_full_sync()
        col.full_upload_or_download(auth=auth, server_usn=None, upload=True)
        col.close()
        return {
            "syncKey": auth.hkey,
            "syncUser": USER,
            "customSyncUrl": self.url,
            "currentSyncUrl": None,
        }

    def first_fields(self, scratch: Path) -> list[str]:
        """The first fields of all notes on the server."""
        return [fields[0] for fields in self.fields(scratch)]

    def fields(self, scratch: Path) -> list[list[str]]:
        """The fields of all notes on the server, as another device would get them."""
        col = Collection(str(scratch / "other device.anki2"))
        try:
            auth = col.sync_login(USER, PASSWORD, self.url)
            col.close_for_full_sync()
            col.full_upload_or_download(auth=auth, server_usn=None, upload=False)
            col.reopen(after_full_sync=True)
            assert col.db is not None
            return [flds.split("\x1f") for flds in col.db.list("select flds from notes")]
        finally:
            col.close()

    def edit_elsewhere(self, scratch: Path, search: str, field: str, text: str) -> None:
        """Change a note on another device, and sync that device."""
        col = Collection(str(scratch / "phone.anki2"))
        try:
            auth = col.sync_login(USER, PASSWORD, self.url)
            col.close_for_full_sync()
            col.full_upload_or_download(auth=auth, server_usn=None, upload=False)
            col.reopen(after_full_sync=True)
            note = col.get_note(col.find_notes(search)[0])
            note[field] = text
            col.update_note(note)
            col.sync_collection(auth, sync_media=False)
        finally:
            col.close()


@contextlib.contextmanager
def serve_ankiweb(folder: Path) -> Iterator[AnkiWeb]:
    """Run a server for one user until the block ends."""
    folder.mkdir()
    environment = {
        **os.environ,
        "SYNC_USER1": f"{USER}:{PASSWORD}",
        "SYNC_BASE": str(folder),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": "0",  # any that is free; the log says which
    }
    log = folder / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield AnkiWeb(f"http://{_wait_for_address(server, log)}/", folder)
        finally:
            server.kill()
            server.wait()


def _wait_for_address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        said = re.search(r"127\.0\.0\.1:\d+(?=\s)", log.read_text(errors="replace"))
        if said:
            return said[0]
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(LOOK_EVERY)
    raise AssertionError(f"The sync server did not start.\n{log.read_text(errors='replace')}")
