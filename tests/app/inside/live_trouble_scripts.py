"""Live mode without a watch, with failures, switched off and on, and at the end of a profile."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from home_scripts import open_home
from live_page_scripts import come_to_window, in_step
from live_run_scripts import (
    begin,
    has_note_text,
    is_still,
    page_of,
    replace_in,
    save_in_place,
    tracker_of,
)
from live_scripts import read_sign
from scripts import MENU, OK, press_sync_now, read_summary, switch_profile
from window import LOOK_EVERY, Steps, Window

NO_WATCH = "Nobody tells what changes there."


def live_in_trouble(window: Window, vault: str, note_id: int) -> Steps[dict[str, Any]]:
    """Save the page without a watch, with live mode off, and while every run fails."""
    watch: Any = importlib.import_module("ankivault.sync.vault.live.watch")
    why_no_watch, watch.why_no_watch = watch.why_no_watch, lambda _: NO_WATCH
    yield from begin(window)
    folder = Path(vault)
    seen: dict[str, Any] = {"notices": []}
    seen["notices"].append((yield from count_notices(window)))
    save_in_place(page_of(folder, note_id), partial(replace_in, "Powerhouse", "Engine"))
    come_to_window()
    yield from window.until(partial(has_note_text, window, note_id, "Engine"), "the note")
    yield from in_step(window)
    yield from press_sync_now(window)
    seen["notices"].append((yield from count_notices(window)))
    watch.why_no_watch = why_no_watch
    seen["off"] = yield from switch_off_and_on(window, folder, note_id)
    seen["rests"] = yield from fail_until_it_rests(window, folder, note_id)
    return seen


def list_trouble(window: Window, vault: str, note_ids: list[int]) -> Steps[dict[str, Any]]:
    """Break two pages while live mode looks, then mend one: what Home offers and what it lists."""
    yield from begin(window)
    home: Any = yield from open_home(window)
    messages = home.page("Overview").vault.messages
    pages = [page_of(Path(vault), note_id) for note_id in note_ids]
    seen: dict[str, Any] = {"offered before": messages.isVisible()}
    for page in pages:
        save_in_place(page, partial(replace_in, "%% anki:end %%", ""))
    yield from window.until(lambda: "2" in messages.text() and messages.isVisible(), "the offer")
    seen["offered"] = messages.text().replace("&", "")
    summary = yield from read_summary(window)
    seen["said"], seen["listed"] = summary["summary"], summary["messages"]
    save_in_place(pages[0], lambda text: text + "%% anki:end %%\n")
    yield from window.until(lambda: "1" in messages.text(), "one to be mended")
    seen["left"] = (yield from read_summary(window))["messages"]
    save_in_place(pages[1], lambda text: text + "%% anki:end %%\n")
    yield from window.until(lambda: not messages.isVisible(), "both to be mended")
    home.close()
    yield from window.closed(home)
    return seen


def count_notices(window: Window) -> Steps[int]:
    """How often the last summary says that there is no watch."""
    messages = (yield from read_summary(window))["messages"]
    return sum(NO_WATCH in str(row) for row in messages)


def set_live(window: Window, is_on: bool) -> Steps[None]:
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    dialog.form.live.setChecked(is_on)
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)


def switch_off_and_on(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Save the page while live mode is off; then switch it on."""
    yield from set_live(window, False)
    yield from read_sign(window, "off")
    tracker = tracker_of(window)
    save_in_place(page_of(vault, note_id), partial(replace_in, "Engine", "Motor"))
    come_to_window()
    yield from window.idle()
    is_at_rest = tracker._pending is None and tracker._watched is None
    is_there = has_note_text(window, note_id, "Motor")
    yield from set_live(window, True)
    yield from window.until(partial(has_note_text, window, note_id, "Motor"), "the note")
    yield from in_step(window)
    return {"at rest": is_at_rest and not tracker_timer_runs(tracker), "written": is_there}


def tracker_timer_runs(tracker: Any) -> bool:
    return tracker._pending is None and bool(tracker._timer.isActive())


