"""Runs in a process of its own: starts real Anki, plays a script in it, and writes what came of it.

Only needs ``aqt``, of any supported version. Usage: ``start.py JOB.json``, where the job names the
base folder, the profiles, the script and its arguments, and the file for the result.
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
from typing import Any

import aqt
import aqt.utils
import card_scripts
import deck_card_scripts
import deck_scripts
import document_scripts
import dynamic_corners
import dynamic_scripts
import dynamic_ways
import first_press_scripts
import live_editor_scripts
import live_page_scripts
import live_run_scripts
import live_scripts
import live_trouble_scripts
import pictures
import scripts
import two_way_scripts
import window_scripts
from aqt.profiles import ProfileManager
from window import Script, Window, watch


def prepare_base(base: Path, profiles: dict[str, dict[str, Any]]) -> None:
    """Make the profiles that are missing, and answer what Anki would ask on its first start."""
    manager = ProfileManager(ProfileManager.get_created_base_folder(str(base)))
    manager.setupMeta()
    manager.setLang("en_US")
    manager.meta["firstRun"] = False
    manager.meta["updates"] = False
    manager.meta["check_for_updates"] = False
    manager.meta["check_for_addon_updates"] = False
    for name, values in profiles.items():
        manager.create(name)
        manager.load(name)
        assert manager.profile is not None
        manager.profile.update(values)
        if "ankivault" in manager.profile:  # live mode would act before a test does
            manager.profile["ankivault"].setdefault("live", False)
        manager.save()
    assert manager.db is not None
    manager.db.close()


def main(job: dict[str, Any]) -> int:
    """Exit status 0 when the script played to its end and Anki then closed as it should."""
    faulthandler.enable()
    if job["limit"]:
        faulthandler.dump_traceback_later(job["limit"], exit=True)
    prepare_base(Path(job["base"]), job["profiles"])
    # Anki's own web server may be cut off in the middle of an answer when Anki closes.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    seen = watch()
    arguments = ["anki", "-b", job["base"]]
    if job["profile"]:
        arguments += ["-p", job["profile"]]
    aqt.AnkiApp.KEY = f"ankivault-{os.getpid()}"  # other Ankis on this machine are not ours
    app = aqt._run(arguments, exec=False)
    if app is None or aqt.mw is None:
        raise RuntimeError("Anki did not start.")
    window = Window(aqt.mw, seen)
    rooms = (
        *(scripts, pictures, window_scripts, two_way_scripts),
        *(deck_scripts, deck_card_scripts, card_scripts),
        *(dynamic_scripts, dynamic_corners, dynamic_ways, document_scripts),
        *(first_press_scripts, live_scripts, live_run_scripts),
        *(live_editor_scripts, live_page_scripts, live_trouble_scripts),
    )
    play = {name: value for room in rooms for name, value in vars(room).items()}[job["script"]]
    script = Script(play(window, **job["arguments"]), window)
    script.start()
    app.exec()
    result = {"value": script.value, "finished": script.finished, **asdict(seen)}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")
    return 0 if script.finished else 1


if __name__ == "__main__":
    try:
        status = main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
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
