"""Exactly the decks that a person chose have pages, however decks lie in each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.sync.run.scope import NeedsEverything, Scope
from ankivault.sync.vault.deck_choice import (
    DeckChoice,
    change_choice,
    find_hidden,
    make_choice,
)
from ankivault.sync.vault.run import apply_plan
from ankivault.sync.vault.settings import Settings, read_settings

from ..conftest import Desk

LEVELS = st.sampled_from(["A", "b", "C", "Ä", "12"])
TREES = st.lists(st.lists(LEVELS, min_size=1, max_size=4), min_size=1, max_size=12)


def make_tree(paths: list[list[str]]) -> dict[int, str]:
    """Decks as Anki has them: with each deck, those above it."""
    names: dict[str, str] = {}
    for path in paths:
        for depth in range(len(path)):
            name = "::".join(path[: depth + 1])
            names.setdefault(name.casefold(), name)
    return dict(enumerate(names.values(), start=100))


def below(decks: dict[int, str], deck: int) -> set[int]:
    """A deck and all in it."""
    name = decks[deck]
    return {id_ for id_, each in decks.items() if each == name or each.startswith(f"{name}::")}


@given(TREES, st.data(), st.booleans())
def test_any_decks_can_be_chosen(paths: list[list[str]], data: st.DataObject, new: bool) -> None:
    decks = make_tree(paths)
    shown = data.draw(st.sets(st.sampled_from(sorted(decks))))
    choice = make_choice(decks, shown, new_decks=new)
    assert decks.keys() - find_hidden(decks, choice) == shown
    by_name = DeckChoice(
        tuple(decks[id_] for id_ in choice.left_out if isinstance(id_, int)),
        tuple(decks[id_].upper() for id_ in choice.brought_in if isinstance(id_, int)),
        new,
    )
    assert decks.keys() - find_hidden(decks, by_name) == shown
    settings = Settings().with_decks(choice)
    assert read_settings(settings.as_dict())[0] == settings


@given(TREES, st.data(), st.booleans(), st.booleans())
def test_a_deck_is_left_out_or_brought_in_with_all_below_it_and_no_other(
    paths: list[list[str]], data: st.DataObject, new: bool, wanted: bool
) -> None:
    decks = make_tree(paths)
    shown = data.draw(st.sets(st.sampled_from(sorted(decks))))
    deck = data.draw(st.sampled_from(sorted(decks)))
    choice = make_choice(decks, shown, new_decks=new)
    changed = change_choice(decks, choice, deck, shown=wanted)
    after = decks.keys() - find_hidden(decks, changed)
    assert after == (shown | below(decks, deck) if wanted else shown - below(decks, deck))


@given(TREES, st.data(), st.booleans())
def test_a_new_deck_does_as_the_deck_that_it_is_in(
    paths: list[list[str]], data: st.DataObject, new: bool
) -> None:
    decks = make_tree(paths)
    shown = data.draw(st.sets(st.sampled_from(sorted(decks))))
    above = data.draw(st.sampled_from(sorted(decks)))
    choice = make_choice(decks, shown, new_decks=new)
    more = {**decks, 1: f"{decks[above]}::New", 2: "Newest"}
    hidden = find_hidden(more, choice)
    assert (1 in hidden) == (above not in shown)
    assert (2 in hidden) == (not new)


def test_settings_of_before_mean_what_they_meant() -> None:
    decks = {1: "Default", 2: "Geo", 3: "Geo::Rivers", 4: "Geology", 5: "2024"}
    for refs, hidden in (
        ((), set()),
        ((2,), {2, 3}),
        (("geo",), {2, 3}),
        (("Geo::Rivers", 4), {3, 4}),
        (("2024",), {5}),
        (("4",), {4}),
        ((99, "Gone"), set()),
    ):
        settings = read_settings({"excluded_decks": refs})[0]
        assert find_hidden(decks, settings.deck_choice) == hidden, refs


DECKS = ("A", "A::B", "A::B::C", "A::D", "E", "E::F")


def shown_decks(desk: Desk, notes: dict[str, int]) -> set[str]:
    return {desk.col.decks.name(desk.col.get_note(i).cards()[0].did) for i in notes.values()
            if desk.pages(i)}  # fmt: skip


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"excluded_decks": ("A",), "included_decks": ("A::B",)}, {"A::B", "A::B::C", "E", "E::F"}),
        ({"excluded_decks": ("A", "A::B::C"), "included_decks": ("A::B",)}, {"A::B", "E", "E::F"}),
        ({"new_decks": False, "included_decks": ("E",)}, {"E", "E::F"}),
        ({"new_decks": False}, set()),
        ({"new_decks": False, "included_decks": ("A::B",), "excluded_decks": ("A::B",)}, set()),
    ],
)
def test_the_vault_has_the_pages_of_the_chosen_decks(
    desk: Desk, choice: dict[str, Any], shown: set[str], two_way: bool
) -> None:
    desk.set(two_way=two_way)
    notes = {deck: desk.add(deck, Front=f"in {deck}", Back="a") for deck in DECKS}
    desk.sync()
    desk.set(**choice)
    report = desk.sync(confirmed=True)
    assert report.ok
    assert shown_decks(desk, notes) == shown
    assert desk.plan().is_empty
    index = (desk.vault / "_Anki_Collection_Index.md").read_text("utf-8")
    assert ("[[_E_index" in index) == ("E" in shown)
    for deck in DECKS:  # an index leads from the root to each page, also below a deck left out
        page = desk.vault / deck.replace("::", "/") / f"_{deck.rpartition('::')[2]}_index.md"
        assert page.exists() == any(each == deck or each.startswith(f"{deck}::") for each in shown)
    desk.set(excluded_decks=(), included_decks=(), new_decks=True)
    desk.sync(confirmed=True)
    assert shown_decks(desk, notes) == set(DECKS)
    assert desk.plan().is_empty


def test_renamed_and_moved_decks_keep_their_choice(desk: Desk) -> None:
    notes = {deck: desk.add(deck, Front=f"in {deck}", Back="a") for deck in DECKS}
    ids = {deck: int(desk.col.decks.id(deck)) for deck in DECKS}
    decks = {id_: deck for deck, id_ in ids.items()}
    choice = make_choice(decks, {ids["A::B"], ids["A::B::C"], ids["E"]}, new_decks=False)
    desk.settings = desk.settings.with_decks(choice)
    desk.sync()
    desk.col.decks.rename(ids["A"], "Z")
    desk.col.decks.rename(ids["A::B"], "Freed")
    desk.col.decks.rename(ids["E::F"], "Also Freed")
    desk.sync(confirmed=True)
    assert shown_decks(desk, notes) == {"Freed", "Freed::C", "E"}


def test_a_new_page_in_a_folder_without_a_choice_says_so(desk: Desk) -> None:
    desk.set(two_way=True, new_decks=False, included_decks=("A::B",))
    desk.add("A::B", Front="q", Back="a")
    desk.sync()
    page = "---\nanki_note_type: Basic\n---\n## Front\nnew {}\n\n## Back\nb\n"
    for folder in ("A", "A/B", "New"):
        (desk.vault / folder).mkdir(exist_ok=True)
        (desk.vault / folder / "new.md").write_text(page.format(folder), "utf-8")
    (desk.vault / "A/B/named.md").write_text(
        page.format("named").replace("---\nanki", "---\nanki_deck: A::B::Deeper\nanki", 1), "utf-8"
    )
    report = desk.sync()
    told = {m.path: m.text for m in report.messages}
    assert "“A” is left out" in told["A/new.md"]
    assert "It is in no deck's folder" in told["New/new.md"]
    assert len(desk.col.find_notes("deck:A::B")) == 3
    assert len(desk.col.find_notes("deck:A::B::Deeper")) == 1


@pytest.mark.parametrize(
    "choice",
    [
        {"excluded_decks": ("A",)},
        {"excluded_decks": ("A",), "included_decks": ("A::B",)},
        {"new_decks": False, "included_decks": ("A::B", "E")},
    ],
)
def test_a_live_run_looks_at_everything_when_decks_are_left_out_or_brought_in(
    desk: Desk, choice: dict[str, Any]
) -> None:
    notes = {deck: desk.add(deck, Front=f"in {deck}", Back="a") for deck in DECKS}
    desk.sync()
    before = {key: getattr(desk.settings, key) for key in choice}
    scope = Scope(frozenset([notes["A::B"]]), frozenset())
    desk.edit(notes["A::B"], Back="other")
    for values in (choice, before):
        desk.set(**values)
        with pytest.raises(NeedsEverything):
            desk.plan(scope=scope)
        desk.sync(confirmed=True)
    for values in (before, choice):  # in step with a choice, both do the same
        desk.set(**values)
        desk.sync(confirmed=True)
        desk.edit(notes["A::B"], Back=f"{values}")
        few, all_ = desk.plan(scope=scope), desk.plan()
        assert few.pages == all_.pages
        assert few.indexes == all_.indexes


@pytest.mark.parametrize("two_way", [False, True])
def test_a_page_stays_when_its_note_left_the_deck_that_is_left_out(
    desk: Desk, two_way: bool
) -> None:
    """While the preview was open. A person's words on the page would come to lie in the trash."""
    desk.set(two_way=two_way)
    note_id, gone = desk.add("Out", Front="q", Back="a"), desk.add("Out", Front="r", Back="a")
    desk.add("In", Front="s", Back="a")
    desk.sync()
    with desk.page(note_id).open("a", encoding="utf-8") as page:
        page.write("\nMy words.\n")
    desk.sync()
    desk.set(excluded_decks=("Out",))
    plan = desk.plan()
    desk.move(note_id, "In")
    report = apply_plan(desk.col, plan, desk.state)
    assert desk.told(report, "was changed since").note_id == note_id
    assert not desk.pages(gone)
    desk.sync()
    assert desk.page(note_id).parent.name == "In"
    assert "My words." in desk.page(note_id).read_text("utf-8")
