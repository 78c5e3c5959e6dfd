"""What is done in the previews' windows: where they open, by keyboard, and what they show."""

from __future__ import annotations

from threading import Event
from typing import Any

from aqt.qt import QApplication, QMessageBox, QModelIndex, Qt
from aqt.theme import Theme
from PyQt6.QtTest import QTest
from scripts import MENU, write_settings
from two_way_scripts import answer_box, open_preview, placed
from window import Steps, Wait, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def preview_after_progress(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Open Preview Changes… while the plan takes so long that a progress window shows."""
    yield from window.ready()
    write_settings(window, settings)
    mw = window.mw
    mw.activateWindow()
    yield from window.until(lambda: QApplication.activeWindow() is mw, "Anki's window in front")
    go_on = Event()
    mw.taskman.run_in_background(go_on.wait, uses_collection=True)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    yield from window.until(lambda: mw.progress._win and mw.progress._shown, "the progress window")
    go_on.set()
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.until(lambda: not mw.progress.busy(), "the progress window to go")
    yield from window.idle()
    yield from window.until(
        lambda: QApplication.activeWindow() is dialog, "the preview to have the keyboard"
    )
    dialog.reject()
    yield from window.closed(dialog)
    return {"in_front": True}


def use_preview_by_keyboard(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Search, press Enter in the search and in the filter, and find again."""
    yield from window.ready()
    write_settings(window, settings)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.until(lambda: QApplication.activeWindow() is dialog, "the preview in front")
    seen: dict[str, Any] = {}
    before = window.seen.mark()
    _QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    yield from window.until(dialog.search.hasFocus, "Ctrl+F to go to the search")
    _QTest.keyClicks(dialog.search, "mitosis")
    _QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    yield from window.until(lambda: not dialog.search.hasFocus(), "Enter to go to the rows")
    seen["found"] = [dialog.rows.rowCount(), dialog.view.chosen() is not None]
    dialog.kind.setFocus()
    _QTest.keyClick(dialog.kind, Qt.Key.Key_Return)
    yield from window.until(lambda: not dialog.kind.hasFocus(), "Enter to go to the rows")
    yield from window.idle()
    seen["stays"] = dialog.isVisible() and not window.seen.news(before)
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def look_before_a_large_change(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Press Sync Now for a large change, and look at it first."""
    yield from window.ready()
    write_settings(window, settings)
    window.press(window.menu_action(*MENU, "Sync Now"))

    def find() -> Any:
        box = QApplication.activeModalWidget()
        return box if isinstance(box, QMessageBox) and box.isVisible() else None

    box = yield from window.until(find, "the question")
    buttons = {label_of(button): button for button in box.buttons()}
    window.press(buttons["Preview Changes…"])
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    rows = dialog.rows.rowCount()
    dialog.reject()
    yield from window.closed(dialog)
    return {"offered": list(buttons), "rows": rows}


def count_planned(window: Window) -> Steps[str]:
    """The numbers of Preview Changes…."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    yield from placed(window)
    told = str(dialog.counts.text())
    dialog.reject()
    yield from window.closed(dialog)
    return told


def fill_an_emptied_folder(window: Window) -> Steps[dict[str, Any]]:
    """Preview a vault folder that was emptied; press its Sync Now, and Go On."""
    yield from window.ready()
    dialog: Any = yield from open_preview(window)
    seen = {"counts": dialog.counts.text(), "warning": dialog.warning.text()}
    before = window.seen.mark()
    window.press(dialog.sync_button)
    seen["asked"] = yield from answer_box(window, "Go On")
    yield from window.until(lambda: len(window.seen.tooltips) > before[1], "the run to end")
    yield from window.idle()
    return seen


DOM = """(function() {
    const shown = document.getElementById("shown");
    return shown ? [shown.innerHTML, document.querySelectorAll("mjx-container").length,
        [...shown.querySelectorAll("img")].filter(i => i.naturalWidth).length,
        String(window.harm || "")] : null;
})()"""


def read_dom(window: Window, dialog: Any, words: str, pictures: int = 0) -> Steps[list[Any]]:
    """What the page view of a preview shows: see ``read_sides``."""
    return (yield from read_sides(window, dialog.sides, words, pictures))


def read_sides(window: Window, sides: Any, words: str, pictures: int = 0) -> Steps[list[Any]]:
    """What the page view shows, as soon as it shows these words and so many pictures."""
    read: list[Any] = []

    def is_there() -> bool:
        return bool(read[-1]) and words in read[-1][0] and read[-1][2] >= pictures

    def ask() -> bool:
        if not read or (read[-1] and not is_there()):
            sides.page.web.evalWithCallback(DOM, read.append)
        return bool(read) and is_there()

    yield from window.until(ask, f"“{words}” to be shown")
    return list(read[-1])


def look_at_pages(
    window: Window, settings: dict[str, Any], target: str, web: str
) -> Steps[dict[str, Any]]:
    """Preview a new page and a changed one, as they look and as Markdown; by day and by night."""
    yield from window.ready()
    write_settings(window, settings)
    mw: Any = window.mw
    mw.setGeometry(0, 0, 1024, 700)
    harm = "<img src=x onerror='window.harm=1'><script>window.harm=2</script>"
    harm += f"<img src='{web}/a.png'><b style='background: url({web}/b)'>b</b>"
    harm += f"<object data='{web}/c'></object>"
    harm += f"<iframe src='{web}/d'></iframe><audio src='{web}/e' autoplay></audio>"
    note = mw.col.new_note(mw.col.models.by_name("Basic"))
    note.fields = ["A formula \\(x^2\\) <b>bold</b>", f"harmless {harm} end"]
    mw.col.add_note(note, mw.col.decks.id("Biology"))
    seen: dict[str, Any] = {}
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    dialog.resize(1000, 680)
    dialog.search.setText("A formula")
    seen["new"] = yield from read_dom(window, dialog, "harmless")
    yield from formulas_shown(window, dialog)
    before = window.seen.mark()
    window.press(dialog.sync_button)
    yield from window.until(lambda: window.seen.news(before), "the run to end")
    yield from window.idle()
    note.load()
    note.fields = ["A formula \\(x^3\\) <b>bold</b> and more", f"{note.fields[1]} again"]
    mw.col.update_note(note)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog = yield from window.dialog("Ankivault: Preview")
    dialog.resize(1000, 680)
    seen["changed"] = yield from read_dom(window, dialog, "again")
    yield from formulas_shown(window, dialog)
    for name, theme in (("day", Theme.LIGHT), ("night", Theme.DARK)):
        mw.set_theme(theme)
        yield from window.idle()
        yield Wait(lambda: True, "the web view to paint", after=0.4)
        if target:
            assert dialog.grab().save(f"{target}-{name}.png")
    dialog.sides.markdown.click()
    seen["markdown"] = dialog.sides.currentWidget() is dialog.sides.diff
    mw.set_theme(Theme.LIGHT)
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def formulas_shown(window: Window, dialog: Any) -> Steps[None]:
    """Wait until MathJax has set the formulas."""
    yield from read_dom(window, dialog, "<mjx-container")


def tree_of(dialog: Any, depth: int = 3) -> list[str]:
    """What the tree shows, indented."""
    model, told = dialog.list.tree.model(), []

    def read(parent: Any, level: int) -> None:
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            told.append("  " * level + model.data(index))
            if level < depth:
                read(index, level + 1)

    read(QModelIndex(), 0)
    return told


def walk_the_tree(window: Window, settings: dict[str, Any], target: str) -> Steps[dict[str, Any]]:
    """Preview everything by deck and kind; open, select, search, filter, and use the list."""
    yield from window.ready()
    write_settings(window, settings)
    window.mw.setGeometry(0, 0, 1024, 700)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    dialog.resize(1000, 680)
    tree, view = dialog.list.tree, dialog.view
    seen: dict[str, Any] = {"tree": tree_of(dialog), "is_tree": tree.isVisible()}
    seen["agree"] = tree.grouped.position(tree.currentIndex()) == view.chosen()
    tree.setFocus()
    _QTest.keyClick(tree, Qt.Key.Key_Down)
    seen["moved"] = [tree.grouped.position(tree.currentIndex()) == view.chosen(), view.chosen()]
    group = tree.grouped.parent(tree.currentIndex())
    tree.setCurrentIndex(group)
    seen["group"] = [len(view.selected()), tree.grouped.data(group)]
    yield Wait(lambda: True, "the web view to paint", after=0.4)
    if target:
        assert dialog.grab().save(f"{target}-tree.png")
    dialog.search.setText("mitosis")
    seen["found"] = [tree.isVisible(), view.isVisible(), dialog.rows.rowCount()]
    dialog.search.setText("not anywhere")
    seen["nothing"] = [dialog.rows.rowCount(), dialog.search._nothing.isVisible()]
    yield Wait(lambda: True, "the field to paint", after=0.2)
    if target:
        assert dialog.grab().save(f"{target}-nothing.png")
    dialog.search.clear()
    seen["nothing"].append(dialog.search._nothing.isVisible())
    dialog.kind.setCurrentIndex(dialog.kind.count() - 1)
    seen["filtered"] = [tree.isVisible(), tree_of(dialog, 0)]
    dialog.list.as_tree.click()
    seen["list"] = view.isVisible()
    dialog.list.as_tree.click()
    seen["tree again"] = tree.isVisible()
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def tab_to_the_answers(window: Window) -> Steps[list[str]]:
    """Preview a question; what Tab goes to from its row, in the tree and in the list."""
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.idle()
    seen = []
    for view in (dialog.list.tree, dialog.view):
        yield from window.until(view.isVisible, "the view")
        view.setFocus()
        _QTest.keyClick(view, Qt.Key.Key_Tab)
        seen.append(dialog.focusWidget().accessibleName())
        dialog.list.as_tree.click()
    dialog.reject()
    yield from window.closed(dialog)
    return seen
