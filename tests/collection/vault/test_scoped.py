"""A run that looks at a few notes and pages plans for these what a run over everything would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from ankivault.sync.run.scope import NeedsEverything, Scope
from ankivault.sync.vault.changes import VaultPlan

from ...desks.random_desk import any_days
from ..conftest import Desk
from .test_two_way_stress import DECKS, Person


class Touched:
    """The notes and the files that changed since both sides last agreed."""

    def __init__(self, desk: Desk) -> None:
        self.notes, self.files = self._look(desk)
        self.scope = Scope()

    def look(self, desk: Desk) -> Scope:
        """What is touched by now."""
        notes, files = self._look(desk)
        ids = {i for i in notes.keys() | self.notes.keys() if notes.get(i) != self.notes.get(i)}
        paths = {p for p in files.keys() | self.files.keys() if files.get(p) != self.files.get(p)}
        self.notes, self.files = notes, files
        pages = {path for path in paths if path.endswith(".md")}
        self.scope = self.scope.joined(Scope(frozenset(ids), frozenset(pages)))
        return self.scope

    def _look(self, desk: Desk) -> tuple[dict[int, Any], dict[str, Any]]:
        assert desk.col.db is not None
        rows = desk.col.db.all(
            "select n.id, n.guid, n.flds, n.tags, group_concat(c.did || ' ' || c.ord) from notes n "
            "left join cards c on c.nid = n.id group by n.id"
        )
        files = {
            path.relative_to(desk.vault).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in desk.vault.rglob("*")
            if path.is_file() and ".trash" not in path.parts
        }
        return {row[0]: row[1:] for row in rows}, files


def shown(plan: VaultPlan) -> dict[str, Any]:
    """What a plan does, and what it asks; copies of media that are left over do not count."""
    return {
        "pages": sorted(map(str, plan.pages)),
        "notes": sorted(str(replace(change, guid="", claimed=None)) for change in plan.notes),
        "questions": sorted(map(str, plan.questions)),
        "indexes": sorted(map(str, plan.indexes)),
        "media": sorted(str(media) for media in plan.media if media.kind != "remove"),
        "folders": plan.folders,
        "links": {key: value for key, value in plan.links.items() if key != "others"},
        "learned": sorted(map(str, plan.strangers.learned)),
        "gone": sorted(plan.strangers.gone),
    }


class Glancing(Person):
    """A person, with a program that looks at what was touched, and one that looks at everything."""

    glances = 0

    def __init__(self) -> None:
        self.touched = None
        super().__init__()
        self.touched = Touched(self.desk)

    @rule()
    def sync(self) -> None:
        self.run_once()
        self.run_once()
        if self.touched and self.desk.plan().is_empty and not self.desk.plan().questions:
            self.touched = Touched(self.desk)

    @rule(policy=st.sampled_from(["ask", "prefer_anki", "prefer_obsidian"]),
          style=st.just("outline"), excluded=st.just(()))  # fmt: skip
    def choose_settings(self, policy: str, style: str, excluded: tuple[str, ...]) -> None:
        self.desk.set(conflict_policy=policy)

    @rule(deck=st.sampled_from(DECKS), name=st.sampled_from(("Bio", "Geo::Bio", "Other")))
    def rename_deck(self, deck: str, name: str) -> None:
        super().rename_deck(deck, name)
        self.sync()

    @rule(more=st.integers(0, 2), whole=st.just(False))
    def lose_the_base(self, more: int, whole: bool) -> None:
        self.sync()

    @rule()
    def go_back_to_the_base_of_before(self) -> None:
        self.sync()

    @invariant()
    def a_glance_sees_what_a_look_at_everything_sees(self) -> None:
        if self.touched is None:
            return
        scope = self.touched.look(self.desk)
        try:
            scoped = self.desk.plan(scope=scope)
        except NeedsEverything:
            return
        type(self).glances += 1
        few, everything = shown(scoped), shown(self.desk.plan())
        for part, planned in everything.items():
            assert few[part] == planned, part


@pytest.mark.parametrize("two_way", [True, False])
def test_a_glance_plans_what_a_look_at_everything_does(two_way: bool) -> None:
    class Here(Glancing):
        pass

    Here.two_way = two_way
    run_state_machine_as_test(Here, settings=any_days(8, 12))
    assert Here.glances > 30
