"""When changed notes and pages are taken: after a quiet second, never too late, never lost."""

from __future__ import annotations

from typing import Optional, Union

from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.sync.run.scope import EVERYTHING, Scope
from ankivault.sync.vault.live.pending import AGAIN, MAX_WAIT, MOST, QUIET, SELDOM, Pending

from ....stress import tries

NOTHING: frozenset[int] = frozenset()
NO_PATHS: frozenset[str] = frozenset()


def notes(*ids: int) -> Scope:
    return Scope(frozenset(ids), NO_PATHS)


def pages(*paths: str) -> Scope:
    return Scope(NOTHING, frozenset(paths))


def test_nothing_changed_so_there_is_nothing_to_wait_for() -> None:
    pending = Pending()
    pending.add_note_ids([], 1.0)
    pending.add_paths([], 1.0)
    assert pending.is_empty
    assert pending.next_moment() is None
    assert pending.due(1e9) is None
    assert pending.take_all(1e9) is None


def test_a_page_is_taken_after_a_quiet_second() -> None:
    pending = Pending()
    pending.add_paths(["A.md"], 10.0)
    pending.add_paths(["A.md"], 10.5)
    assert pending.next_moment() == 10.5 + QUIET
    assert pending.due(10.0 + QUIET) is None
    assert pending.due(10.5 + QUIET) == pages("A.md")
    assert pending.is_empty


def test_what_is_quiet_does_not_wait_for_what_still_changes() -> None:
    pending = Pending()
    pending.add_paths(["A.md"], 0.0)
    pending.add_note_ids([7], 0.9)
    assert pending.due(QUIET) == pages("A.md")
    assert pending.due(0.9 + QUIET) == notes(7)


def test_a_page_that_is_saved_again_and_again_is_taken_all_the_same() -> None:
    pending = Pending()
    saved = 0.0
    while saved <= MAX_WAIT:
        pending.add_paths(["A.md"], saved)
        saved += QUIET / 2
    assert pending.next_moment() == MAX_WAIT
    assert pending.due(MAX_WAIT) == pages("A.md")


def test_leaving_the_window_takes_the_notes_at_once_and_no_page_that_is_being_saved() -> None:
    pending = Pending()
    pending.add_paths(["quiet.md"], 0.0)
    pending.add_paths(["saved now.md"], QUIET)
    pending.add_note_ids([1, 2], QUIET)
    assert pending.take_all(QUIET) == Scope(frozenset({1, 2}), frozenset({"quiet.md"}))
    assert pending.take_all(QUIET) is None
    assert pending.due(2 * QUIET) == pages("saved now.md")


def test_leaving_the_window_takes_everything_when_everything_changed() -> None:
    pending = Pending()
    pending.add_everything(0.0)
    pending.add_note_ids([1], 0.0)
    assert pending.take_all(0.0) == EVERYTHING
    assert pending.is_empty


def test_many_pages_of_one_checkout_are_taken_together() -> None:
    pending = Pending()
    paths = [f"{number}.md" for number in range(500)]
    for number, path in enumerate(paths):
        pending.add_paths([path], number / 200)
    assert pending.next_moment() == 499 / 200 + QUIET
    assert pending.due(2 * QUIET) is None
    assert pending.due(499 / 200 + QUIET) == pages(*paths)


def test_many_pages_that_never_are_quiet_are_taken_all_the_same() -> None:
    pending = Pending()
    paths = [f"{number}.md" for number in range(500)]
    saved = 0.0
    while saved <= MAX_WAIT:
        pending.add_paths(paths, saved)
        saved += QUIET / 2
    assert pending.next_moment() == MAX_WAIT
    assert pending.due(MAX_WAIT) == pages(*paths)


def test_a_burst_is_one_look_at_everything_when_it_is_over() -> None:
    pending = Pending()
    for number in range(MOST + 1):
        pending.add_paths([f"{number}.md"], number / MOST)
    pending.add_paths(["late.md"], 1.5)
    pending.add_note_ids([1], 1.6)
    assert pending.next_moment() == 1.6 + QUIET
    assert pending.due(1.6 + QUIET) == EVERYTHING
    assert pending.is_empty


def test_as_many_as_are_looked_at_one_by_one_are() -> None:
    pending = Pending()
    pending.add_note_ids(range(MOST), 0.0)
    assert pending.due(QUIET) == notes(*range(MOST))


def test_a_run_that_failed_is_tried_again_a_moment_later() -> None:
    pending = Pending()
    pending.add_paths(["A.md", "B.md"], 0.0)
    taken = pending.due(QUIET)
    assert taken is not None
    pending.add_paths(["B.md"], 1.2)
    pending.give_back(taken, 1.5)
    assert pending.due(1.2 + QUIET) == pages("B.md"), "it keeps the moment of its own change"
    assert pending.due(1.5 + QUIET) == pages("A.md")


def test_everything_comes_back_as_everything() -> None:
    pending = Pending()
    pending.add_note_ids([1], 0.0)
    pending.give_back(EVERYTHING, 0.5)
    assert pending.due(0.5) is None
    assert pending.due(0.5 + QUIET) == EVERYTHING
    assert pending.is_empty


