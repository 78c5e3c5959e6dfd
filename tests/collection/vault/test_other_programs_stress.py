"""Git, sync tools, formatters, backups and other systems at a vault, in between a person's edits.

No word vanishes, nothing outside is touched, and a page shows what its note has, or something is
asked or told. ``ANKIVAULT_STRESS=1000`` looks at more sequences, and at others each time.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from ankivault.convert.page.page_text import split_page
from ankivault.convert.page.properties import find_note_id
from ankivault.sync.run.faults import LOG
from ankivault.sync.run.report import Message, Report

from ...desks.folding_disk import ignore_case
from ...desks.other_programs import FORMATS, LINTS, SAVES, lint
from ...desks.random_desk import WORD, RandomDesk, any_days
from .test_choices_stress import Chooser, Reader
from .test_two_way_stress import Person, picks

TITLES = ("Größe é", "e\u0301tude", "한글", "x (conflicted copy)", "Same", "same", "Q? #1")
COPIES = (" (Jo's conflicted copy 2024-01-02)", ".sync-conflict-20240102-101010-ABCDEFG", " 2",
          " (1)", "-DESKTOP-AB12", " - Copy", " copy")  # fmt: skip
DAY = 86_400
_CLOZE = re.compile(r"%%c(\d+)(?:::[^%\n]*)?%%|\{\{c(\d+)::")


class Faults(logging.Handler):
    """Keeps the faults of ours that were caught: none may happen."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(self.format(record))


def words_in(*data: bytes) -> set[str]:
    """The typed words in files, whatever their encoding."""
    texts = (each.decode(code, "replace") for each in data for code in ("utf-8", "utf-16"))
    return set(WORD.findall("\n".join(texts)))


