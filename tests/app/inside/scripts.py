"""What is done in Anki's window. Each script is played by ``start.py`` in an Anki of its own."""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any, Optional

import aqt
from anki.notes import NoteId
from aqt.qt import QApplication, QDialogButtonBox, QEvent, QKeyEvent, QMessageBox, Qt, QTreeWidget
from window import Steps, Window, label_of

MENU = ("Tools", "Ankivault")
OK = QDialogButtonBox.StandardButton.Ok


def look(window: Window) -> Steps[dict[str, Any]]:
    """Open Anki and close it again."""
    yield from window.ready()
    return {"tools": [label_of(action) for action in window.mw.form.menuTools.actions()]}


def list_modules(window: Window) -> Steps[dict[str, list[str]]]:
    """Open Anki, then Preview Changes…; the add-on's modules that were loaded before and after."""
    yield from window.ready()
    started = [name for name in sys.modules if name.startswith("ankivault.")]
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    yield from window.dialog("Preview")
    used = [name for name in sys.modules if name.startswith("ankivault.")]
    return {"at_start": sorted(started), "with_preview": sorted(used)}


def install(window: Window, package: str) -> Steps[dict[str, Any]]:
    """Install a package file, as Tools ▸ Add-ons ▸ Install from file does."""
    yield from window.ready()
    result = window.mw.addonManager.install(package)
    return {
        "error": getattr(result, "errmsg", None),
        "compatible": getattr(result, "compatible", None),
    }


def uninstall(window: Window) -> Steps[None]:
    """Delete the add-on, as Tools ▸ Add-ons ▸ Delete does."""
    yield from window.ready()
    window.mw.addonManager.deleteAddon("ankivault")


def sync(window: Window, settings: Optional[dict[str, Any]] = None) -> Steps[dict[str, Any]]:
    """Press Sync Now and wait for its summary, with ``settings`` written to the profile first."""
    yield from window.ready()
    write_settings(window, settings)
    yield from press_sync_now(window)
    return (yield from read_summary(window))


def sync_expecting_warning(window: Window, settings: dict[str, Any]) -> Steps[str]:
    """Press Sync Now; the text of the warning it ends in."""
    yield from window.ready()
    write_settings(window, settings)
    return (yield from answer_sync_now(window, "OK"))


def sync_after_an_answer(window: Window, answer: str) -> Steps[str]:
    """Press Sync Now, answer what it asks, and wait for its end; the question."""
    yield from window.ready()
    before = window.seen.mark()
    question = yield from answer_sync_now(window, answer)
    if answer == "Go On":
        yield from window.until(lambda: len(window.seen.news(before)) > 1, "Sync Now to end")
        yield from window.idle()
    return question


def configure_and_sync(window: Window, folder: str, leave_out: str) -> Steps[dict[str, Any]]:
    """Choose a folder and leave out a deck in Configure…, then press Sync Now."""
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    dialog.form.folder.setText(folder)
    yield from window.until(lambda: "✓" in dialog.form.status.text(), "the folder to be found fine")
    untick_deck(dialog.form.decks.tree, leave_out)
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    yield from press_sync_now(window)
    summary = yield from read_summary(window)
    col = window.mw.col
    assert col is not None
    return {**summary, "notes_in_pages": len(col.find_notes(f'-"deck:{leave_out}"'))}


