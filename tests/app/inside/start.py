"""Runs in a process of its own: starts real Anki, plays a script in it, and writes what came of it.

Only needs ``aqt``, of any supported version. Usage: ``start.py JOB.json``, where the job names the
base folder, the profiles, the script and its arguments, and the file for the result. With the
number of an open pipe as well, Anki stays open for more jobs (see ``Keeper``).
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, Optional

import activity_scripts
import aqt
import aqt.utils
import card_scripts
import choice_scripts
import close_scripts
import colour_scripts
import deck_card_scripts
import deck_scripts
import document_scripts
import dynamic_corners
import dynamic_scripts
import dynamic_ways
import first_press_scripts
import first_start_scripts
import home_scripts
import live_editor_scripts
import live_page_scripts
import live_run_scripts
import live_scripts
import live_trouble_scripts
import measure_scripts
import occlusion_scripts
import pictures
import preview_scripts
import scripts
import source_scripts
import spoken_scripts
import study_scripts
import two_way_scripts
import walk_box_scripts
import walk_scripts
import walk_source_scripts
import window_scripts
from aqt.profiles import ProfileManager
from aqt.qt import QSocketNotifier
from window import Script, Seen, Steps, Window, watch

ROOMS = (
    *(
        scripts,
        pictures,
        preview_scripts,
        window_scripts,
        two_way_scripts,
        choice_scripts,
        colour_scripts,
        occlusion_scripts,
    ),
    *(deck_scripts, deck_card_scripts, card_scripts, close_scripts),
    *(walk_scripts, walk_box_scripts, walk_source_scripts),
    *(dynamic_scripts, dynamic_corners, dynamic_ways, document_scripts),
    *(
        first_press_scripts,
        first_start_scripts,
        live_scripts,
        live_run_scripts,
        source_scripts,
        spoken_scripts,
        study_scripts,
    ),
    *(
        activity_scripts,
        home_scripts,
        live_editor_scripts,
        live_page_scripts,
        live_trouble_scripts,
        measure_scripts,
    ),
)


def prepare_base(job: dict[str, Any]) -> None:
    """Make the profiles that are missing, and answer what Anki would ask on its first start."""
    manager = ProfileManager(ProfileManager.get_created_base_folder(job["base"]))
    manager.setupMeta()
    manager.setLang("en_US")
    manager.meta["firstRun"] = False
    manager.meta["updates"] = False
    manager.meta["check_for_updates"] = False
    manager.meta["check_for_addon_updates"] = False
    prepare_profiles(manager, job)
    assert manager.db is not None
    manager.db.close()


def prepare_profiles(manager: ProfileManager, job: dict[str, Any]) -> None:
    """Give each profile the values that it has whenever it is opened."""
    for name, values in job["profiles"].items():
        manager.create(name)
        manager.load(name)
        assert manager.profile is not None
        manager.profile["ankivault_first_start"] = True  # else it opens by itself
        manager.profile.update(values)
        if "ankivault" in manager.profile:  # live mode would act before a test does
            manager.profile["ankivault"].setdefault("live", False)
        manager.save()


def find_steps(window: Window, job: dict[str, Any]) -> Steps[Any]:
    """The steps of the job's script, which only one room has."""
    named = [(room, vars(room).get(job["script"])) for room in ROOMS]
    (play,) = [each for room, each in named if each and each.__module__ == room.__name__]
    steps: Steps[Any] = play(window, **job["arguments"])
    return steps


def limit_time(job: dict[str, Any]) -> None:
    """End this process, with all threads told, when the job takes too long."""
    if job["limit"]:
        faulthandler.dump_traceback_later(job["limit"], exit=True, file=2)


def write_result(job: dict[str, Any], script: Script, seen: Seen, **more: bool) -> None:
    result = {"value": script.value, "finished": script.finished, **asdict(seen), **more}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


class Keeper:
    """Keeps Anki open: after a script it closes the profile, then waits for the next job.

    Reads the files of jobs from its input, one a line, and writes a line for each that is done.
    """

    def __init__(self, window: Window, answers: int) -> None:
        self._window = window
        self._answers = answers
        os.set_inheritable(answers, False)
        self._input = b""
        self._script: Optional[Script] = None
        standard_input: Any = 0
        self._notifier = QSocketNotifier(standard_input, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def play(self, job: dict[str, Any]) -> None:
        """Play a script in a profile that is open, or about to be."""

        def steps() -> Steps[Any]:
            value = yield from find_steps(self._window, job)
            yield from self._window.leave_profile()
            return value

        self._script = Script(steps(), self._window, lambda: self._end(job))
        self._script.start()

    def _end(self, job: dict[str, Any]) -> None:
        faulthandler.cancel_dump_traceback_later()
        assert self._script is not None
        clean = not self._window.left_over()
        write_result(job, self._script, self._window.seen, clean=clean)
        os.write(self._answers, b"done\n")

    def _read(self) -> None:
        data = os.read(0, 65536)
        if not data:
            os._exit(0)
        self._input += data
        if b"\n" in self._input:
            line, _, self._input = self._input.partition(b"\n")
            try:
                self._open(json.loads(Path(line.decode()).read_text(encoding="utf-8")))
            except BaseException:
                traceback.print_exc(file=sys.stdout)
                sys.stdout.flush()
                os._exit(1)

    def _open(self, job: dict[str, Any]) -> None:
        limit_time(job)
        self._window.forget(ROOMS)
        mw = self._window.mw
        prepare_profiles(mw.pm, job)
        mw.pm.load(job["profile"])
        self._window.call(mw.onOpenProfile)
        self.play(job)


def main(job: dict[str, Any], answers: Optional[int]) -> int:
    """Exit status 0 when the script played to its end and Anki then closed as it should."""
    faulthandler.enable()
    limit_time(job)
    prepare_base(job)
    # Anki's own web server may be cut off in the middle of an answer when Anki closes.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    seen = watch()
    arguments = ["anki", "-b", job["base"]]
    if job["profile"]:
        arguments += ["-p", job["profile"]]
    arguments += job["opens"]
    aqt.AnkiApp.KEY = f"ankivault-{os.getpid()}"  # other Ankis on this machine are not ours
    app = aqt._run(arguments, exec=False)
    if app is None or aqt.mw is None:
        raise RuntimeError("Anki did not start.")
    window = Window(aqt.mw, seen)
    if answers is not None:
        keeper = Keeper(window, answers)
        keeper.play(job)
        app.exec()
        return 1
    script = Script(find_steps(window, job), window, window.close)
    script.start()
    app.exec()
    write_result(job, script, seen)
    return 0 if script.finished else 1


if __name__ == "__main__":
    try:
        first = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        status = main(first, int(sys.argv[2]) if len(sys.argv) > 2 else None)
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
        status = 1
    # Anki has closed, and said all there is to say. Tearing down what Python still holds of Qt's
    # web engine, in whatever order, now and then crashes, and is no part of Anki.
    logging.shutdown()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
    os._exit(status)
