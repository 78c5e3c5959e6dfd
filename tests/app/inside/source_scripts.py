"""What is done with sources in Anki's window."""

from __future__ import annotations

import importlib
import json
import threading
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Optional

from aqt.qt import (
    QApplication,
    QDesktopServices,
    QEvent,
    QKeyEvent,
    QMessageBox,
    QObject,
    Qt,
    QUrl,
    pyqtSlot,
)
from deck_scripts import press_and_wait, rows_of
from live_editor_scripts import TYPE, bring_to_front, note_calls, open_editor
from PyQt6 import sip
from scripts import MENU, switch_profile
from two_way_scripts import placed, press_key
from window import Steps, Window, label_of

REMBER = (*MENU, "Rember")
_MODULES = "ankivault.ui.runs"


def open_sources(window: Window) -> Steps[Any]:
    """Open Sources…."""
    window.press(window.menu_action(*MENU, "Sources…"))
    return (yield from window.dialog("Ankivault: Sources"))


def subscribe(window: Window, sources: Any, address: str) -> Steps[dict[str, Any]]:
    """Look at an address in Subscribe…, then press its Subscribe."""
    seen = yield from look_at(window, sources, address)
    dialog = seen.pop("dialog")
    seen["told"] = yield from press_and_wait(window, dialog.subscribe_button)
    yield from window.until(lambda: sip.isdeleted(dialog) or not dialog.isVisible(), "its end")
    return seen


def look_at(window: Window, sources: Any, address: str) -> Steps[dict[str, Any]]:
    """Open Subscribe…, type an address, and press Look; what is said of it."""
    window.press(sources.subscribe_button)
    dialog: Any = yield from window.dialog("Subscribe to a Deck")
    dialog.address.setText(address)
    window.press(dialog.look_button)
    yield from window.until(lambda: dialog._asking is None, "an answer")
    labels = [dialog.form.itemAt(n).widget() for n in range(dialog.form.count())]
    texts = [widget.text() for widget in labels]
    return {
        "dialog": dialog,
        "status": dialog.status.text(),
        "facts": dict(zip(texts[::2], texts[1::2])),
        "formats": sorted({w.textFormat().name for w in labels[1::2] if hasattr(w, "textFormat")}),
        "scripts": dialog.scripts.text() if dialog.scripts.isVisible() else "",
        "can_subscribe": dialog.subscribe_button.isEnabled(),
    }


def press_enter_in_subscribe(window: Window, address: str) -> Steps[dict[str, Any]]:
    """Type an address, and press Enter in its field: before, and when the deck is shown."""
    yield from window.ready()
    sources: Any = yield from open_sources(window)
    window.press(sources.subscribe_button)
    dialog: Any = yield from window.dialog("Subscribe to a Deck")
    yield from placed(window)
    dialog.address.setText(address)
    press_key(dialog.address, Qt.Key.Key_Return)
    seen = {"looks": dialog._asking is not None}
    yield from window.until(lambda: dialog._asking is None, "an answer")
    seen["offers"] = dialog.subscribe_button.isEnabled()
    dialog.address.setFocus()
    for _ in range(2):
        press_key(dialog.address, Qt.Key.Key_Return)
    yield from window.idle()
    seen["stays"] = dialog.isVisible() and dialog.buttons.isEnabled()
    seen["leads_on"] = dialog.subscribe_button.hasFocus()
    dialog.reject()
    yield from window.closed(dialog)
    sources.close()
    return seen


def open_source_preview(window: Window, sources: Any) -> Steps[Any]:
    """Press Preview…."""
    window.press(sources.preview_button)
    dialog: Any = yield from window.dialog("Ankivault: Update of")
    yield from window.idle()
    return dialog


def answer(window: Window, dialog: Any, title: str, words: str) -> Steps[str]:
    """Select a note in the preview, and give an answer; what both sides say."""
    for row in range(dialog.rows.rowCount()):
        index = dialog.rows.index(row, 1)
        if dialog.rows.data(index) == title:
            dialog.view.setCurrentIndex(index)
    sides = str(dialog.sides.toPlainText())
    plan = dialog._listing.plan
    (button,) = [b for b in dialog.settle.buttons.values() if label_of(b) == words]
    window.press(button)
    yield from window.until(lambda: dialog._listing.plan is not plan, "a new plan")
    yield from window.idle()
    return sides


def edit_words(window: Window, edits: dict[str, str]) -> None:
    """Edit the English of notes in Anki."""
    col: Any = window.mw.col
    for word, text in edits.items():
        note = col.get_note(col.find_notes(f'"Spanish:{word}"')[0])
        note["English"] = text
        col.update_note(note)


