"""What is measured in Anki's window: how fast, how evenly and how quietly the add-on works."""

from __future__ import annotations

import importlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Optional

from anki.notes import NoteId
from aqt.operations.note import update_note
from aqt.qt import QApplication, QEvent, QObject, Qt, QTimer
from live_run_scripts import has_note_text, is_still, page_of, save_in_place, tracker_of
from scripts import MENU
from two_way_scripts import placed
from window import Steps, Wait, Window

LONG = 1200.0  # seconds for the pages of a large collection
SETTLED = 3.0  # seconds until Anki has done what it does after its start


def read_clocks() -> tuple[float, ...]:
    """The time, how long this process has worked, and of that this thread (s)."""
    return time.perf_counter(), time.process_time(), time.thread_time()


class Painted(QObject):
    """Notes when a window of a class is painted."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.at: tuple[float, ...] = ()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, source: Optional[QObject], event: Optional[QEvent]) -> bool:
        if event and event.type() == QEvent.Type.Paint and not self.at:
            shown: Any = source
            if getattr(shown, "window", None) and type(shown.window()).__name__ == self._kind:
                QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        if not self.at:
            self.at = read_clocks()


class Beats:
    """Beats each millisecond in the event loop.

    ``late`` are the times (ms) that a beat came late. On a machine that others use too, part of it
    is theirs: ``worked`` is how long this process worked meanwhile, at most the whole of it.
    """

    def __init__(self, window: Window) -> None:
        self.late: list[float] = []
        self.worked: list[float] = []
        self._timer = QTimer(window.mw)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last, self._cpu = time.perf_counter(), time.process_time()
        self._timer.start(1)

    def stop(self) -> dict[str, float]:
        """Stop, and tell the longest."""
        self._timer.stop()
        return {
            "beats": len(self.late),
            "late": max(self.late, default=0.0),
            "worked": max(self.worked, default=0.0),
        }

    def _beat(self) -> None:
        now, cpu = time.perf_counter(), time.process_time()
        late, worked = (now - self._last) * 1000 - 1, (cpu - self._cpu) * 1000
        self.late.append(late)
        self.worked.append(min(late, worked))
        self._last, self._cpu = now, cpu


def make_pages(window: Window) -> Steps[None]:
    """Press Sync Now for the first time, with very many notes."""
    yield from window.ready()
    before = window.seen.mark()
    window.press(window.menu_action(*MENU, "Sync Now"))
    yield from window.until(lambda: window.seen.news(before), "Sync Now to end", LONG)
    yield from window.idle()


def rest(window: Window, seconds: float, settled: float, vault: str) -> Steps[dict[str, Any]]:
    """Leave Anki alone; how long its processes worked meanwhile (s), and which files changed.

    These are files of the vault, of the collection, and of what Ankivault remembers.
    """
    yield from window.ready()
    yield Wait(lambda: True, "Anki to settle", after=settled)
    assert window.mw.col is not None
    state = Path(window.mw.addonManager.addonsFolder("ankivault"), "user_files")
    folders = (Path(vault).parent, state, Path(window.mw.col.path).parent)
    files, cpu, start = _stat_all(folders), _count_cpu(), time.monotonic()
    yield Wait(lambda: True, "the time to pass", after=seconds)
    worked, passed = _count_cpu() - cpu, time.monotonic() - start
    changed = files ^ _stat_all(folders)
    sign = yield from read_any_sign(window)
    return {
        "cpu": worked,
        "seconds": passed,
        "changed": sorted({path for path, *_ in changed}),
        "sign": sign,
    }


def _stat_all(folders: Iterable[Path]) -> set[tuple[str, int, int]]:
    files = (path for folder in folders for path in folder.rglob("*"))
    found = ((path, path.stat()) for path in files if path.is_file())
    return {(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in found}


def read_any_sign(window: Window) -> Steps[str]:
    """The words of live mode's sign, whatever it shows."""
    seen: list[str] = []
    read = "document.getElementById('ankivault-live').getAttribute('aria-label')"
    window.mw.toolbar.web.evalWithCallback(read, seen.append)
    yield from window.until(lambda: seen, "the sign")
    return seen[-1]


