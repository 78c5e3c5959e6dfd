"""While a run works, each stage counts its own things, and never backwards."""

from __future__ import annotations

from pathlib import Path

from tests.collection.conftest import Desk

Told = list[tuple[str, int, int]]


def check(told: Told) -> None:
    """Each label is one stage: its total stays, and what is done only grows, up to the total."""
    stages = [label for n, (label, *_) in enumerate(told) if not n or told[n - 1][0] != label]
    assert len(stages) == len(set(stages)), stages
    for stage in stages:
        counts = [(done, total) for label, done, total in told if label == stage]
        assert counts == sorted(counts), stage
        assert all(done <= total for done, total in counts), stage


def totals(told: Told) -> dict[str, int]:
    return {label: total for label, _, total in told if total}


def test_media_pages_and_notes_are_counted_by_themselves(desk: Desk) -> None:
    desk.set(two_way=True)
    media = Path(desk.col.media.dir())
    ids = []
    for number in range(30):
        (media / f"{number}.png").write_bytes(b"%d" % number)
        picture = f'<img src="{number}.png">' if number < 25 else ""
        ids.append(desk.add(Front=f"q{number}", Back=f"a{number} {picture}"))
    told: Told = []
    desk.sync(progress=lambda *step: told.append(step))
    check(told)
    counted = totals(told)
    assert (counted["Copying media"], counted["Writing pages"]) == (25, 30)
    assert counted["Writing index pages"] == 2

    for note_id in ids[25:]:
        desk.retype(note_id, f"a{ids.index(note_id)}", "another answer")
    desk.col.remove_notes(ids[:3])
    told.clear()
    desk.sync(progress=lambda *step: told.append(step), confirmed=True)
    check(told)
    counted = totals(told)
    assert counted["Updating notes"] == 5
    assert counted["Removing pages"] == counted["Removing media"] == 3
