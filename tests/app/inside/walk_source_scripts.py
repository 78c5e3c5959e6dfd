"""Walks through the windows of sources: see ``walk_scripts``."""

from __future__ import annotations

from typing import Any

from deck_scripts import choose_row, press_and_wait
from source_scripts import (
    change_file,
    edit_words,
    find_box,
    look_at,
    open_source_preview,
    open_sources,
)
from two_way_scripts import placed
from walk_scripts import look_at as look_at_window
from walk_scripts import size_letters
from window import Steps, Window, label_of


def walk_source_windows(
    window: Window,
    address: str,
    file: str,
    theirs: dict[str, str],
    mine: dict[str, str],
    larger: float = 1.0,
) -> Steps[dict[str, dict[str, Any]]]:
    """Subscribe, the list, a preview with a question, options, a suggestion, unsubscribing."""
    yield from window.ready()
    size_letters(larger)
    sources: Any = yield from open_sources(window)
    seen = {"No sources": look_at_window(sources)}
    looked = yield from look_at(window, sources, address)
    seen["Subscribe"] = look_at_window(looked["dialog"])
    yield from press_and_wait(window, looked["dialog"].subscribe_button)
    seen["Sources"] = look_at_window(sources)
    edit_words(window, mine)
    change_file(file, theirs)
    preview: Any = yield from open_source_preview(window, sources)
    choose_row(preview, next(iter(mine)))
    yield from placed(window)
    seen["Preview"] = look_at_window(preview)
    preview.reject()
    yield from window.closed(preview)
    for button, title in (
        (sources.options_button, "Ankivault: Options of"),
        (sources.suggest_button, "Ankivault: Suggest a Change"),
    ):
        window.press(button)
        dialog: Any = yield from window.dialog(title)
        yield from window.idle()
        yield from placed(window)
        seen[title] = look_at_window(dialog)
        dialog.reject()
        yield from window.closed(dialog)
    window.press(sources.remove_button)
    box: Any = yield from window.until(find_box, "a question")
    yield from placed(window)
    seen["Unsubscribe"] = look_at_window(box)
    (no,) = (button for button in box.buttons() if label_of(button) == "No")
    window.press(no)
    yield from window.idle()
    sources.reject()
    yield from window.closed(sources)
    size_letters(1 / larger)
    return seen