def english(window: Window) -> dict[str, str]:
    """The English of every note of the deck."""
    col: Any = window.mw.col
    notes = [col.get_note(id_) for id_ in col.find_notes("note:Animal")]
    return {note["Spanish"]: note["English"] for note in notes}


def change_file(file: str, changes: dict[str, str]) -> None:
    """What the author does."""
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def state_of_row(sources: Any, row: int = 0) -> list[str]:
    item = sources.list.topLevelItem(row)
    return [item.text(column) for column in range(7)]


def subscribe_and_settle(
    window: Window,
    address: str,
    file: str,
    theirs: dict[str, str],
    mine: dict[str, str],
    answers: dict[str, str],
) -> Steps[dict[str, Any]]:
    """Subscribe; both sides edit; settle in the preview, and press its Update Now."""
    yield from window.ready()
    col: Any = window.mw.col
    sources: Any = yield from open_sources(window)
    seen: dict[str, Any] = {"notes": col.note_count(), "empty": sources.empty.isVisible()}
    looked = yield from look_at(window, sources, address)
    seen["untouched"] = col.note_count()
    dialog = looked.pop("dialog")
    seen["looked"] = looked
    seen["told"] = yield from press_and_wait(window, dialog.subscribe_button)
    seen["row"] = state_of_row(sources)
    seen["added"] = english(window)
    seen["again"] = yield from press_and_wait(window, sources.update_button)
    edit_words(window, mine)
    change_file(file, theirs)
    seen["updated"] = yield from press_and_wait(window, sources.update_button)
    seen["state"] = state_of_row(sources)[6]
    seen["between"] = english(window)
    preview: Any = yield from open_source_preview(window, sources)
    seen["counts"] = preview.counts.text()
    seen["rows"] = rows_of(preview)
    seen["sides"] = []
    for title, words in answers.items():
        seen["sides"].append((yield from answer(window, preview, title, words)))
    seen["settled"] = yield from press_and_wait(window, preview.sync_button)
    seen["english"] = english(window)
    seen["state_after"] = state_of_row(sources)[6]
    return seen


def settle_type_and_deletion(
    window: Window, address: str, file: str, theirs: dict[str, str], gone: str
) -> Steps[dict[str, Any]]:
    """The author adds a field, and takes a note out: let both come, with all that Anki asks."""
    yield from window.ready()
    col: Any = window.mw.col
    sources: Any = yield from open_sources(window)
    yield from subscribe(window, sources, address)
    before = window.syncs_done
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before, "AnkiWeb sync to end")
    yield from window.idle()
    change_file(file, theirs)
    seen: dict[str, Any] = {"told": (yield from press_and_wait(window, sources.update_button))}
    seen["fields"], seen["notes"] = fields_of_type(window), sorted(english(window))
    preview: Any = yield from open_source_preview(window, sources)
    seen["rows"] = rows_of(preview)
    seen["warning"] = preview.warning.text()
    yield from answer(window, preview, gone, "Delete")
    plan = preview._listing.plan
    window.press(preview.types)
    yield from window.until(lambda: preview._listing.plan is not plan, "a new plan")
    yield from window.idle()
    seen["asked"] = []
    mark = window.seen.mark()
    window.press(preview.sync_button)
    for _ in range(2):
        box: Any = yield from window.until(find_box, "a question")
        seen["asked"].append(box.text())
        (yes,) = (button for button in box.buttons() if label_of(button) == "Yes")
        window.press(yes)
        yield from window.closed(box)
    yield from window.until(lambda: window.seen.tooltips[mark[1] :], "the run to end")
    yield from window.idle()
    seen["fields_after"], seen["notes_after"] = fields_of_type(window), sorted(english(window))
    seen["backups"] = len(list(Path(window.mw.pm.backupFolder()).glob("*.colpkg")))
    seen["state"] = state_of_row(sources)[6]
    seen["undo"] = col.undo_status().undo
    return seen


def fields_of_type(window: Window) -> list[str]:
    col: Any = window.mw.col
    return [field["name"] for field in col.models.by_name("Animal")["flds"]]