class OtherPrograms(RandomDesk):
    """What they do to a vault, for a class of ``RandomDesk``."""

    folds = False  # whether the disk ignores case
    sync: Callable[[], None]  # a run, and the checks after it

    def __init__(self) -> None:
        self.patched, self.faults = pytest.MonkeyPatch(), Faults()
        LOG.addHandler(self.faults)
        self.commits: list[dict[str, bytes]] = []
        self.backups: list[Path] = []
        self.told: set[str] = set()  # paths of copies that were told
        self.outside = Path(tempfile.mkdtemp())
        (self.outside / "theirs.md").write_text("---\nanki_note_type: Basic\n---\ntheirs\n")
        make = tempfile.mkdtemp

        def make_home() -> str:
            home: str = make()
            if self.folds:
                ignore_case(Path(home) / "Obsidian", self.patched)
            return home

        with pytest.MonkeyPatch.context() as once:
            once.setattr(tempfile, "mkdtemp", make_home)
            super().__init__()
        self.fill()
        self.desk.sync(confirmed=True)

    def fill(self) -> None:
        desk, word = self.desk, self.word
        desk.col.media.write_data("größe.png", b"picture")
        for title in TITLES:
            desk.add("Bio", Front=title, Back=f'{word()} <img src="größe.png">')
        table = f"<table><tbody><tr><th>{word()}</th><th>b</th></tr><tr><td>x|y</td></tr></table>"
        more = f"<ol><li>{word()}</li><li>b</li></ol><pre>{word()}\n  x_y *z*</pre>"
        desk.add("Geo", Front=f"T {word()}", Back=table + more)
        item = f"{{{{c2::{word()}::hint}}}}<ul><li>it's <i>{word()}</i></li></ul>"
        text = f"<ul><li>{{{{c1::{word()}}}}}</li><li>{item}</li></ul>"
        desk.add("Geo", "Cloze", Text=text, Back_Extra="x_y")

    def teardown(self) -> None:
        LOG.removeHandler(self.faults)
        self.patched.undo()
        shutil.rmtree(self.outside)
        super().teardown()

    # What is there

    def read_files(self) -> dict[Path, bytes]:
        """All files of the Obsidian vault, its trash as well."""
        return {f: f.read_bytes() for f in (self.home / "Obsidian").rglob("*") if f.is_file()}

    def words(self) -> set[str]:
        found = words_in(*self.read_files().values(), *(f.read_bytes() for f in self.linked()))
        return found | set(WORD.findall("\n".join(self.fields())))

    def linked(self) -> list[Path]:
        return [file for file in self.outside.rglob("*") if file.is_file()]

    def by_note(self) -> dict[int, list[Path]]:
        """The pages of each note that are files of the vault."""
        found: dict[int, list[Path]] = {}
        for file in sorted(self.desk.vault.rglob("*.md")):
            if ".trash" not in file.parts and not any(map(Path.is_symlink, (file, *file.parents))):
                text = file.read_bytes().decode("utf-8", "replace").lstrip("\ufeff")
                found.setdefault(find_note_id(text) or 0, []).append(file)
        return {note_id: pages for note_id, pages in found.items() if note_id}

    def pages(self) -> list[Path]:
        every = (page for pages in self.by_note().values() for page in pages)
        return [page for page in every if b"\xef\xbf\xbd" not in self._read(page).encode()]

    def _read(self, page: Path) -> str:
        return page.read_bytes().decode("utf-8", "replace")

    def write(self, page: Path, data: bytes) -> None:
        """What is not on the page any more was given up by a person, or is their tool's to keep."""
        self.given_up |= words_in(page.read_bytes()) - words_in(data)
        page.write_bytes(data)

    def some(self, pick: int, every: bool) -> list[Path]:
        return self.pages() if every else [self.page(pick)]

    # What programs do to pages

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, every=st.booleans(), how=st.sampled_from(sorted(FORMATS)))
    def format_pages(self, pick: int, every: bool, how: str) -> None:
        for page in self.some(pick, every):
            text = self._read(page)
            managed = split_page(text).managed
            if managed:
                self.write(page, text.replace(managed, FORMATS[how](managed)).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, every=st.booleans(), how=st.sampled_from(sorted(LINTS)))
    def lint_properties(self, pick: int, every: bool, how: str) -> None:
        for page in self.some(pick, every):
            self.write(page, lint(self._read(page), how).encode())

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, how=st.sampled_from(sorted(SAVES)))
    def save_otherwise(self, pick: int, how: str) -> None:
        page = self.page(pick)
        self.write(page, SAVES[how](page.read_bytes()))

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, mark=st.sampled_from(COPIES), edit=st.booleans(), swap=st.booleans())
    def copy_by_a_sync_tool(self, pick: int, mark: str, edit: bool, swap: bool) -> None:
        page = self.page(pick)
        copy, data = page.with_name(f"{page.stem}{mark}.md"), page.read_bytes()
        if copy.exists():
            return
        if swap:
            os.rename(page, copy)
        typed = f"{self.word()}\n%% anki:end".encode() if edit else b"%% anki:end"
        (page if swap else copy).write_bytes(data.replace(b"%% anki:end", typed))

    @precondition(RandomDesk.has_pages)
    @rule(one=picks, other=picks, keep=st.booleans())
    def join_pages(self, one: int, other: int, keep: bool) -> None:
        first, second = self.page(one), self.page(other)
        if first != second:
            first.write_bytes(first.read_bytes() + b"\n" + second.read_bytes())
            if not keep:
                second.unlink()

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, tenth=st.integers(1, 9), new=st.booleans())
    def split_a_page(self, pick: int, tenth: int, new: bool) -> None:
        page = self.page(pick)
        other = page.with_name(f"part {self.typed}.md")
        lines = page.read_bytes().split(b"\n")
        at = len(lines) * tenth // 10
        if not other.exists():
            head = b"---\nanki_note_type: Basic\n---\n" if new else b""
            other.write_bytes(head + b"\n".join(lines[at:]))
            page.write_bytes(b"\n".join(lines[:at]))

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, every=st.booleans(), date=st.sampled_from([0, 10**9, 4 * 10**9]))
    def set_the_clock(self, pick: int, every: bool, date: int) -> None:
        for page in self.some(pick, every):
            os.utime(page, (date, date))

    # What they do to names

    @precondition(RandomDesk.has_pages)
    @rule(pick=picks, every=st.booleans(), how=st.sampled_from(["NFD", "NFC", "lower", "upper"]))
    def spell_names_anew(self, pick: int, every: bool, how: Any) -> None:
        for page in self.some(pick, every):
            other = {"lower": page.stem.lower(), "upper": page.stem.upper()}.get(how)
            target = page.with_name(f"{other or unicodedata.normalize(how, page.stem)}.md")
            if target.name not in os.listdir(page.parent):
                os.rename(page, target)

    @rule(pick=picks, how=st.sampled_from(["lower", "upper", "title", "moved"]))
    def rename_a_folder(self, pick: int, how: str) -> None:
        folders = [f for f in sorted(self.desk.vault.rglob("*")) if f.is_dir()]
        folders = [f for f in folders if ".trash" not in f.parts and not f.is_symlink()]
        if folders:
            folder = folders[pick % len(folders)]
            name = f"{folder.name} moved" if how == "moved" else getattr(folder.name, how)()
            if name not in os.listdir(folder.parent):
                os.rename(folder, folder.with_name(name))

    @rule(pick=picks, what=st.sampled_from(["page", "folder", "round"]))
    def put_a_link(self, pick: int, what: str) -> None:
        vault = self.desk.vault
        if what == "page" and self.pages():
            page, target = self.page(pick), self.outside / f"linked {self.typed}.md"
            if not target.exists():
                shutil.move(page, target)
                page.symlink_to(target)
        for kind, target in (("folder", self.outside), ("round", vault)):
            if what == kind and not os.path.lexists(vault / f"{kind} link"):
                (vault / f"{kind} link").symlink_to(target)

    @rule()
    def remove_links(self) -> None:
        for found in [f for f in self.desk.vault.rglob("*") if f.is_symlink()]:
            found.unlink()

    # What goes back in time

    @rule()
    def commit(self) -> None:
        self.commits.append(self.desk.files())

    @precondition(lambda self: bool(self.commits))
    @rule(pick=picks, part=st.integers(1, 3), gone=st.booleans())
    def check_out(self, pick: int, part: int, gone: bool) -> None:
        """Git keeps what it takes away: all of the vault goes back, or a part of it."""
        old, now = self.commits[pick % len(self.commits)], self.desk.files()
        for number, path in enumerate(sorted({*old, *now})):
            file = self.desk.vault / path
            if (number + pick) % part or old.get(path) == now.get(path):
                continue
            self.given_up |= words_in(now.get(path, b"")) - words_in(old.get(path, b""))
            if path not in old and gone:
                file.unlink(missing_ok=True)
            elif path in old and not any(map(Path.is_file, file.parents)) and not file.is_dir():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(old[path])

    @rule()
    def back_up_anki(self) -> None:
        """A day goes by after it."""
        assert self.desk.col.db is not None
        self.desk.col.db.execute("update notes set mod = mod - ?", DAY)
        self.desk.col.close()
        self.backups.append(self.home / f"backup {len(self.backups)}")
        shutil.copytree(self.home / "anki", self.backups[-1])
        self.desk.col.reopen()

    @precondition(lambda self: bool(self.backups))
    @rule(pick=picks)
    def restore_anki(self, pick: int) -> None:
        """What was on no page yet is given up."""
        lost = set(WORD.findall("\n".join(self.fields())))
        self.given_up |= lost - words_in(*self.read_files().values())
        self.desk.col.close()
        shutil.rmtree(self.home / "anki")
        shutil.copytree(self.backups[pick % len(self.backups)], self.home / "anki")
        self.desk.col = Collection(str(self.home / "anki" / "collection.anki2"))

    @rule(pick=picks)
    def lose_a_day_of_anki(self, pick: int) -> None:
        self.back_up_anki()
        self.desk.add("Bio", Front=f"of the day {self.word()}", Back=self.word())
        self.given_up.update(WORD.findall(" ".join(self.note(pick).fields)))
        self.desk.edit(self.note(pick).id, **{self.note(pick).keys()[-1]: self.word()})
        self.sync()
        self.restore_anki(len(self.backups) - 1)
        self.sync()

    @rule(pick=picks, how=st.sampled_from([lambda data: data[: len(data) // 2], lambda _: b"?"]))
    def damage_the_base(self, pick: int, how: Any) -> None:
        bases = self.desk.bases() if self.desk.state.exists() else []
        if bases:
            base = bases[pick % len(bases)]
            base.write_bytes(how(base.read_bytes()))

    # What must hold

    def check_run(self, before: dict[Path, bytes], report: Report) -> None:
        assert {file: file.read_bytes() for file in self.linked()} == before
        assert not self.faults.seen, "\n".join(self.faults.seen)
        copies = ("is a copy of", "second version", "not followed")
        self.told |= {str(m.path) for m in report.messages if any(c in m.text for c in copies)}

    def check_pages(self, asked: set[int], said: Sequence[Message], left_out: set[int]) -> None:
        """What is neither asked nor told shows on one page all words, clozes and pictures."""
        by_note, told = self.by_note(), {message.note_id for message in said}
        for note_id in {*self.desk.col.find_notes("")} - asked - told - left_out:
            fields = " ".join(self.desk.col.get_note(note_id).fields)
            pages = by_note.get(note_id, [])
            paths = {page: page.relative_to(self.desk.vault).as_posix() for page in pages}
            certain = [page for page in pages if paths[page] not in self.told | self.left_alone]
            assert pages and len(certain) <= 1, (note_id, paths)
            shown = [split_page(self._read(page)).managed or "" for page in certain or pages]
            assert any(_shows(managed, fields) for managed in shown), (shown, fields)


def _shows(managed: str, fields: str) -> bool:
    managed = re.sub(r"(?m)^([ \t]*(?:```+|~~~+)).+$", r"\1", managed)  # no language of code
    clozes = Counter(one or other for one, other in _CLOZE.findall(managed))
    return (
        set(WORD.findall(managed)) == set(WORD.findall(fields))
        and clozes == Counter(re.findall(r"\{\{c(\d+)::", fields))
        and managed.count("![") == fields.count("<img")
    )


class TwoWay(OtherPrograms, Chooser):
    """A person with two-way."""

    @rule(more=st.integers(0, 2), whole=st.booleans())
    def lose_the_base(self, more: int, whole: bool) -> None:
        self.remove_links()
        super().lose_the_base(more, whole)

    def run_once(self, **how: Any) -> Report:
        before = {file: file.read_bytes() for file in self.linked()}
        report = super().run_once(**how)
        self.check_run(before, report)
        return report

    def compare(self, messages: Sequence[Message]) -> None:
        plan = self.desk.plan()
        asked = {question.note_id for question in plan.questions}
        self.check_pages(asked, (*messages, *plan.messages), self.left_out())


class FoldingTwoWay(TwoWay):
    """The same on Mac or Windows."""

    folds = True


class Mirror(OtherPrograms, Reader):
    """A person with a mirror."""

    two_way = False

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks, title=st.sampled_from(TITLES))
    def edit_note(self, pick: int, title: str) -> None:
        self.given_up.update(WORD.findall(" ".join(self.note(pick).fields)))
        self.desk.edit(self.note(pick).id, **{self.note(pick).keys()[0]: f"{{{{c1::{title}}}}}"})

    @precondition(RandomDesk.has_notes)
    @rule(pick=picks)
    def delete_note(self, pick: int) -> None:
        self.given_up.update(WORD.findall(" ".join(self.note(pick).fields)))
        super().delete_note(pick)

    @rule()
    def sync(self) -> None:
        before, words = {file: file.read_bytes() for file in self.linked()}, self.words()
        for _ in range(2):
            report = self.desk.sync(confirmed=True)
            self.check_run(before, report)
        assert words - self.given_up <= self.words()
        dates = self.desk.dates()
        assert self.desk.plan().is_empty
        report = self.desk.sync(confirmed=True)
        assert self.desk.dates() == dates
        self.check_pages(set(), report.messages, Person.left_out(self))


@pytest.mark.parametrize("kind", [TwoWay, FoldingTwoWay, Mirror])
def test_whatever_other_programs_do_every_word_is_kept(kind: type[OtherPrograms]) -> None:
    run_state_machine_as_test(kind, settings=any_days(sequences=8, steps=25))