def test_what_could_not_be_done_is_tried_again_ever_more_seldom() -> None:
    pending, now, waited = Pending(), 0.0, []
    for _ in range(8):
        pending.put_off(pages("A.md"), now)
        moment = pending.next_moment()
        assert moment is not None
        assert pending.due(moment - 0.1) is None
        assert pending.due(moment) == pages("A.md")
        waited.append(moment - now)
        now = moment
    assert waited[:3] == [AGAIN, 2 * AGAIN, 4 * AGAIN]
    assert max(waited) == SELDOM
    pending.put_off(Scope(), now)
    assert pending.is_empty
    pending.put_off(pages("A.md"), now)
    assert pending.next_moment() == now + AGAIN, "it was done in between"


def test_new_changes_do_not_wait_for_what_is_put_off() -> None:
    pending = Pending()
    pending.put_off(pages("A.md"), 0.0)
    pending.add_paths(["B.md"], 0.5)
    assert pending.due(0.5 + QUIET) == pages("B.md")
    pending.put_off(Scope(), 2.0)
    pending.hurry(3.0)
    assert pending.due(3.0) == pages("A.md"), "a person has come"
    pending.put_off(EVERYTHING, 4.0)
    pending.add_note_ids([1], 4.0)
    assert pending.due(4.0 + QUIET) == notes(1)
    assert pending.due(4.0 + 2 * AGAIN) == EVERYTHING


Step = tuple[str, Union[frozenset[int], frozenset[str]], int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("notes"), st.frozensets(st.integers(1, 4)), st.integers(0, 40)),
        st.tuples(st.just("paths"), st.frozensets(st.sampled_from("abcd")), st.integers(0, 40)),
        st.tuples(
            st.sampled_from(("everything", "due", "due", "leave", "give back")),
            st.just(NO_PATHS),
            st.integers(0, 40),
        ),
    ),
    max_size=60,
)


class Diary:
    """The plain model: each thing's changes since it was last taken, everything among them."""

    def __init__(self) -> None:
        self.changes: dict[Union[int, str], list[float]] = {}

    def note(self, things: Union[frozenset[int], frozenset[str]], now: float) -> None:
        for thing in things:
            self.changes.setdefault(thing, []).append(now)

    def note_missing(self, things: Union[frozenset[int], frozenset[str]], now: float) -> None:
        if "everything" not in self.changes:  # which they are part of
            self.note(frozenset(things - self.changes.keys()), now)

    def moment(self) -> Optional[float]:
        """When the first is due: all count as one thing when everything changed."""
        if "everything" in self.changes:
            times = [time for all_times in self.changes.values() for time in all_times]
            return min(max(times) + QUIET, min(times) + MAX_WAIT)
        return min((due_at(times) for times in self.changes.values()), default=None)

    def take(self, now: float, *, leaving: bool) -> Optional[Scope]:
        if "everything" in self.changes:
            moment = self.moment()
            if leaving or (moment is not None and moment <= now):
                self.changes.clear()
                return EVERYTHING
            return None
        taken = {
            thing
            for thing, times in self.changes.items()
            if due_at(times) <= now or (leaving and isinstance(thing, int))
        }
        for thing in taken:
            del self.changes[thing]
        ids = frozenset(thing for thing in taken if isinstance(thing, int))
        paths = frozenset(thing for thing in taken if isinstance(thing, str))
        return Scope(ids, paths) if taken else None


def due_at(times: list[float]) -> float:
    return min(times[-1] + QUIET, times[0] + MAX_WAIT)


@settings(max_examples=tries(150), deadline=None)
@given(STEPS)
def test_takes_what_a_diary_of_all_changes_would_take(steps: list[Step]) -> None:
    pending, diary = Pending(), Diary()
    now, last = 0.0, Scope(NOTHING, NO_PATHS)
    for kind, things, passed in steps:
        now += passed / 8
        taken: Optional[Scope] = None
        if kind == "notes":
            pending.add_note_ids((int(thing) for thing in things), now)
            diary.note(things, now)
        elif kind == "paths":
            pending.add_paths((str(thing) for thing in things), now)
            diary.note(things, now)
        elif kind == "everything":
            pending.add_everything(now)
            diary.note(frozenset({"everything"}), now)
        elif kind == "give back":
            pending.give_back(last, now)
            for part in (last.note_ids, last.paths):
                diary.note_missing(frozenset({"everything"}) if part is None else part, now)
            last = Scope(NOTHING, NO_PATHS)
        else:
            leaving = kind == "leave"
            taken = pending.take_all(now) if leaving else pending.due(now)
            assert taken == diary.take(now, leaving=leaving)
            last = taken or last
        assert pending.next_moment() == diary.moment()
        assert pending.is_empty == (not diary.changes)


@given(STEPS)
def test_it_is_due_at_the_moment_that_was_told_and_at_none_before(steps: list[Step]) -> None:
    pending = Pending()
    now = 0.0
    for kind, things, passed in steps:
        now += passed / 8
        if kind == "notes":
            pending.add_note_ids((int(thing) for thing in things), now)
        elif kind == "paths":
            pending.add_paths((str(thing) for thing in things), now)
        moment = pending.next_moment()
        if moment is not None and moment > now:
            assert pending.due((now + moment) / 2) is None
            if kind == "due":
                now = moment
                assert pending.due(now) is not None