def protect_and_unsubscribe(
    window: Window, address: str, file: str, theirs: dict[str, str], save_to: str
) -> Steps[dict[str, Any]]:
    """Protect a field and leave out a deck in Options…; update; suggest; then Unsubscribe."""
    yield from window.ready()
    col: Any = window.mw.col
    sources: Any = yield from open_sources(window)
    yield from subscribe(window, sources, address)
    window.press(sources.options_button)
    options: Any = yield from window.dialog("Ankivault: Options of")
    model = options.fields.topLevelItem(0)
    fields = [model.child(n) for n in range(model.childCount())]
    seen: dict[str, Any] = {"fields": [field.text(0) for field in fields]}
    fields[1].setCheckState(0, Qt.CheckState.Checked)
    found = options.decks.tree.findItems("Spanish::Plants", Qt.MatchFlag.MatchExactly)
    found[0].setCheckState(0, Qt.CheckState.Unchecked)
    options.automatic.setChecked(False)
    options.accept()
    change_file(file, theirs)
    seen["told"] = yield from press_and_wait(window, sources.update_button)
    seen["english"] = english(window)
    seen["kept"] = sources.chosen().subscription.as_dict()
    edit_words(window, {"la vaca": "my cow"})
    note = col.get_note(col.find_notes('"Spanish:la vaca"')[0])
    note["Spanish"] = "la vaca lechera"
    col.update_note(note)
    window.press(sources.suggest_button)
    suggest: Any = yield from window.dialog("Ankivault: Suggest a Change")
    seen["patch"] = suggest.shown.toPlainText()
    suggest.save_to(Path(save_to))
    suggest.reject()
    seen["notes"] = col.note_count()
    window.press(sources.remove_button)
    box: Any = yield from window.until(find_box, "a question")
    seen["question"], seen["enter"] = box.text(), label_of(box.defaultButton())
    (yes,) = (button for button in box.buttons() if label_of(button) == "Yes")
    window.press(yes)
    yield from window.until(lambda: sources.chosen() is None, "the subscription to end")
    seen["notes_after"] = col.note_count()
    return seen


def refused_addresses(
    window: Window, addresses: list[str], dead: str
) -> Steps[list[dict[str, Any]]]:
    """Type addresses that lead nowhere in Subscribe…; what is said of each. Stop the last."""
    yield from window.ready()
    sources: Any = yield from open_sources(window)
    said = []
    for address in addresses:
        looked = yield from look_at(window, sources, address)
        looked.pop("dialog").reject()
        said.append(looked)
    window.press(sources.subscribe_button)
    dialog: Any = yield from window.dialog("Subscribe to a Deck")
    dialog.address.setText(dead)
    window.press(dialog.look_button)
    yield from window.until(lambda: label_of(dialog.look_button) == "Stop", "the question")
    seen = dialog.status.text(), dialog.progress.isVisible()
    window.press(dialog.look_button)
    yield from window.until(lambda: label_of(dialog.look_button) == "Look", "its end")
    said.append({"asking": seen, "status": dialog.status.text()})
    dialog.reject()
    return said


