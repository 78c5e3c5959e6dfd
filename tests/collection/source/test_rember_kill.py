"""A run may be killed at any moment: the next one ends where an undisturbed one would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.desks.dynamic_desk import review
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import make_remb, serve_rember

ROUNDS = int(os.environ.get("ANKIVAULT_KILLS", "24"))
SCRIPT = Path(__file__).with_name("killed_rember.py")
NO_ANSWERS: Mapping[str, str] = {}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RemberDesk]:
    (tmp_path / "home" / "anki").mkdir(parents=True)
    with serve_rember() as stand_in:
        stand_in.put(
            *(
                make_remb(f"r{n}", f"Some words {n}.", a=(f"A{n}?", "a"), b=("B?", "b"))
                for n in range(9)
            )
        )
        col = Collection(str(tmp_path / "home" / "anki" / "collection.anki2"))
        yield RemberDesk(col, tmp_path / "home" / "state", stand_in, stand_in.store())
        col.close()


def kill_often(desk: RemberDesk, seed: int, answers: Mapping[str, str] = NO_ANSWERS) -> None:
    desk.col.close()
    home = desk.state.parent
    told = [str(home), str(ROUNDS), str(seed), str(desk.rember.port), json.dumps(answers)]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *told],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["moments"] == min(ROUNDS, result["writes"]) > 10
    assert result["differing"] == {}


def test_a_first_pull_killed_anywhere_is_finished_by_the_next(desk: RemberDesk) -> None:
    kill_often(desk, seed=1)


def test_a_pull_of_changes_killed_anywhere_is_finished_by_the_next(desk: RemberDesk) -> None:
    service = desk.rember
    desk.sync()
    for n in range(6):
        desk.edit(f"r{n}", "Some", "My")
        for number, id_ in enumerate("ab"):
            review(desk.col, desk.card(f"r{n}", id_).id, 1 + (n + number) % 4)
    desk.drop("r6", "r7")
    desk.sync()
    words = ["Some words %d.", "Some other words %d.", "Rember's words %d."]
    service.put(
        *(make_remb(f"r{n}", words[n % 3] % n, b=("B?", "new"), c=("C?", "c")) for n in range(7)),
        *(make_remb(f"n{n}", q=(f"New {n}?", "n")) for n in range(4)),
    )
    service.delete("r8", "r5")
    answers = {"edited:r2": "rember", "unwanted:r6": "rember", "gone:r5": "delete"}
    kill_often(desk, seed=2, answers=answers)
