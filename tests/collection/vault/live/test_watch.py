"""What a watch tells of a real folder, and what it leaves out."""

from __future__ import annotations

import ctypes
import errno
import os
import queue
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ankivault.sync.vault.live import inotify, reach
from ankivault.sync.vault.live.change import FolderChange
from ankivault.sync.vault.live.watch import FolderWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")

LONG = 3  # seconds, after which a watch that tells nothing has failed


class Watched:
    """A vault folder that is watched, and what was told of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: queue.Queue[FolderChange] = queue.Queue()
        self.watch = FolderWatch(folder, self.told.put)
        self.ends: list[str] = []

    def write(self, path: str, text: str = "words") -> None:
        self.folder.joinpath(path).write_text(text, encoding="utf-8")

    def until(self, is_last: Callable[[FolderChange], bool]) -> FolderChange:
        """All that is told until a change that is the last of it, as one."""
        whole = FolderChange()
        while True:
            change = self.told.get(timeout=LONG)
            assert change != FolderChange()
            whole = FolderChange(
                whole.paths | change.paths,
                whole.others | change.others,
                whole.everything or change.everything,
                whole.gone or change.gone,
                whole.ended or change.ended,
            )
            if is_last(change):
                return whole

    def all(self) -> FolderChange:
        """All that is told of what was done until now."""
        end = f"End {len(self.ends)}.md"
        self.ends.append(end)
        self.write(end)
        whole = self.until(lambda change: end in change.paths)
        return replace(whole, paths=whole.paths.difference(self.ends))


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    vault = tmp_path / "Vault"
    for folder in ("Biology/Cells", ".obsidian", ".git/objects", ".trash"):
        (vault / folder).mkdir(parents=True)
    (vault / "Biology/Mitosis.md").write_text("A cell divides.", encoding="utf-8")
    watched = Watched(vault)
    assert watched.watch.start() is None
    yield watched
    watched.watch.stop()


def pages(*paths: str) -> FolderChange:
    return FolderChange(frozenset(paths))


def test_a_page_that_is_saved_in_place_is_told(watched: Watched) -> None:
    watched.write("Biology/Mitosis.md", "Two cells.")
    assert watched.all() == pages("Biology/Mitosis.md")


def test_a_page_that_is_saved_by_a_temporary_file_is_told_alone(watched: Watched) -> None:
    watched.write("Biology/.~ankivault-0123456789abcdef.tmp")
    os.replace(
        watched.folder / "Biology/.~ankivault-0123456789abcdef.tmp",
        watched.folder / "Biology/Mitosis.md",
    )
    watched.write("Biology/Mitosis.md.tmp")
    os.replace(watched.folder / "Biology/Mitosis.md.tmp", watched.folder / "Biology/Cells/New.md")
    assert watched.all() == pages("Biology/Mitosis.md", "Biology/Cells/New.md")


def test_made_renamed_and_removed_pages_are_told(watched: Watched) -> None:
    watched.write("Öl.md")
    watched.write("O\u0308l.MD")
    os.rename(watched.folder / "Biology/Mitosis.md", watched.folder / "Meiosis.md")
    watched.write("Short.md")
    os.unlink(watched.folder / "Short.md")
    told = pages("Öl.md", "O\u0308l.MD", "Biology/Mitosis.md", "Meiosis.md", "Short.md")
    assert watched.all() == told


def test_pictures_that_arrive_are_told_apart_from_pages(watched: Watched) -> None:
    watched.write("Biology/cell.png")
    watched.write("wave.mp3.crdownload")
    os.rename(watched.folder / "wave.mp3.crdownload", watched.folder / "wave.mp3")
    os.unlink(watched.folder / "wave.mp3")
    assert watched.all() == FolderChange(others=frozenset({"Biology/cell.png", "wave.mp3"}))


@pytest.mark.parametrize(
    "path",
    [
        ".obsidian/workspace.json",
        ".git/index",
        ".git/objects/note.md",
        ".trash/Mitosis.md",
        "Biology/.~ankivault-0123456789abcdef.tmp",
        "Biology/.syncthing.Mitosis.md.tmp",
        "Biology/~syncthing~Mitosis.md.tmp",
        "Biology/.Mitosis.md.icloud",
        "Biology/.Mitosis.md.swp",
        "Biology/Mitosis.md~",
        "Biology/4913",
        "Biology/~$Mitosis.docx",
        "cell.png.part",
        "cell.PNG.CRDOWNLOAD",
    ],
)
def test_hidden_and_temporary_files_are_not_told(watched: Watched, path: str) -> None:
    watched.write(path)
    os.unlink(watched.folder / path)
    assert watched.all() == pages()


def test_hidden_folders_that_are_made_and_removed_are_not_told(watched: Watched) -> None:
    (watched.folder / ".stversions/Biology").mkdir(parents=True)
    watched.write(".stversions/Biology/Mitosis.md")
    shutil.rmtree(watched.folder / ".git")
    assert watched.all() == pages()


def test_names_that_are_no_text_are_not_told(watched: Watched) -> None:
    (watched.folder / os.fsdecode(b"caf\xe9.md")).write_text("words", encoding="utf-8")
    (watched.folder / os.fsdecode(b"caf\xe9")).mkdir()
    assert watched.all() == pages()


def test_reading_pages_and_looking_through_folders_is_not_told(watched: Watched) -> None:
    for folder, _, names in os.walk(watched.folder):
        for name in names:
            assert Path(folder, name).read_bytes()
    assert watched.all() == pages()


def test_five_hundred_pages_at_once_are_all_told(watched: Watched) -> None:
    paths = [f"Biology/Cells/{number}.md" for number in range(500)]
    for path in paths:
        watched.write(path)
    assert watched.all() == pages(*paths)


def test_pages_in_new_folders_are_told_from_then_on(watched: Watched) -> None:
    (watched.folder / "Chemistry/Acids/Strong").mkdir(parents=True)
    assert watched.all().everything
    watched.write("Chemistry/Acids/Strong/HCl.md")
    assert watched.all() == pages("Chemistry/Acids/Strong/HCl.md")


def test_pages_in_a_renamed_folder_have_its_new_name(watched: Watched) -> None:
    os.rename(watched.folder / "Biology", watched.folder / "Life")
    assert watched.all().everything
    watched.write("Life/Cells/Wall.md")
    assert watched.all() == pages("Life/Cells/Wall.md")


def test_a_folder_that_is_hidden_or_moved_away_is_told_no_more(
    watched: Watched, tmp_path: Path
) -> None:
    os.rename(watched.folder / "Biology/Cells", watched.folder / "Biology/.Cells")
    assert watched.all().everything
    os.rename(watched.folder / "Biology", tmp_path / "Biology")
    assert watched.all().everything
    (tmp_path / "Biology/Mitosis.md").write_text("Elsewhere.", encoding="utf-8")
    (tmp_path / "Biology/.Cells/Wall.md").write_text("Elsewhere.", encoding="utf-8")
    assert watched.all() == pages()


def test_a_removed_folder_is_told(watched: Watched) -> None:
    (watched.folder / "Biology/Cells").rmdir()
    assert watched.all().everything


def test_symbolic_links_are_not_followed(watched: Watched, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    os.symlink(outside, watched.folder / "linked")
    (outside / "Secret.md").write_text("words", encoding="utf-8")
    (watched.folder / "linked/Other.md").write_text("words", encoding="utf-8")
    assert watched.all() == pages()


def test_a_folder_that_is_chosen_through_a_link_is_watched(tmp_path: Path) -> None:
    (tmp_path / "real/Biology").mkdir(parents=True)
    os.symlink(tmp_path / "real", tmp_path / "Vault")
    watched = Watched(tmp_path / "Vault")
    assert watched.watch.start() is None
    (tmp_path / "real/Biology/Mitosis.md").write_text("words", encoding="utf-8")
    assert watched.all() == pages("Biology/Mitosis.md")
    watched.watch.stop()


@pytest.mark.parametrize("how", [shutil.rmtree, lambda vault: vault.rename(vault.parent / "New")])
def test_a_vault_folder_that_goes_ends_the_watch(
    watched: Watched, how: Callable[[Path], object]
) -> None:
    how(watched.folder)
    told = watched.until(lambda change: change.gone)
    assert told.everything
    assert "not where it was" in told.ended
    watched.watch.stop()


def test_a_vault_whose_parent_was_renamed_is_told_with_the_next_change(tmp_path: Path) -> None:
    (tmp_path / "Documents/Vault").mkdir(parents=True)
    watched = Watched(tmp_path / "Documents/Vault")
    assert watched.watch.start() is None
    (tmp_path / "Documents").rename(tmp_path / "Papers")
    (tmp_path / "Papers/Vault/Mitosis.md").write_text("words", encoding="utf-8")
    assert watched.until(lambda change: change.gone).everything


def test_more_changes_than_the_system_keeps_are_told_as_everything(tmp_path: Path) -> None:
    """The system's queue runs full while the watch's thread is busy with the first change."""
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text(encoding="ascii"))
    told: queue.Queue[FolderChange] = queue.Queue()
    is_busy, goes_on = threading.Event(), threading.Event()

    def be_busy(change: FolderChange) -> None:
        is_busy.set()
        assert goes_on.wait(LONG)
        told.put(change)

    watch = FolderWatch(tmp_path, be_busy)
    assert watch.start() is None
    page, moved = tmp_path / "A.md", tmp_path / "B.md"
    page.touch()
    assert is_busy.wait(LONG)
    for _ in range(most // 4 + 1):
        page.rename(moved)
        moved.rename(page)
    (tmp_path / "New").mkdir()
    goes_on.set()
    while not told.get(timeout=LONG).everything:
        pass
    (tmp_path / "New/C.md").touch()
    while "New/C.md" not in told.get(timeout=LONG).paths:
        pass
    watch.stop()


def test_nothing_is_told_after_it_was_stopped(watched: Watched) -> None:
    watched.watch.stop()
    watched.write("Biology/Mitosis.md")
    watched.watch.stop()
    assert watched.told.empty()
    assert not [one for one in threading.enumerate() if one.name == "ankivault-watch"]


def test_it_may_be_stopped_by_what_it_tells(tmp_path: Path) -> None:
    told: queue.Queue[FolderChange] = queue.Queue()

    def stop_it(change: FolderChange) -> None:
        watch.stop()
        told.put(change)

    watch = FolderWatch(tmp_path, stop_it)
    assert watch.start() is None
    (tmp_path / "A.md").touch()
    assert told.get(timeout=LONG).paths == {"A.md"}


def open_places() -> set[str]:
    """What the process has open: a watch that was given back is no longer among it."""
    places = set()
    for place in os.listdir("/proc/self/fd"):
        try:
            places.add(f"{place} {os.readlink(f'/proc/self/fd/{place}')}")
        except FileNotFoundError:
            continue
    return places


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "raise fs.inotify.max_user_watches"), (errno.EIO, "refuses to watch")],
)
def test_there_is_no_half_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    """The third of three folders is refused: it says why, and gives back the first two."""
    (tmp_path / "A/B").mkdir(parents=True)
    left = [1, 2, -1]

    def add_watch(queue: int, place: bytes, mask: int) -> int:
        ctypes.set_errno(number)
        return left.pop(0)

    monkeypatch.setattr(inotify, "inotify_add_watch", add_watch)
    before = open_places()
    told: queue.Queue[FolderChange] = queue.Queue()
    reason = FolderWatch(tmp_path, told.put).start()
    assert reason is not None
    assert sentence in reason
    assert not left
    assert not open_places() - before


def test_a_new_folder_that_cannot_be_watched_ends_the_watch(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(queue: int, place: bytes, mask: int) -> int:
        ctypes.set_errno(errno.ENOSPC)
        return -1

    monkeypatch.setattr(inotify, "inotify_add_watch", refuse)
    (watched.folder / "New").mkdir()
    told = watched.until(lambda change: bool(change.ended))
    assert told.everything
    assert not told.gone
    assert "max_user_watches" in told.ended


def test_a_folder_that_is_not_there_is_not_watched(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path / "none", lambda change: None)
    assert watch.start() == "The vault folder is not there."
    watch.stop()


def test_a_network_drive_is_not_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    vault = tmp_path / "My Vault"
    vault.mkdir()
    place = str(vault).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nhost:/x {place} nfs4 rw 0 0\n", encoding="ascii")
    monkeypatch.setattr(reach, "MOUNTS", mounts)
    assert FolderWatch(vault, lambda change: None).start() == reach.ON_A_NETWORK
    watch = FolderWatch(mounts.parent / "My Vaults", lambda change: None)
    assert watch.start() == "The vault folder is not there."


def test_a_watch_that_is_stopped_while_it_starts_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live mode may be switched off just when the thread of its watch begins."""
    told: list[FolderChange] = []
    watch = FolderWatch(tmp_path, told.append)
    threads: list[threading.Thread] = []

    class Late(threading.Thread):
        def start(self) -> None:
            watch.stop()
            threads.append(self)
            super().start()

    monkeypatch.setattr(threading, "Thread", Late)
    assert watch.start() is None
    threads[0].join(LONG)
    assert not threads[0].is_alive()
    (tmp_path / "page.md").write_text("words")
    assert told == []