def close_while_asking(window: Window) -> Steps[dict[str, Any]]:
    """Press Update for a server that does not answer, and Esc. Once more, and Anki is closed."""
    yield from window.ready()
    sources: Any = yield from open_sources(window)
    progress = window.mw.progress
    window.press(sources.update_button)
    shown: Any = yield from window.until(
        lambda: progress._win if progress._win and progress._win.isVisible() else None, "progress"
    )
    yield from window.until(lambda: "Esc" in shown.form.label.text(), "what is done")
    seen = {"label": shown.form.label.text()}
    escape = (QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.postEvent(shown, QKeyEvent(*escape))
    yield from window.until(lambda: window.seen.tooltips, "the end of it")
    yield from window.idle()
    window.press(sources.update_button)
    yield from window.until(progress.busy, "the server to be asked")
    return {**seen, "told": window.seen.tooltips[-1]}


def find_box() -> Optional[QMessageBox]:
    widget = QApplication.activeModalWidget()
    return widget if isinstance(widget, QMessageBox) else None


def sync_with_sources(
    window: Window, within: float, service: dict[str, str]
) -> Steps[dict[str, Any]]:
    """Press Anki's Sync, with another limit for what runs by itself."""
    automatic: Any = importlib.import_module(f"{_MODULES}.automatic_sources")
    automatic.LIMIT = within
    use_service(service)
    yield from window.ready()
    sources: Any = yield from open_sources(window)  # with the engine: loading it takes time
    sources.reject()
    before, tooltips = window.syncs_done, len(window.seen.tooltips)
    window.call(window.mw.on_sync_button_clicked)
    yield from window.until(lambda: window.syncs_done > before + 1, "both AnkiWeb syncs to end")
    yield from window.idle()
    told = window.seen.tooltips[tooltips:]
    seen = {"told": [text for text in told if "Sources:" in text]}
    yield from window.until(
        lambda: any("did not answer" in text for text in window.seen.tooltips), "the dead server"
    )
    yield from window.idle()
    return {**seen, "late": window.seen.tooltips[-1], "syncs": window.syncs_done - before}


def open_with_sources(window: Window, service: Optional[dict[str, str]] = None) -> Steps[list[str]]:
    """Open Anki, and wait until its sources have come."""
    if service:
        use_service(service)
    yield from window.ready()
    yield from window.until(
        lambda: any("Sources:" in text for text in window.seen.tooltips), "the sources"
    )
    yield from window.idle()
    return sorted(english(window))


def type_while_sources_come(window: Window, let_go: str, typed: str) -> Steps[dict[str, Any]]:
    """Type into a note in the browser while its update comes late, then go to Anki's window."""
    automatic: Any = importlib.import_module(f"{_MODULES}.automatic_sources")
    automatic.LIMIT = 60.0
    yield from window.ready()
    col: Any = window.mw.col
    (note_id,) = col.find_notes('"Spanish:el gato"')
    browser: Any = yield from open_editor(window, note_id)
    yield from bring_to_front(window, browser)
    browser.editor.web.eval(TYPE % (1, json.dumps(typed)))
    looks = note_calls("app.editors", "_note_of", note_id)
    Path(let_go).write_bytes(b"")
    asking: Any = importlib.import_module("ankivault.ui.app.asking")
    yield from window.until(lambda: not asking._all_waiting, "the update to come")
    count = len(looks)
    yield from window.until(lambda: len(looks) > count + 1, "somebody to look who types")
    seen = {"in_front": list(col.get_note(note_id).fields)}
    yield from bring_to_front(window, window.mw)
    yield from window.until(
        lambda: any("Sources:" in text for text in window.seen.tooltips), "the update"
    )
    yield from window.idle()
    seen["left"] = list(col.get_note(note_id).fields)
    browser.close()
    yield from window.closed(browser)
    yield from window.idle()  # the browser saves what was typed
    return seen


class Browser(QObject):
    """Takes what Anki would open in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        QDesktopServices.setUrlHandler("http", self.open)

    @pyqtSlot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def press(self, button: str) -> list[str]:
        """Press a button of the page that was opened; in the list comes what the browser shows."""
        shown: list[str] = []
        data = urllib.parse.urlencode({"answer": button}).encode()

        def go() -> None:
            try:
                with urllib.request.urlopen(self.opened[-1], data, timeout=10) as page:
                    shown.append(page.read().decode("utf-8"))
            except OSError as error:
                shown.append(str(error))

        threading.Thread(target=go, daemon=True).start()
        return shown


def forget_stand_ins() -> None:
    """Ask Rember itself again, in the person's own browser."""
    kinds: Any = importlib.import_module(f"{_MODULES}.source_kinds")
    kinds.service = None
    QDesktopServices.unsetUrlHandler("http")


def use_service(service: dict[str, str]) -> None:
    """Ask a stand-in in place of Rember."""
    kinds: Any = importlib.import_module(f"{_MODULES}.source_kinds")
    made: Any = importlib.import_module("ankivault.sync.source.rember.service")
    kinds.service = made.Service(**service)


def rember_label(window: Window) -> str:
    """The first entry of the submenu, as it is when the menu opens."""
    for name in ("Sign In…", "Cancel Sign-In", "Sign Out"):
        try:
            window.menu_action(*REMBER, name)
        except AssertionError:
            continue
        return name
    return ""


def sign_in(window: Window, browser: Browser, button: str) -> Steps[dict[str, Any]]:
    """Choose Sign In… in the menu, and press a button on the page; what both then say."""
    opened = len(browser.opened)
    window.press(window.menu_action(*REMBER, "Sign In…"))
    yield from window.until(lambda: len(browser.opened) > opened, "the browser")
    during = rember_label(window)
    before = window.seen.mark()
    shown = browser.press(button)
    yield from window.until(lambda: shown and window.seen.news(before), "the sign-in to end")
    yield from window.idle()
    return {"during": during, "page": shown[0], "news": window.seen.news(before)}


def use_rember(window: Window, service: dict[str, str]) -> Steps[dict[str, Any]]:
    """Refuse, cancel, allow, pull, look at the status, and sign out."""
    use_service(service)
    browser = Browser()
    yield from window.ready()
    mw, col = window.mw, window.mw.col
    assert col is not None
    seen: dict[str, Any] = {"first": rember_label(window)}
    denied = yield from sign_in(window, browser, "deny")
    seen["denied"] = denied["news"]
    box = find_box()
    if box:
        box.accept()
    window.press(window.menu_action(*REMBER, "Sign In…"))
    yield from window.until(lambda: len(browser.opened) == 2, "the browser")
    window.press(window.menu_action(*REMBER, "Cancel Sign-In"))
    yield from window.until(
        lambda: any("not signed in" in text for text in window.seen.tooltips), "the end of it"
    )
    seen["cancelled"] = rember_label(window)
    seen["allowed"] = yield from sign_in(window, browser, "allow")
    seen["signed_in"] = rember_label(window)
    sources: Any = yield from open_sources(window)
    seen["row"] = state_of_row(sources)
    seen["pulled"] = yield from press_and_wait(window, window.menu_action(*REMBER, "Pull Now"))
    seen["notes"] = sorted(col.get_note(n).guid for n in col.find_notes("deck:Rember"))
    seen["row_after"] = state_of_row(sources)
    note = col.get_note(col.find_notes("deck:Rember")[0])
    seen["fields"] = [text for text in note.fields if text]
    window.press(window.menu_action(*REMBER, "Status"))
    box = yield from window.until(find_box, "the status")
    assert box is not None
    seen["status"] = box.text()
    box.accept()
    window.press(window.menu_action(*REMBER, "Sign Out"))
    yield from window.until(lambda: rember_label(window) == "Sign In…", "to be signed out")
    seen["kept"] = col.note_count()
    assert mw.pm.profile is not None
    seen["profile"] = str(mw.pm.profile)
    forget_stand_ins()
    return seen


def pull_rember(
    window: Window, service: dict[str, str], mine: str = "", words: str = ""
) -> Steps[dict[str, Any]]:
    """Pull; with ``mine``, edit the note first, and answer the question with ``words``."""
    use_service(service)
    yield from window.ready()
    col: Any = window.mw.col
    sources: Any = yield from open_sources(window)
    if mine:
        note = col.get_note(col.find_notes("deck:Rember")[0])
        note["Note"] = mine
        col.update_note(note)
    seen: dict[str, Any] = {"pulled": (yield from press_and_wait(window, sources.update_button))}
    seen["state"] = state_of_row(sources)[6]
    if mine:
        preview: Any = yield from open_source_preview(window, sources)
        seen["rows"] = rows_of(preview)
        seen["sides"] = yield from answer(
            window, preview, preview.rows.data(preview.rows.index(0, 1)), words
        )
        yield from press_and_wait(window, preview.sync_button)
    seen["note"] = col.get_note(col.find_notes("deck:Rember")[0])["Note"]
    seen["state_after"] = state_of_row(sources)[6]
    forget_stand_ins()
    return seen


def delete_many_rembs(window: Window, service: dict[str, str]) -> Steps[dict[str, Any]]:
    """Pull what deletes many notes, and let them go in the preview, which asks once more."""
    use_service(service)
    yield from window.ready()
    col: Any = window.mw.col
    sources: Any = yield from open_sources(window)
    seen: dict[str, Any] = {"pulled": (yield from press_and_wait(window, sources.update_button))}
    seen["kept"] = len(col.find_notes("deck:Rember"))
    preview: Any = yield from open_source_preview(window, sources)
    seen["rows"] = rows_of(preview)
    yield from answer(window, preview, seen["rows"][0][1], "Delete")
    seen["counts"] = preview.counts.text()
    mark = window.seen.mark()
    window.press(preview.sync_button)
    box: Any = yield from window.until(find_box, "a question")
    seen["asked"] = box.text()
    (yes,) = (button for button in box.buttons() if label_of(button) == "Yes")
    window.press(yes)
    yield from window.until(lambda: window.seen.tooltips[mark[1] :], "the run to end")
    yield from window.idle()
    seen["left"] = len(col.find_notes("deck:Rember"))
    forget_stand_ins()
    return seen


def switch_while_signing_in(
    window: Window, service: dict[str, str], other: str
) -> Steps[dict[str, Any]]:
    """Open another profile while the browser is open; then press Allow there."""
    use_service(service)
    browser = Browser()
    yield from window.ready()
    first = window.mw.pm.profile
    window.press(window.menu_action(*REMBER, "Sign In…"))
    yield from window.until(lambda: browser.opened, "the browser")
    yield from switch_profile(window, other)
    shown = browser.press("allow")
    yield from window.until(lambda: shown, "the browser to come back")
    return {
        "page": shown[0],
        "label": rember_label(window),
        "profiles": [str(first), str(window.mw.pm.profile)],
    }