def type_folders(window: Window, folders: dict[str, str]) -> Steps[dict[str, dict[str, Any]]]:
    """Open the settings from Add-ons ▸ Config and type several folders; what is said of each."""
    yield from window.ready()
    configure = window.mw.addonManager.configAction("ankivault")
    assert configure is not None
    window.call(configure)
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    ok = dialog.buttons.button(OK)
    said: dict[str, dict[str, Any]] = {}
    for name, folder in folders.items():
        dialog.form.folder.setText(folder)
        yield from window.until(
            lambda: dialog.form.status.text() not in ("", "Looking…"), "an answer"
        )
        said[name] = {
            "says": dialog.form.status.text().replace("\u200b", ""),
            "can_be_kept": ok.isEnabled(),
        }
        dialog.form.folder.setText(f"{folder} ")  # and OK at once, as Enter does
        dialog.form.folder.setText(folder)
        dialog.form.folder.setFocus()
        if said[name]["says"].startswith("✕"):
            dialog.accept()
            assert dialog.isVisible(), f"{folder} was kept"
            assert not ok.isEnabled()
    window.press(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    yield from window.closed(dialog)
    return said


def preview(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Open Preview Changes…, look for one page, then press its Sync Now."""
    yield from window.ready()
    write_settings(window, settings)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    col = window.mw.col
    assert col is not None
    seen = {
        "notes": col.note_count(),
        "rows": dialog.rows.rowCount(),
        "written_before": len(list(Path(settings["vault_folder"]).rglob("*"))),
    }
    dialog.search.setText("phases of mitosis")
    seen["found"] = dialog.rows.rowCount()
    dialog.view.setCurrentIndex(dialog.rows.index(0, 0))
    yield from window.until(lambda: "anki:begin" in dialog.sides.toPlainText(), "the diff")
    seen["diff"] = dialog.sides.toPlainText()
    before = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    return seen


def cancel_midway(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Press Sync Now, and Esc as soon as there is a page."""
    yield from window.ready()
    write_settings(window, settings)
    before = window.seen.mark()
    folder = Path(settings["vault_folder"])
    window.press(window.menu_action(*MENU, "Sync Now"))
    yield from window.until(lambda: any(folder.rglob("*.md")), "the first page")
    progress = window.mw.progress._win
    assert progress is not None
    key = (QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.postEvent(progress, QKeyEvent(*key))
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    assert window.mw.col is not None
    return {"notes": window.mw.col.note_count(), "said": window.seen.tooltips[-1]}


def switch_profile(window: Window, name: str) -> Steps[None]:
    """Leave the profile that is open, and open another one."""
    window.press(window.menu_action("File", "Switch Profile"))
    yield from window.until(lambda: window.mw.state == "profileManager", "the list of profiles")
    form = window.mw.profileForm
    form.profiles.setCurrentRow(window.mw.pm.profiles().index(name))
    window.press(form.login)
    yield from window.until(lambda: window.mw.pm.name == name and window.mw.col, name)
    yield from window.idle()


def sync_two_profiles(window: Window, first: str, second: str, front: str) -> Steps[None]:
    """Sync one profile, switch to the other, give that a note, and sync it too."""
    yield from window.ready()
    assert window.mw.pm.name == first
    yield from press_sync_now(window)
    yield from switch_profile(window, second)
    add_note(window, front)
    yield from press_sync_now(window)


def open_in_obsidian(window: Window, settings: dict[str, Any]) -> Steps[None]:
    """Sync, choose a note in the browser, and open it in Obsidian from the Notes menu."""
    yield from window.ready()
    write_settings(window, settings)
    yield from press_sync_now(window)
    col = window.mw.col
    assert col is not None
    note_id = col.find_notes('"Front:Name the phases*"')[0]
    browser: Any = aqt.dialogs.open("Browser", window.mw, search=(f"nid:{note_id}",))
    yield from window.until(lambda: browser.selected_notes() == [note_id], "the note")
    found = [a for a in browser.form.menu_Notes.actions() if label_of(a) == "Open in Obsidian"]
    assert len(found) == 1
    window.press(found[0])
    yield from window.until(lambda: window.seen.links, "a link to be opened")
    browser.close()


def press_sync_button(
    window: Window, search: str = "", text: str = ""
) -> Steps[list[dict[str, Any]]]:
    """Edit the note found, if any, and press Anki's own Sync. What each AnkiWeb sync found."""
    syncs = note_syncs(window, text)
    yield from window.ready()
    if search:
        edit_note(window, search, text)
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.idle()
    return syncs


def edit_between_syncs(window: Window, search: str, text: str) -> Steps[list[dict[str, Any]]]:
    """Wait for the sync at start-up, edit a note, and close. What each AnkiWeb sync found."""
    syncs = note_syncs(window, text)
    yield from window.ready()
    yield from window.until(lambda: window.syncs_done, "AnkiWeb sync at start-up to end")
    yield from window.idle()
    edit_note(window, search, text)
    return syncs  # the sync on close joins these later


def note_syncs(window: Window, text: str) -> list[dict[str, Any]]:
    """A list that grows by what the vault holds whenever an AnkiWeb sync starts."""
    syncs: list[dict[str, Any]] = []

    def note() -> None:
        profile = window.mw.pm.profile
        assert profile is not None and window.mw.col is not None
        folder = profile["ankivault"].get("vault_folder")
        paths = Path(folder).rglob("*.md") if folder else ()
        texts = [path.read_text(encoding="utf-8") for path in paths]
        pages = [page for page in texts if page.startswith("---\nanki_note_id:")]
        syncs.append({"pages": len(pages), "edit_in_vault": any(text in page for page in pages)})

    aqt.gui_hooks.sync_will_start.append(note)
    return syncs


def write_settings(window: Window, settings: Optional[dict[str, Any]]) -> None:
    """Put settings where the profile keeps them."""
    if settings is not None:
        assert window.mw.pm.profile is not None
        window.mw.pm.profile["ankivault"] = settings
        window.mw.pm.save()


def untick_deck(tree: QTreeWidget, name: str) -> None:
    exactly = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    (deck,) = tree.findItems(name, exactly)
    deck.setCheckState(0, Qt.CheckState.Unchecked)


def edit_note(window: Window, search: str, text: str) -> None:
    """Make ``text`` the first field of the note found."""
    col = window.mw.col
    assert col is not None
    note = col.get_note(NoteId(col.find_notes(f'"{search}"')[0]))
    note.fields[0] = text
    col.update_note(note)


def add_note(window: Window, front: str) -> None:
    col = window.mw.col
    assert col is not None
    notetype = col.models.by_name("Basic")
    deck = col.decks.id("Default")
    assert notetype is not None and deck is not None
    note = col.new_note(notetype)
    note["Front"] = front
    col.add_note(note, deck)


def press_sync_now(window: Window) -> Steps[str]:
    """Press Sync Now; what it tells at its end. A question or a warning is a failure here."""
    before = window.seen.mark()
    window.press(window.menu_action(*MENU, "Sync Now"))
    yield from window.until(lambda: window.seen.news(before), "Sync Now to end")
    yield from window.idle()
    boxes = [d for d in window.seen.news(before) if "MessageBox" in d["kind"]]
    if boxes:
        raise AssertionError(f"Sync Now asked: {boxes}")
    return html.unescape(window.seen.tooltips[-1])


def answer_sync_now(window: Window, answer: str) -> Steps[str]:
    """Press Sync Now, and a button of the message box that comes; the text of the box."""

    def find() -> Optional[QMessageBox]:
        widget = QApplication.activeModalWidget()
        return widget if isinstance(widget, QMessageBox) else None

    window.press(window.menu_action(*MENU, "Sync Now"))
    box: Any = yield from window.until(find, "a message box")
    text = str(box.text())
    (button,) = (button for button in box.buttons() if label_of(button) == answer)
    window.press(button)
    yield from window.closed(box)
    return text


def read_summary(window: Window) -> Steps[dict[str, Any]]:
    """What the summary of the last run says: its line, and every message with its page."""
    window.press(window.menu_action(*MENU, "Last Summary…"))
    dialog: Any = yield from window.dialog("Ankivault: Summary")
    rows = dialog.messages.rows
    messages = [
        [rows.data(rows.index(row, column)) for column in range(rows.columnCount())]
        for row in range(rows.rowCount())
    ]
    said = dialog.heading.text()
    dialog.reject()
    return {"summary": said, "messages": messages}