def fail_until_it_rests(window: Window, vault: Path, note_id: int) -> Steps[dict[str, Any]]:
    """Every live run fails; then Sync Now is pressed and they do not any more."""
    live: Any = importlib.import_module("ankivault.sync.vault.live.live_vault")
    tracker = tracker_of(window)
    errors: Any = importlib.import_module("ankivault.sync.run.errors")
    prepare = live.prepare
    tries: list[None] = []

    def fail(*args: Any) -> Any:
        tries.append(None)
        raise errors.AnkivaultError("No run goes well today.")

    live.prepare, tracker._pending._off_for = fail, 0.0
    save_in_place(page_of(vault, note_id), partial(replace_in, "Motor", "Dynamo"))
    sign = (yield from read_sign(window, "resting"))["name"]
    come_to_window()
    yield from window.idle()
    live.prepare = prepare
    number = len(tries)
    yield from press_sync_now(window)
    yield from window.until(partial(has_note_text, window, note_id, "Dynamo"), "the note")
    after = yield from in_step(window)
    save_in_place(page_of(vault, note_id), partial(replace_in, "Dynamo", "Powerhouse"))
    yield from window.until(partial(has_note_text, window, note_id, "Powerhouse"), "the note")
    yield from in_step(window)
    return {"sign": sign, "tries": number, "after": after}


def wait_for_ankiweb(window: Window, vault: str, note_id: int) -> Steps[dict[str, Any]]:
    """Save the page before AnkiWeb was reached, then press Anki's Sync, then save it again."""
    folder = Path(vault)
    yield from window.ready()
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    save_in_place(page_of(folder, note_id), partial(replace_in, "Powerhouse", "Engine"))
    live: Any = importlib.import_module("ankivault.sync.vault.live.live_vault")
    prepare, looks = live.prepare, []

    def look(*args: Any) -> Any:
        looks.append(args[3])
        return prepare(*args)

    live.prepare = look
    yield from window.until(lambda: looks, "live mode to look at the page")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    is_early = has_note_text(window, note_id, "Engine")
    sign = (yield from read_sign(window, "in step"))["name"]
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.until(partial(has_note_text, window, note_id, "Engine"), "the note")
    yield from window.idle()
    yield from in_step(window)
    save_in_place(page_of(folder, note_id), partial(replace_in, "Engine", "Motor"))
    yield from window.until(partial(has_note_text, window, note_id, "Motor"), "the note again")
    yield from in_step(window)
    return {"early": is_early, "sign": sign, "inward": [look.inward for look in looks]}


def leave_midway(window: Window, vault: str, note_id: int, other: str) -> Steps[dict[str, Any]]:
    """Switch the profile, and later close Anki, each while a run is just about to write."""
    yield from begin(window)
    mw, folder = window.mw, Path(vault)
    first = mw.pm.name
    assert first is not None
    held: list[Any] = []
    hold_runs(window, held)
    save_in_place(page_of(folder, note_id), partial(replace_in, "Powerhouse", "Engine"))
    yield from window.until(lambda: held, "a live run to be held")
    yield from switch_profile(window, other)
    yield from window.until(lambda: len(held) == 2, "the held run to end")
    shown = (yield from read_sign(window, "off"))["shown"]
    yield from switch_profile(window, first)
    yield from window.until(lambda: len(held) > 2, "a live run to be held")
    return {"held": [str(each) for each in held], "shown in the other": shown}


def hold_runs(window: Window, held: list[Any]) -> None:
    """Have each live run wait, before it does anything, until its collection is closed."""
    live: Any = importlib.import_module("ankivault.sync.vault.live.live_vault")
    carry_out, over = live.carry_out, Event()

    def wait(col: Any, *args: Any) -> Any:
        held.append("begun")
        while window.mw.col is col:
            over.wait(LOOK_EVERY / 1000)
        try:
            return carry_out(col, *args)
        except BaseException as error:
            held.append(type(error).__name__)
            raise

    live.carry_out = wait