def _count_cpu() -> float:
    """The seconds for which this process and those it started have worked."""
    ours = {os.getpid()}
    stats: dict[int, tuple[int, int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    grown = True
    while grown:
        found = {pid for pid, (parent, _) in stats.items() if parent in ours} - ours
        ours |= found
        grown = bool(found)
    ticks = sum(stats[pid][1] for pid in ours if pid in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def open_and_answer(window: Window, vault: str, times: int) -> Steps[dict[str, list[Any]]]:
    """Open Preview Changes… with nothing but edits in it, then answer questions in it.

    The seconds until the window was painted, with those for which Anki and its main thread worked
    meanwhile; and the seconds from a click until the list had the answer.
    """
    yield from window.ready()
    yield Wait(lambda: True, "Anki to settle", after=SETTLED)
    ids = _plain_notes(window, times * 3)
    col = window.mw.col
    assert col is not None
    for note_id in ids[: times * 2]:
        _edit_page(Path(vault), note_id, "typed")()
    opening = []
    for _ in range(times):
        opening.append((yield from _open_preview(window)))
        yield from _leave_preview(window)
    for note_id in ids[:times]:  # now these are edited on both sides
        note = col.get_note(NoteId(note_id))
        note.fields[1] = f"In Anki {note.fields[1]}"
        col.update_note(note)
    yield from _open_preview(window)
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    questions = dialog._listing.plan.open_questions
    assert questions
    answers = []
    for question in questions:
        before, start = dialog._listing, time.perf_counter()
        dialog.questions.answered.emit({question.key: "obsidian"})
        shown = _note_change(dialog)
        yield from window.until(lambda: shown, "the answer")  # noqa: B023
        answers.append(shown[0] - start)
        assert dialog._listing is not before
        yield from window.idle()
    dialog._asked = {}  # nothing is asked when it closes
    yield from _leave_preview(window)
    return {"opening": opening, "answers": answers}


def _open_preview(window: Window) -> Steps[tuple[float, float, float]]:
    painted = Painted("PreviewDialog")
    before = read_clocks()
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    yield from window.until(lambda: painted.at, "the preview")
    painted.deleteLater()
    yield from window.idle()
    yield from placed(window)
    seconds, worked, on_main = (after - was for after, was in zip(painted.at, before))
    return seconds, worked, on_main


def _leave_preview(window: Window) -> Steps[None]:
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    dialog.reject()
    yield from window.closed(dialog)


def _note_change(dialog: Any) -> list[float]:
    """Gets the moment when another plan is shown."""
    shown: list[float] = []
    show = type(dialog)._show

    def show_and_note(*args: Any) -> None:
        show(dialog, *args)
        shown.append(time.perf_counter())
        del dialog._show

    dialog._show = show_and_note
    return shown


def _plain_notes(window: Window, count: int) -> list[int]:
    col = window.mw.col
    assert col is not None and col.db is not None
    return col.db.list("select id from notes where flds not like '%{{c%' limit ?", count)


def _edit_page(vault: Path, note_id: int, word: str) -> Callable[[], None]:
    """What saves the page of a note with one word more."""
    page = page_of(vault, note_id)
    text = page.read_text("utf-8")
    changed = text.replace("\n## Back\n", f"\n## Back\n{word} ", 1)
    assert changed != text
    return lambda: save_in_place(page, lambda _: changed)


def _edit_note(window: Window, note_id: int, word: str) -> Callable[[], None]:
    """What saves a note with one word more."""
    assert window.mw.col is not None
    note = window.mw.col.get_note(NoteId(note_id))
    note.fields[1] = f"{word} {note.fields[1]}"
    return lambda: update_note(parent=window.mw, note=note).run_in_background()


def work_live(window: Window, vault: str, turns: int) -> Steps[dict[str, Any]]:
    """Edit a page and a note, come to the window, and have everything looked at, in turns.

    How late the event loop was, and how long the few notes and pages held Anki up (ms).
    """
    yield from window.ready()
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    yield Wait(lambda: True, "Anki to settle", after=SETTLED)
    folder = Path(vault)
    ids = _plain_notes(window, turns * 2)
    holds = Holds()
    seen: dict[str, Any] = {"page": [], "note": [], "window": [], "everything": [], "took": []}
    tracker = tracker_of(window)
    comes = partial(tracker.note_window, Qt.ApplicationState.ApplicationActive)
    for turn, (page_id, note_id) in enumerate(zip(ids[::2], ids[1::2])):
        word = f"turned{turn}"
        holds.begin()
        in_note = partial(has_note_text, window, page_id, word)
        page = page_of(folder, note_id)
        for kind, act, is_there in (
            ("page", _edit_page(folder, page_id, word), in_note),
            ("note", _edit_note(window, note_id, word), partial(_has_text, page, word)),
            ("window", comes, lambda: True),
            ("everything", tracker.note_full_run, lambda: True),
        ):
            if kind == "window":
                holds.end()
            since, beats = tracker._since, Beats(window)
            beats.start()
            start = time.perf_counter()
            act()
            yield from window.until(partial(_was_done, window, since, is_there), "the live run")
            seen["took"].append(time.perf_counter() - start)
            seen[kind].append(beats.stop())
    longest = [max(each) for each in zip(holds.writing, holds.reading)]
    return {**seen, "held": longest, "writing": holds.writing, "reading": holds.reading}


def _was_done(window: Window, since: float, is_there: Callable[[], bool]) -> bool:
    return tracker_of(window)._since != since and is_still(window) and is_there()


def _has_text(page: Path, text: str) -> bool:
    return text in page.read_text("utf-8")


class Holds:
    """For each turn, how long live mode held the collection at a time (ms).

    ``writing``: Anki's own thread for the collection. ``reading``: one call beside it, for which
    all others wait.
    """

    def __init__(self) -> None:
        self.writing: list[float] = []
        self.reading: list[float] = []
        self._writes = [0.0]
        self._reads = [0.0]
        work: Any = importlib.import_module("ankivault.ui.live.work")
        queue, beside = work._queue, work.attempt
        backend: Any = importlib.import_module("anki._backend").RustBackend
        threads: set[int] = set()

        def queue_timed(mw: Any, write: Callable[[], None]) -> None:
            queue(mw, _timed(write, self._note_write))

        def attempt_noted(*args: Any) -> Any:
            threads.add(threading.get_ident())
            try:
                return beside(*args)
            finally:
                threads.discard(threading.get_ident())

        def time_reads(name: str) -> None:
            call = getattr(backend, name)

            def timed(*args: Any) -> Any:
                if threading.get_ident() not in threads:
                    return call(*args)
                return _timed(lambda: call(*args), self._note_read)()

            setattr(backend, name, timed)

        work._queue, work.attempt = queue_timed, attempt_noted
        time_reads("_db_command")
        time_reads("_run_command")

    def begin(self) -> None:
        self._writes, self._reads = [0.0], [0.0]

    def end(self) -> None:
        self.writing.append(max(self._writes))
        self.reading.append(max(self._reads))

    def _note_write(self, took: float) -> None:
        self._writes.append(took)

    def _note_read(self, took: float) -> None:
        self._reads.append(took)


def _timed(act: Callable[[], Any], note: Callable[[float], None]) -> Callable[[], Any]:
    def timed() -> Any:
        start = time.perf_counter()
        try:
            return act()
        finally:
            note((time.perf_counter() - start) * 1000)

    return timed
