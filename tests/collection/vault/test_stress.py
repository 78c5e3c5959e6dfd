"""Whatever a person does on both sides, in whatever order: nothing they typed is ever lost."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ankivault.sync.run.errors import Cancelled
from ankivault.sync.vault.run import sync_vault

from ...desks.random_desk import RandomDesk, any_days

DECKS = ("Bio", "bio::Cell", "Geo", "Geo::A.md", "assets", "pictures")
TITLES = ("Same", "same", "_Bio_index", "x (conflicted copy)", "Q?", "e\u0301", "%% x")
picks = st.integers(0, 1000)


class Person(RandomDesk):
    """A person who edits notes and pages, and runs a sync now and then."""

    two_way = False

    def __init__(self) -> None:
        super().__init__()
        self.desk.col.media.write_data("p.png", b"picture")
        for number, deck in enumerate(DECKS):
            self.add_note(deck, TITLES[number])
            self.add_note(deck, f"Title {number}")
        self.desk.sync()

    def words(self) -> set[str]:
        """The words of the person that are anywhere in the vault or its trash."""
        files = [f for f in (self.home / "Obsidian").rglob("*") if f.is_file()]
        held = b"\n".join(file.read_bytes() for file in files)
        return {w for n in range(self.typed) if (w := f"typed{n + 1:04}").encode() in held}

    def has_notes(self) -> bool:
        return len(self.desk.col.find_notes("")) > 3

    @rule(deck=st.sampled_from(DECKS), title=st.sampled_from(TITLES))
    def add_note(self, deck: str, title: str) -> None:
        self.desk.add(deck, Front=title, Back=f'<b style="color:red">{title}</b> <img src="p.png">')

    @precondition(has_notes)
    @rule(pick=picks, title=st.sampled_from(TITLES))
    def edit_note(self, pick: int, title: str) -> None:
        self.desk.edit(self.note(pick).id, Front=title, Back=f"{title} again")

    @precondition(has_notes)
    @rule(pick=picks, deck=st.sampled_from(DECKS))
    def move_note(self, pick: int, deck: str) -> None:
        self.desk.move(self.note(pick).id, deck)

    @precondition(has_notes)
    @rule(pick=picks)
    def delete_note(self, pick: int) -> None:
        self.desk.col.remove_notes([self.note(pick).id])

    @rule(deck=st.sampled_from(DECKS), name=st.sampled_from(("Bio", "BIO", "Geo::Bio", "Other")))
    def rename_deck(self, deck: str, name: str) -> None:
        decks = {d.name: d.id for d in self.desk.col.decks.all_names_and_ids()}
        if deck in decks and not name.startswith(f"{deck}::"):
            self.desk.col.decks.rename(decks[deck], name)

    @rule(
        excluded=st.sampled_from(((), ("Geo",))),
        kept=st.sampled_from(((), ("Geo::A.md",))),
        suffix=st.sampled_from(("note_id", "none", "Back")),
        rename=st.booleans(),
        index=st.booleans(),
        assets=st.sampled_from(("assets", "pictures")),
        colours=st.booleans(),
        study=st.booleans(),
        links=st.booleans(),
    )
    def choose_settings(self, **chosen: Any) -> None:
        self.desk.set(
            excluded_decks=chosen["excluded"],
            included_decks=chosen["kept"],
            filename_suffix=chosen["suffix"],
            rename_on_title_change=chosen["rename"],
            index_pages=chosen["index"],
            assets_folder=chosen["assets"],
            colours=chosen["colours"],
            study_properties=chosen["study"],
            anki_links=chosen["links"],
        )

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, crlf=st.booleans())
    def type_around_the_marks(self, pick: int, crlf: bool) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode().replace("\r\n", "\n")
        text = text.replace("\nanki_guid", f"\nmine{self.typed}: {self.word()}\nanki_guid", 1)
        text += f"\n{self.word()} without a newline"
        page.write_bytes((text.replace("\n", "\r\n") if crlf else text).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def type_between_the_marks(self, pick: int) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode()
        page.write_bytes(text.replace("%% anki:end", f"{self.word()}\n%% anki:end").encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def rub_out_the_marks(self, pick: int) -> None:
        page = self.page(pick)
        text = page.read_bytes().decode()
        text = text.replace("%% anki:begin %%", self.word()).replace("%% anki:end %%", "")
        page.write_bytes(text.encode())

    @rule(pick=picks)
    def type_in_an_index_page(self, pick: int) -> None:
        found = sorted(f for f in self.desk.vault.rglob("_*ndex.md") if ".trash" not in f.parts)
        if found:
            page = found[pick % len(found)]
            page.write_bytes(page.read_bytes() + self.word().encode())

    @rule(deck=st.sampled_from(DECKS), title=st.sampled_from(TITLES[:4]))
    def write_a_page_of_ones_own(self, deck: str, title: str) -> None:
        own = self.desk.vault / deck.replace("::", "/").replace(".md", "_md") / f"{title}.md"
        if not own.exists():
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(self.word())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks)
    def delete_a_page(self, pick: int) -> None:
        self.page(pick).unlink()

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, folder=st.sampled_from(("", "Bio", "Mine")))
    def move_a_page(self, pick: int, folder: str) -> None:
        target = self.desk.vault / folder / f"mine {pick}.md"
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.rename(self.page(pick), target)

    @precondition(RandomDesk.has_pages)
    @rule(one=picks, other=picks)
    def swap_pages(self, one: int, other: int) -> None:
        first, second = self.page(one), self.page(other)
        if first.stat().st_size == second.stat().st_size:
            first.write_bytes(first.read_bytes() + b" ")  # a rename alone tells them apart by size
        aside = self.home / "aside"
        os.rename(first, aside)
        if second != first:
            os.rename(second, first)
        os.rename(aside, second)

    @rule(larger_vault=st.booleans(), more=st.booleans())
    def lose_the_base(self, larger_vault: bool, more: bool) -> None:
        if more:  # so that it is not too often
            self.sync()
        elif larger_vault:
            (self.home / "Obsidian" / ".obsidian").mkdir(exist_ok=True)
        elif self.desk.state.exists():
            self.desk.lose_base()

    @rule(calls=st.integers(1, 30))
    def cancel_a_run(self, calls: int) -> None:
        left = [calls]

        def progress(label: str, done: int, total: int) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        before = self.words()
        desk = self.desk
        with contextlib.suppress(Cancelled):
            sync_vault(desk.col, desk.settings, desk.state, progress, confirmed=True)
        assert before - self.given_up <= self.words()

    @rule()
    def sync(self) -> None:
        desk, before = self.desk, self.words()
        report = desk.sync(confirmed=True)
        assert report.ok, report.messages
        assert before - self.given_up <= self.words()
        geo = desk.settings.excluded_decks
        left_out = set(desk.col.find_notes("deck:Geo")) if geo else set()
        if desk.settings.included_decks:
            left_out -= set(desk.col.find_notes("deck:Geo::A.md"))
        for note_id in desk.col.find_notes(""):
            assert len(desk.pages(note_id)) == (note_id not in left_out), note_id
        vault, dates = desk.everything(), desk.dates()
        assert desk.plan().is_empty
        desk.sync(confirmed=True)
        assert (desk.everything(), desk.dates()) == (vault, dates)


def test_any_sequence_of_edits_on_both_sides_keeps_every_word() -> None:
    run_state_machine_as_test(
        Person,
        settings=any_days(sequences=25, steps=25),
    )
