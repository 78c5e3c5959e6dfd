"""What is done with TOML decks in Anki's window."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import aqt
from aqt.operations.note import update_note
from aqt.qt import QApplication, QMenu, QMessageBox, Qt
from aqt.theme import Theme
from PyQt6 import sip
from PyQt6.QtTest import QTest
from scripts import MENU, note_syncs
from two_way_scripts import answer_box, placed
from window import Steps, Window, label_of

NEW_IN_FILE = (
    '[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"\n'
    '[notes.fields]\nSpanish = "el pato"\nEnglish = "the duck"\n'
)
_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_decks(window: Window) -> Steps[Any]:
    """Open TOML Decks…."""
    window.press(window.menu_action(*MENU, "TOML Decks…"))
    return (yield from window.dialog("Ankivault: TOML Decks"))


def link(window: Window, file: str) -> Steps[Any]:
    """Add a file to the list, as if chosen in Add…'s file dialog."""
    decks: Any = yield from open_decks(window)
    decks.add_file(Path(file))
    yield from window.until(lambda: decks.chosen().name, "the deck's name")
    return decks


def open_preview(window: Window, decks: Any) -> Steps[Any]:
    """Press Preview…."""
    window.press(decks.preview_button)
    dialog: Any = yield from window.dialog("Ankivault: Preview of")
    yield from window.idle()
    return dialog


def press_and_wait(window: Window, button: Any) -> Steps[str]:
    """Press a button that runs something, and wait for what it tells."""
    before = window.seen.mark()
    window.press(button)
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    return window.seen.tooltips[-1] if window.seen.tooltips else ""


def kept_links(window: Window) -> list[dict[str, Any]]:
    """What the profile keeps of linked decks."""
    assert window.mw.pm.profile is not None
    kept: list[dict[str, Any]] = window.mw.pm.profile["ankivault"]["toml_decks"]
    return kept


def rows_of(dialog: Any) -> list[list[str]]:
    rows = dialog.rows
    return [
        [rows.data(rows.index(row, column)) for column in range(4)]
        for row in range(rows.rowCount())
    ]


def conflicts_of(dialog: Any) -> list[str]:
    """The titles of the notes with conflicts that are not settled."""
    return [row[1] for row in rows_of(dialog) if "conflict: left" in row[3]]


def add_preview_sync_undo(window: Window, file: str) -> Steps[dict[str, Any]]:
    """Link a file, look at its preview, press its Sync Now, then Undo in Anki."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    seen: dict[str, Any] = {
        "name": decks.chosen().name,
        "state": decks.list.topLevelItem(0).text(6),
        "notes": col.note_count(),
        "undo": col.undo_status().undo,
    }
    dialog: Any = yield from open_preview(window, decks)
    seen["preview"] = dialog.counts.text()
    seen["rows"] = rows_of(dialog)
    dialog.search.setText("perro")
    seen["found"] = rows_of(dialog)
    dialog.view.setCurrentIndex(dialog.rows.index(0, 0))
    seen["sides"] = dialog.sides.toPlainText()
    seen["notes_before"] = col.note_count()
    refreshed: list[bool] = []
    aqt.gui_hooks.operation_did_execute.append(lambda changes, _: refreshed.append(changes.note))
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    seen["notes_after"] = col.note_count()
    seen["refreshed"] = refreshed
    seen["libraries"] = find_libraries()
    seen["undo_after"] = col.undo_status().undo
    seen["state_after"] = decks.list.topLevelItem(0).text(6)
    window.press(window.mw.form.actionUndo)
    yield from window.until(lambda: col.note_count() == seen["notes"], "Undo")
    yield from window.idle()
    return seen


def settle_conflict(window: Window, file: str, edits: dict[str, str]) -> Steps[dict[str, Any]]:
    """Sync a file, edit both sides, and settle the conflicts in the preview: TOML, Anki, none."""
    decks: Any = yield from sync_and_edit_both(window, file, edits)
    col: Any = window.mw.col
    seen: dict[str, Any] = {"state": decks.list.topLevelItem(0).text(6)}
    dialog: Any = yield from open_preview(window, decks)
    seen["before"] = dialog.counts.text()
    seen["filter"] = dialog.list.kind.currentText()
    seen["rows"] = rows_of(dialog)
    for answer, word in zip(("Use TOML", "Use Anki"), edits):
        choose_row(dialog, word)
        seen["sides"] = dialog.sides.toPlainText()
        (button,) = [b for b in dialog.settle.buttons.values() if label_of(b) == answer]
        window.press(button)
        yield from window.until(
            partial(lambda title: title not in conflicts_of(dialog), word), "a new plan"
        )
        yield from window.idle()
    seen["after"] = dialog.counts.text()
    seen["rows_after"] = rows_of(dialog)
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    seen["english"] = [
        col.get_note(col.find_notes(f'"Spanish:{word}"')[0])["English"] for word in edits
    ]
    seen["state_after"] = decks.list.topLevelItem(0).text(6)
    return seen


def sync_and_edit_both(window: Window, file: str, edits: dict[str, str]) -> Steps[Any]:
    """Link and sync a file, then edit these notes on both sides."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    for word, new in edits.items():
        note = col.get_note(col.find_notes(f'"Spanish:{word}"')[0])
        note["English"] = f"{new} in Anki"
        col.update_note(note)
        old = f'Spanish = "{word}"\nEnglish = "'
        assert old in text
        before, after = text.split(old)
        text = f'{before}{old}{new} in TOML"{after[after.index(chr(10)) :]}'
    path.write_text(text, encoding="utf-8")
    decks.refresh()
    return decks


