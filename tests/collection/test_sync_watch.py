"""Two syncs at once, and other add-ons beside ours, in what AnkiWeb sync calls."""

from __future__ import annotations

from anki.collection import Collection

from ankivault.ui.runs.ankiweb_watch import SyncWatch
from tests.collection.conftest import Desk


def _is_as_anki_made_it(col: Collection) -> bool:
    return "sync_collection" not in vars(col)


def test_two_syncs_at_once_leave_anki_as_it_was(desk: Desk) -> None:
    first, second = SyncWatch(), SyncWatch()
    first.begin(desk.col)
    second.begin(desk.col)
    first.end()
    assert not _is_as_anki_made_it(desk.col), "the second one still watches"
    second.end()
    first.end()
    assert _is_as_anki_made_it(desk.col)


def test_what_another_add_on_put_there_stays(desk: Desk) -> None:
    theirs = desk.col.sync_collection
    desk.col.sync_collection = theirs  # type: ignore[method-assign]
    watch = SyncWatch()
    watch.begin(desk.col)
    watch.end()
    assert vars(desk.col)["sync_collection"] is theirs
    watch.begin(desk.col)
    desk.col.sync_collection = theirs  # type: ignore[method-assign]
    watch.end()
    assert vars(desk.col)["sync_collection"] is theirs