def settle_alike(window: Window, file: str, edits: dict[str, str]) -> Steps[dict[str, Any]]:
    """Settle one conflict with TOML by a key, press The Same for All, then Esc, and go on."""
    decks: Any = yield from sync_and_edit_both(window, file, edits)
    dialog: Any = yield from open_preview(window, decks)
    dialog.view.setFocus()
    first = dialog.rows.data(dialog.view.currentIndex())
    title = dialog._chosen().title
    seen: dict[str, Any] = {"offers": [label_of(dialog.all_button)], "first": [first, title]}
    _QTest.keyClick(dialog, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    yield from window.until(lambda: title not in conflicts_of(dialog), "a plan")
    yield from window.idle()
    seen["next"] = dialog._chosen().title
    seen["offers"].append(label_of(dialog.all_button))
    window.press(dialog.all_button)
    yield from window.until(lambda: not conflicts_of(dialog), "a plan for all")
    yield from window.idle()
    seen["still_offered"] = dialog.all_button.isVisible()
    window.call(lambda: _QTest.keyClick(dialog.view, Qt.Key.Key_Escape))
    seen["asked"] = yield from answer_box(window, "Keep Deciding")
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    col: Any = window.mw.col
    seen["english"] = [
        col.get_note(col.find_notes(f'"Spanish:{word}"')[0])["English"] for word in edits
    ]
    return seen


def settle_at_once(window: Window, file: str, edits: dict[str, str]) -> Steps[dict[str, Any]]:
    """Answer all conflicts without a wait, while the plan after the first answer is made."""
    decks: Any = yield from sync_and_edit_both(window, file, edits)
    dialog: Any = yield from open_preview(window, decks)
    seen: dict[str, Any] = {"planning": []}
    for word in edits:
        choose_row(dialog, word)
        (button,) = [b for b in dialog.settle.buttons.values() if label_of(b) == "Use TOML"]
        button.click()
        seen["planning"].append(dialog._is_planning)
    yield from window.until(lambda: not dialog._is_planning, "a plan for all")
    seen["left"] = conflicts_of(dialog)
    yield from window.idle()
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    col: Any = window.mw.col
    seen["english"] = [
        col.get_note(col.find_notes(f'"Spanish:{word}"')[0])["English"] for word in edits
    ]
    return seen


def close_while_it_works(window: Window, file: str) -> Steps[dict[str, Any]]:
    """Close TOML Decks just after something began, long before it ends; what was told."""
    yield from window.ready()
    mw: Any = window.mw
    decks: Any = yield from link(window, file)
    seen: dict[str, Any] = {}
    for begin in ("sync_button", "refresh", "preview_button"):
        decks = yield from open_decks(window)
        yield from window.idle()
        yield from placed(window)
        before, go_on = window.seen.mark(), Event()
        mw.taskman.run_in_background(go_on.wait, uses_collection=True)
        (getattr(decks, begin) if begin == "refresh" else getattr(decks, begin).click)()
        window.call(decks.close)
        yield from window.until(partial(sip.isdeleted, decks), "Qt to delete the window")
        mw.activateWindow()
        if begin != "refresh":  # Anki shows progress now, which was the window's
            yield from window.until(lambda: mw.progress._shown, "the progress window")
        go_on.set()
        yield from window.idle()
        seen[begin] = window.seen.news(before)
    dialog: Any = yield from window.dialog("Ankivault: Preview of")
    yield from placed(window)
    dialog.close()
    yield from window.closed(dialog)
    return seen


def double_click_remove(window: Window, files: list[str]) -> Steps[list[str]]:
    """Link files, and press Remove as fast as a double click; what is linked then."""
    yield from window.ready()
    for file in files:
        decks: Any = yield from link(window, file)
    yield from placed(window)
    left, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = decks.remove_button.mapTo(decks, decks.remove_button.rect().center())
    _QTest.mouseDClick(decks.windowHandle(), left, no_keys, place)
    yield from window.idle()
    decks.reject()
    return [Path(kept["path"]).name for kept in kept_links(window)]


def export_a_deck_that_goes(window: Window, deck: str, file: str) -> Steps[dict[str, Any]]:
    """Open Export Deck, delete the deck as Anki's browser can, and go on."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    deck_id = col.decks.id(deck)
    assert deck_id is not None
    export: Any = importlib.import_module("ankivault.ui.decks.export")
    window.call(lambda: export.show_export(window.mw, window.mw, deck_id))
    dialog: Any = yield from window.dialog("Export Deck as TOML")
    yield from placed(window)
    dialog.file.setText(file)
    col.decks.remove([deck_id])
    dialog.subdecks.toggle()
    dialog.export_button.click()
    seen = {"visible": dialog.isVisible(), "problem": dialog.problem.text()}
    dialog.deck.tree.setCurrentItem(dialog.deck.tree.topLevelItem(0))
    seen["other"] = dialog.export_button.isEnabled()
    _QTest.keyClick(dialog, Qt.Key.Key_F1)
    guide: Any = yield from window.dialog("Ankivault: Help")
    yield from placed(window)
    dialog.reject()  # the guide goes with it, and hears of nothing any more
    yield from window.until(partial(sip.isdeleted, guide), "Qt to delete the guide")
    for theme in (Theme.DARK, Theme.LIGHT):
        window.mw.set_theme(theme)
    return seen


def choose_row(dialog: Any, title: str) -> None:
    """Select the row of a note."""
    for row in range(dialog.rows.rowCount()):
        index = dialog.rows.index(row, 1)
        if dialog.rows.data(index) == title:
            dialog.view.setCurrentIndex(index)
            return
    raise AssertionError(f"no row “{title}”")


def press_enter(field: Any) -> None:
    keys: Any = QTest
    keys.keyClick(field, Qt.Key.Key_Return)


def export_from_gear_menu(
    window: Window, deck: str, file: str, markdown: list[str]
) -> Steps[dict[str, Any]]:
    """Choose Export as TOML… in a deck's gear menu, answer its dialog, and sync the new link."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    menu = QMenu(window.mw)
    aqt.gui_hooks.deck_browser_will_show_options_menu(menu, col.decks.id(deck) or 0)
    (entry,) = [a for a in menu.actions() if label_of(a) == "Export as TOML…"]
    window.press(entry)
    dialog: Any = yield from window.dialog("Export Deck as TOML")
    seen: dict[str, Any] = {"deck": dialog.deck.name(), "fields": []}
    dialog.file.setText(file)
    for field in (dialog.deck.search, dialog.deck.tree, dialog.file):
        field.setFocus()
        press_enter(field)
        seen.setdefault("after_enter", []).append(dialog.isVisible() and not Path(file).exists())
    for i in range(dialog.fields.topLevelItemCount()):
        model = dialog.fields.topLevelItem(i)
        for j in range(model.childCount()):
            name = f"{model.text(0)}.{model.child(j).text(0)}"
            seen["fields"].append(name)
            if name in markdown:
                model.child(j).setCheckState(0, aqt.qt.Qt.CheckState.Checked)
    seen["told"] = yield from press_and_wait(window, dialog.export_button)
    decks: Any = yield from open_decks(window)
    seen["state"] = decks.list.topLevelItem(0).text(6)
    seen["text"] = Path(file).read_text(encoding="utf-8")
    seen["synced"] = yield from press_and_wait(window, decks.sync_button)
    seen["unchanged"] = Path(file).read_text(encoding="utf-8") == seen["text"]
    seen["linked"] = kept_links(window)
    return seen


def delete_and_settle(window: Window, file: str, word: str) -> Steps[dict[str, Any]]:
    """Delete a note from a synced file, and let the preview delete it in Anki, which asks."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    path = Path(file)
    kept = [p for p in path.read_text(encoding="utf-8").split("[[notes]]") if f'"{word}"' not in p]
    path.write_text("[[notes]]".join(kept), encoding="utf-8")
    yield from press_and_wait(window, decks.sync_button)
    seen: dict[str, Any] = {"notes": col.note_count()}
    dialog: Any = yield from open_preview(window, decks)
    seen["rows"] = rows_of(dialog)
    dialog.options.removal.setCurrentIndex(dialog.options.removal.findData("anki"))
    dialog.options.removal.activated.emit(1)
    yield from window.until(
        lambda: (
            dialog.sync_button.isEnabled()
            and any("deleted from Anki" in row[3] for row in rows_of(dialog))
        ),
        "the new plan",
    )
    yield from window.idle()
    window.press(dialog.sync_button)
    box: Any = yield from window.until(find_question, "the question")
    seen["question"] = box.text()
    before = window.seen.mark()
    (yes,) = [b for b in box.buttons() if label_of(b) == "Yes"]
    window.press(yes)
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    seen["notes_after"] = col.note_count()
    return seen


def sync_button_with_decks(
    window: Window, file: str, search: str, text: str
) -> Steps[dict[str, Any]]:
    """Link a file to run before AnkiWeb sync, then press Anki's own Sync."""
    yield from window.ready()
    note_syncs(window, text)
    decks: Any = yield from link(window, file)
    box = decks.list.itemWidget(decks.list.topLevelItem(0), 4)
    window.press(box)
    yield from window.until(lambda: decks.chosen().before_ankiweb_sync, "the switch")
    decks.reject()
    col = window.mw.col
    assert col is not None
    found: list[int] = []
    aqt.gui_hooks.sync_will_start.append(lambda: found.append(len(col.find_notes(search))))
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.idle()
    return {
        "found_when_sync_began": found,
        "linked": kept_links(window),
    }


def find_libraries() -> dict[str, str]:
    """Where the libraries for TOML decks are loaded from, those that wait for their use too."""
    names = ("tomlkit", "markdown_it", "mdurl", "tomli")
    for name in names:
        importlib.import_module(f"ankivault.vendor.lib.{name}")
    return {
        name.rpartition(".")[2]: str(module.__file__)
        for name, module in list(sys.modules.items())
        if name.rpartition(".")[2] in names and "ankivault" in name
    }


def linked_paths(window: Window) -> Steps[list[str]]:
    """The paths that the list of TOML decks shows, and that the profile keeps."""
    yield from window.ready()
    decks: Any = yield from open_decks(window)
    tips = [
        decks.list.topLevelItem(row).toolTip(1) for row in range(decks.list.topLevelItemCount())
    ]
    paths = [deck.path for deck in decks._decks]
    assert all(path in tip for path, tip in zip(paths, tips))
    return paths


def change_note_type(window: Window, file: str, answers: list[str]) -> Steps[dict[str, Any]]:
    """Declare one more field, let the run change the note type, and answer Anki's question."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.idle()
    path = Path(file)
    text = path.read_text(encoding="utf-8").replace('"English"]\nsort', '"English", "Extra"]\nsort')
    path.write_text(text, encoding="utf-8")
    seen: dict[str, Any] = {"questions": [], "fields": []}
    dialog: Any = yield from open_preview(window, decks)
    seen["left"] = [row for row in rows_of(dialog) if row[0] == "Note type"]
    window.press(dialog.options.models)
    yield from window.until(
        lambda: any("→ changed in Anki" in row[3] for row in rows_of(dialog)), "a new plan"
    )
    yield from window.idle()
    for answer in answers:
        mark = window.seen.mark()
        window.press(dialog.sync_button)
        box: Any = yield from window.until(find_question, "the question")
        seen["questions"].append(box.text())
        (button,) = [b for b in box.buttons() if label_of(b) == answer]
        window.press(button)
        yield from window.until(partial(has_tooltip, window, mark), "an answer")
        yield from window.idle()
        notetype = col.models.by_name("Animal")
        assert notetype is not None
        seen["fields"].append([field["name"] for field in notetype["flds"]])
    return seen


def choose_what_is_carried(
    window: Window, file: str, new_in_anki: str, tag: str
) -> Steps[dict[str, Any]]:
    """Untick each box in turn, look at the plan, close, and open the preview once more."""
    yield from window.ready()
    col: Any = window.mw.col
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    text = text.replace('model = "Animal"\n', f'model = "Animal"\ntags = ["{tag}"]\n', 1)
    path.write_text(text + NEW_IN_FILE, encoding="utf-8")
    note = col.new_note(col.models.by_name("Animal"))
    note["Spanish"], note["English"] = new_in_anki, "in Anki"
    col.add_note(note, col.decks.id("Spanish::Animals"))
    decks.refresh()
    dialog: Any = yield from open_preview(window, decks)
    boxes = dialog.options.push_new, dialog.options.pull_new, dialog.options.tags
    seen: dict[str, Any] = {
        "labels": [label_of(box) for box in boxes],
        "plans": [rows_of(dialog)],
        "kept": [kept_links(window)[0]],
    }
    for box in boxes:
        window.press(box)
        yield from replanned(window, dialog)
        seen["plans"].append(rows_of(dialog))
        seen["kept"].append(kept_links(window)[0])
    window.call(dialog.reject)
    yield from window.closed(dialog)
    seen["told"] = yield from press_and_wait(window, decks.sync_button)
    seen["notes"] = len(col.find_notes("note:Animal"))
    seen["tagged"] = len(col.find_notes(f"tag:{tag}"))
    seen["text"] = path.read_text(encoding="utf-8")
    dialog = yield from open_preview(window, decks)
    again = dialog.options.push_new, dialog.options.pull_new, dialog.options.tags
    seen["again"] = [box.isChecked() for box in again]
    for box in again:
        window.press(box)
        yield from replanned(window, dialog)
    seen["plans"].append(rows_of(dialog))
    seen["told_after"] = yield from press_and_wait(window, dialog.sync_button)
    seen["notes_after"] = len(col.find_notes("note:Animal"))
    seen["tagged_after"] = len(col.find_notes(f"tag:{tag}"))
    seen["text_after"] = path.read_text(encoding="utf-8")
    return seen


def replanned(window: Window, dialog: Any) -> Steps[None]:
    """Wait for the plan that the boxes ask for, and for what Anki put off meanwhile."""
    yield from window.until(
        lambda: dialog._asked is dialog._shown_for and not dialog._is_planning, "the new plan"
    )
    yield from window.idle()
    # While a plan is made, Anki puts off to look whether the new window fits the screen, by 100
    # milliseconds at a time; nobody closes the window as fast as a test.
    looked: list[bool] = []
    window.mw.progress.single_shot(200, lambda: looked.append(True))
    yield from window.until(lambda: looked, "what Anki put off")


def has_tooltip(window: Window, mark: tuple[int, int]) -> bool:
    """Whether there was a tooltip since then."""
    return any(news["kind"] == "tooltip" for news in window.seen.news(mark))


def find_question() -> Any:
    """The message box that is up, if any."""
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) else None


def cancel_a_sync(window: Window, file: str) -> Steps[dict[str, Any]]:
    """Press Sync for a large file, and Esc while notes are being added."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    decks: Any = yield from link(window, file)
    seen: dict[str, Any] = {"before": col.note_count()}
    before = window.seen.mark()
    window.press(decks.sync_button)

    def find_progress() -> Any:
        progress = window.mw.progress._win
        return progress if progress and "Adding notes" in progress.form.label.text() else None

    progress: Any = yield from window.until(find_progress, "notes to be added")
    progress.wantCancel = True
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    seen["told"] = window.seen.tooltips[-1]
    seen["midway"] = col.note_count()
    yield from press_and_wait(window, decks.sync_button)
    seen["after"] = col.note_count()
    return seen


def search_large_preview(window: Window, file: str) -> Steps[int]:
    """Preview a large file and search it: how many rows are left."""
    yield from window.ready()
    decks: Any = yield from link(window, file)
    dialog: Any = yield from open_preview(window, decks)
    dialog.search.setText("word 77")
    return len(rows_of(dialog))


def preview_errors(window: Window, file: str, broken: str, media: str) -> Steps[dict[str, Any]]:
    """Preview a broken file; mend it, look again, settle its media conflict, and sync."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    col.media.write_data(media, b"in Anki")
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + broken, encoding="utf-8")
    decks: Any = yield from open_decks(window)
    decks.add_file(path)
    yield from window.until(lambda: "error" in decks.list.topLevelItem(0).text(6), "the errors")
    dialog: Any = yield from open_preview(window, decks)
    problems = dialog.messages.rows
    seen: dict[str, Any] = {
        "problems": [
            [problems.data(problems.index(row, column)) for column in range(3)]
            for row in range(problems.rowCount())
        ],
        "refusal": dialog.warning.text(),
        "can_sync": dialog.sync_button.isEnabled(),
    }
    path.write_text(text, encoding="utf-8")
    window.press(dialog.refresh_button)
    yield from window.until(lambda: dialog.sync_button.isEnabled(), "the new plan")
    yield from window.idle()
    choose_row(dialog, media)
    seen["asked"] = [label_of(b) for b in dialog.settle.buttons.values()]
    (button,) = [b for b in dialog.settle.buttons.values() if label_of(b) == "Use TOML"]
    window.press(button)
    yield from window.until(
        lambda: ["Media", media, "", "→ to Anki"] in rows_of(dialog), "the conflict to be settled"
    )
    yield from window.idle()
    seen["told"] = yield from press_and_wait(window, dialog.sync_button)
    seen["media"] = (Path(col.media.dir()) / media).read_text(encoding="utf-8")
    return seen


def look_at_state(window: Window, file: str, picture: str) -> Steps[list[str]]:
    """Sync a linked deck, then edit a note and the file: what the open window says each time."""
    yield from window.ready()
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    for summary in QApplication.topLevelWidgets():
        if "Summary" in summary.windowTitle() and summary.isVisible():
            summary.close()
    state = decks.list.columnCount() - 1

    def says() -> str:
        item = decks.list.topLevelItem(0)
        return str(item.text(state)) if item else ""

    yield from window.until(lambda: says() == "In step", "a deck in step")
    col = window.mw.col
    assert col is not None and col.db is not None
    col.db.execute("update notes set mod = mod - 100")  # as if that had been a while ago
    kept_links(window)[0]["last_run"] -= 50
    decks.refresh()
    note = col.get_note(col.find_notes("deck:Spanish::Animals")[0])
    note.fields[-1] = "changed in Anki"
    window.call(lambda: update_note(parent=window.mw, note=note).run_in_background())
    yield from window.until(lambda: "changed in Anki" in says(), "what changed in Anki")
    told = [says()]
    Path(file).write_text(Path(file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    window.mw.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    yield from window.until(lambda: "File" in says(), "the edit of the file")
    told.append(says())
    decks.grab().save(picture)
    decks.close()
    yield from window.closed(decks)
    return told
