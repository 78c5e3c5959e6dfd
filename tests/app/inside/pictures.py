"""Pictures of Anki's windows, as they are on the screen."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import aqt.theme
from activity_scripts import open_activity, settled
from aqt.qt import QApplication, QCursor, QPainter, QPixmap, QPoint, Qt, QTimer, QWidget
from deck_scripts import choose_row, link, open_preview, press_and_wait
from first_start_scripts import has_left, write_vaults
from home_scripts import open_home
from live_scripts import show_live
from preview_scripts import read_dom, read_sides
from PyQt6 import sip
from scripts import MENU, edit_note, press_sync_now, write_settings
from source_scripts import (
    change_file,
    edit_words,
    look_at,
    open_source_preview,
    open_sources,
    subscribe,
    use_service,
)
from two_way_scripts import choose_row as choose_change
from two_way_scripts import open_preview as open_vault_preview
from two_way_scripts import press_answer
from window import Steps, Window

SIZE = (960, 640)
ON_THE_WEB = "https://example.org/{}/deck.toml"  # shown in place of a server on loopback
SETTLE = 400  # milliseconds for a web view to paint what it holds


def stay_open(window: Window) -> Steps[None]:
    """Leave Anki to the person in front of it."""
    yield from window.ready()
    window.stays_open = True


def take_screenshots(
    window: Window, target: str, settings: dict[str, Any], night: bool = False
) -> Steps[None]:
    """The menu, the settings, and the preview of a change."""
    folder, end = Path(target), "-night.png" if night else ".png"
    yield from window.ready()
    write_settings(window, settings)
    mw = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    yield from painted(window, mw)

    tools = mw.form.menuTools
    menu = next(a.menu() for a in tools.actions() if a.text().replace("&", "") == MENU[1])
    assert menu is not None
    corner = mw.form.menubar.actionGeometry(tools.menuAction()).bottomLeft()
    tools.popup(mw.form.menubar.mapToGlobal(corner))
    yield from painted(window, tools)
    place = tools.actionGeometry(menu.menuAction()).topRight()
    tools.setActiveAction(menu.menuAction())
    menu.popup(tools.mapToGlobal(place))
    menu.setActiveAction(menu.actions()[0])
    yield from painted(window, menu)
    save(mw, folder / f"menu{end}")
    menu.close()
    tools.close()

    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from window.until(lambda: dialog.form.status.text() not in ("", "Looking…"), "an answer")
    dialog.resize(620, 480)
    tabs = ("settings", "settings-decks", "settings-pages", "settings-two-way")
    for number, name in enumerate(tabs):
        dialog.form.tabs.setCurrentIndex(number)
        dialog.form.edits.two_way.setChecked(True)
        yield from painted(window, dialog)
        save(dialog, folder / f"{name}{end}")
    dialog.reject()

    yield from press_sync_now(window)
    edit_note(window, "Front:Name the phases*", "Name the four phases of mitosis, in order.")
    edit_note(window, "Front:Euler*", 'Euler\'s identity <img src="not in Anki.png">')
    edit_page(Path(settings["vault_folder"]).expanduser(), "el gato_*.md", "the cat", "a cat")
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog = yield from window.dialog("Ankivault: Preview")
    dialog.resize(*SIZE)
    dialog.list.tree.expandAll()
    dialog.view.setCurrentIndex(dialog.rows.index(0, 0))
    yield from read_dom(window, dialog, "<ins>")
    yield from painted(window, dialog)
    save(dialog, folder / f"preview{end}")
    dialog.reject()


def take_home_screenshots(
    window: Window, target: str, settings: dict[str, Any], file: str, night: bool = False
) -> Steps[None]:
    """Home with its Overview and the guide, the summary of a run, and the report of a problem."""
    folder, end = Path(target), "-night.png" if night else ".png"
    yield from window.ready()
    mw = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    write_settings(window, settings)
    yield from press_sync_now(window)
    window.press(window.menu_action(*MENU, "Last Summary…"))
    dialog: Any = yield from window.dialog("Ankivault: Summary")
    dialog.resize(760, 420)
    dialog.tabs.setCurrentWidget(dialog.pages)
    item = dialog.pages.topLevelItem(1)
    dialog.pages.expandItem(item)
    dialog.pages.setCurrentItem(item.child(0))
    yield from painted(window, dialog)
    save(dialog, folder / f"summary{end}")
    dialog.reject()
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    decks.reject()
    show_live(window, kind="questions", questions=3, since=time.time() - 300)
    assert mw.pm.profile is not None
    mw.pm.profile["ankivault"]["live"] = True  # what the card says; no run begins
    home: Any = yield from open_home(window)
    home.resize(*SIZE)
    home.page("Overview").vault.questions.setFocus()
    yield from painted(window, home)
    save(home, folder / f"home{end}")
    page = home.go_to("Help")
    page.go_to("two-way#edit-a-note")
    yield from painted(window, home)
    save(home, folder / f"help{end}")
    home.go_to("Overview")
    home.reject()
    window.press(window.menu_action(*MENU, "Report a Problem…"))
    dialog = yield from window.dialog("Ankivault: Report a Problem")
    yield from window.until(dialog.copy_button.isEnabled, "the report")
    dialog.resize(760, 480)
    yield from painted(window, dialog)
    save(dialog, folder / f"problem{end}")
    dialog.reject()


def take_activity_screenshots(
    window: Window, target: str, settings: dict[str, Any], night: bool = False
) -> Steps[None]:
    """Home with Activity, after some runs that went both ways; and what Bring Back… shows."""
    folder, end = Path(target), "-night.png" if night else ".png"
    vault = Path(settings["vault_folder"]).expanduser()
    yield from window.ready()
    mw = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    write_settings(window, settings)
    yield from press_sync_now(window)
    edit_note(window, "stop codon", "What do the three stop codons look like?")
    yield from press_sync_now(window)
    for name, old, new in (
        ("Which bases pair in DNA", "A with T, and G with C.", "A with C."),
        ("el gato", "the cat", "the tomcat"),
    ):
        (file,) = vault.rglob(f"{name}*.md")
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    yield from press_sync_now(window)
    page: Any = yield from open_activity(window)
    page.window().resize(*SIZE)
    item = page.tree.topLevelItem(0)
    page.tree.expandItem(item)
    yield from settled(window, page)
    page.tree.setCurrentItem(item.child(0))
    yield from settled(window, page)
    yield from read_sides(window, page.texts, "<del>")
    yield from painted(window, page.window())
    save(page.window(), folder / f"activity{end}")
    window.press(page.back)
    dialog: Any = yield from window.dialog("Ankivault: Bring Back")
    yield from read_sides(window, dialog.texts, "<ins>")
    yield from painted(window, dialog)
    save(dialog, folder / f"bring-back{end}")
    dialog.reject()
    page.window().reject()


def take_deck_screenshots(
    window: Window, target: str, file: str, night: bool = False
) -> Steps[None]:
    """The list of TOML decks, and the preview of one with an edit on each side and a conflict."""
    folder, end = Path(target), "-night.png" if night else ".png"
    yield from window.ready()
    mw, col = window.mw, window.mw.col
    assert col is not None
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    decks: Any = yield from link(window, file)
    yield from press_and_wait(window, decks.sync_button)
    edit_both_sides(window, Path(file))
    decks.refresh()
    decks.resize(980, 260)
    yield from painted(window, decks)
    save(decks, folder / f"decks{end}")
    dialog: Any = yield from open_preview(window, decks)
    dialog.resize(980, 640)
    dialog.splitter.setSizes([190, 260])
    choose_row(dialog, "la tortuga")
    yield from painted(window, dialog)
    yield from read_dom(window, dialog, "<ins>")
    yield from painted(window, dialog)
    save(dialog, folder / f"deck-preview{end}")
    dialog.reject()
    window.press(decks.new_button)
    dialog = yield from window.dialog("Export Deck as TOML")
    (item,) = dialog.deck.tree.findItems("Biology", Qt.MatchFlag.MatchExactly)
    dialog.deck.tree.setCurrentItem(item)
    dialog.file.setText("~/biology.toml")
    dialog.fields.topLevelItem(0).child(1).setCheckState(0, Qt.CheckState.Checked)
    yield from painted(window, dialog)
    save(dialog, folder / f"deck-export{end}")
    dialog.reject()
    decks.reject()


def take_source_screenshots(
    window: Window,
    target: str,
    addresses: list[str],
    file: str,
    theirs: dict[str, str],
    service: dict[str, str],
    night: bool = False,
) -> Steps[None]:
    """Subscribe, the list of sources, the preview of an update, and the options."""
    folder, end = Path(target), "-night.png" if night else ".png"
    use_service(service)
    yield from window.ready()
    window.mw.setGeometry(0, 0, *SIZE)
    window.mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    sources: Any = yield from open_sources(window)
    yield from subscribe(window, sources, addresses[1])
    looked = yield from look_at(window, sources, addresses[0])
    dialog: Any = looked["dialog"]
    dialog.resize(600, 330)
    dialog.address.setText(ON_THE_WEB.format("animals"))
    yield from painted(window, dialog)
    save(dialog, folder / f"subscribe{end}")
    yield from press_and_wait(window, dialog.subscribe_button)
    yield from press_and_wait(window, sources.all_button)
    edit_words(window, {"la tortuga": "the tortoise, slow", "el perro": "the dog, the hound"})
    change_file(file, theirs)
    sources.choose(sources._sources[0].key)
    dialog = yield from open_source_preview(window, sources)
    dialog.resize(980, 560)
    dialog.splitter.setSizes([130, 260])
    choose_row(dialog, "la tortuga")
    yield from painted(window, dialog)
    save(dialog, folder / f"source-preview{end}")
    dialog.reject()
    yield from press_and_wait(window, sources.update_button)
    for row, name in enumerate(("animals", "trees")):
        sources.list.topLevelItem(row).setText(3, ON_THE_WEB.format(name))
    sources.resize(1000, 250)
    yield from painted(window, sources)
    save(sources, folder / f"sources{end}")
    window.press(sources.options_button)
    dialog = yield from window.dialog("Ankivault: Options of")
    dialog.resize(560, 330)
    dialog.fields.topLevelItem(0).child(2).setCheckState(0, Qt.CheckState.Checked)
    yield from painted(window, dialog)
    save(dialog, folder / f"source-options{end}")
    dialog.reject()
    sources.reject()
    yield from take_rember_menu(window, folder / f"rember-menu{end}")


def take_rember_menu(window: Window, file: Path) -> Steps[None]:
    """The submenu of Rember, in the menu Ankivault."""
    mw = window.mw
    mw.setGeometry(0, 0, 620, 380)
    yield from painted(window, mw)
    entry = window.menu_action(*MENU, "Rember")
    menu = window.menu_action(*MENU).menu()
    below = entry.menu()
    assert menu is not None and below is not None
    menu.popup(mw.mapToGlobal(QPoint(120, 30)))
    menu.setActiveAction(entry)
    yield from painted(window, menu)
    below.popup(menu.mapToGlobal(menu.actionGeometry(entry).topRight()))
    below.setActiveAction(below.actions()[3])
    yield from painted(window, below)
    save(mw, file)
    below.close()
    menu.close()


def take_two_way_screenshots(
    window: Window, target: str, settings: dict[str, Any], night: bool = False
) -> Steps[None]:
    """The preview of a week in which pages and notes were edited: a conflict, and an edit."""
    folder, end = Path(target), "-night.png" if night else ".png"
    yield from window.ready()
    window.mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    write_settings(window, {**settings, "two_way": True})
    yield from press_sync_now(window)
    spend_a_week(window, Path(settings["vault_folder"]).expanduser())
    dialog: Any = yield from open_vault_preview(window)
    dialog.resize(*SIZE)
    dialog.list.splitter.setSizes([230, 330])
    for page, change, name in (
        ("Which organelle", "conflict", "two-way-conflict"),
        ("Water moves", "edit note", "two-way-edit"),
    ):
        yield from choose_change(window, dialog, page=page, change=change)
        if name == "two-way-conflict":
            yield from press_answer(window, dialog, "Both", len(dialog._listing.plan.questions) - 1)
            yield from choose_change(window, dialog, page=page, change=change)
        yield from painted(window, dialog)
        save(dialog, folder / f"{name}{end}")
    dialog.accept()


def spend_a_week(window: Window, vault: Path) -> None:
    """Edit pages, and one of them in Anki as well."""
    col = window.mw.col
    assert col is not None
    edit_page(
        vault, "Which bases pair*.md", "Which bases pair in DNA", "Which bases pair up in DNA"
    )
    edit_page(
        vault, "Water moves*.md", "dissolved matter", "==dissolved matter== on the other side"
    )
    edit_page(
        vault,
        "Which organelle*.md",
        "The *mitochondrion*.",
        "The *mitochondrion*, in nearly all cells.",
    )
    edit_page(vault, "Name the phases*.md", "Telophase", "Telophase, the last")
    note = col.get_note(col.find_notes('"Back:*Telophase*"')[0])
    note["Back"] = note["Back"].replace("Telophase", "Telophase and cytokinesis")
    col.update_note(note)
    note = col.get_note(col.find_notes('"Front:Which organelle*"')[0])
    note["Back"] = note["Back"].replace("mitochondrion</i>", "mitochondrion</i>, by respiration")
    col.update_note(note)
    next(vault.rglob("el perro_*.md")).unlink()
    page = next(vault.rglob("el gato_*.md"))
    copy = page.read_text(encoding="utf-8").replace("el gato", "la gata")
    page.with_name("el gato, again.md").write_text(copy, encoding="utf-8")
    new = "---\nanki_note_type: Basic\ntags: [history]\n---\n## Front\nWho found penicillin?\n\n"
    new += "## Back\n*Alexander Fleming*, in 1928.\n"
    (vault / "Biology" / "Penicillin.md").write_text(new, encoding="utf-8")


def edit_both_sides(window: Window, file: Path) -> None:
    """What a week does to a deck that two programs edit."""
    col = window.mw.col
    assert col is not None
    for word, field, text in (
        ("la tortuga", "Example", "La tortuga <b>camina</b> muy despacio."),
        ("el perro", "English", "the dog, the hound"),
    ):
        note = col.get_note(col.find_notes(f'"Spanish:{word}"')[0])
        note[field] = text
        col.update_note(note)
    text = file.read_text(encoding="utf-8")
    text = text.replace("La tortuga es lenta.", "La tortuga es **muy** lenta.")
    text = text.replace('English = "the cow"', 'English = "the cow, cattle"')
    new = '\n[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"\n\n[notes.fields]\n'
    text += new + 'Spanish = "el pato"\nEnglish = "the duck"\nExample = "El **pato** nada."\n'
    file.write_text(text, encoding="utf-8")


def edit_page(folder: Path, pattern: str, old: str, new: str) -> None:
    """Change a page's managed part by hand."""
    (page,) = folder.rglob(pattern)
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(old, new), encoding="utf-8")


def take_first_start_screenshots(
    window: Window, target: str, vaults: list[str], night: bool = False
) -> Steps[None]:
    """Each step of the first start, and its end."""
    folder, end = Path(target), "-night.png" if night else ".png"
    write_vaults(vaults)
    yield from window.ready()
    mw = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(SIZE[0] - 5, SIZE[1] - 5)
    window.press(window.menu_action(*MENU, "Sync Now"))
    dialog: Any = yield from window.dialog("Ankivault: First Start")
    for number in range(5):
        yield from window.until(dialog.next_button.isEnabled, "the step to be ready")
        yield from painted(window, dialog)
        save(dialog, folder / f"first-start-{number + 1}{end}")
        window.press(dialog.next_button)
        if number < 4:
            yield from window.until(partial(has_left, dialog, number), "the next step")
            yield from window.idle()
    yield from window.closed(dialog)


def painted(window: Window, widget: QWidget) -> Steps[None]:
    """Wait until a window is on the screen and its web views had time to paint."""
    painted_at: list[bool] = []
    yield from window.until(widget.isVisible, "the window")
    QTimer.singleShot(SETTLE, lambda: painted_at.append(True))
    yield from window.until(lambda: painted_at, "the window to be painted")


def take_live_screenshots(
    window: Window, target: str, states: list[dict[str, Any]], night: bool = False
) -> Steps[None]:
    """Anki's toolbar with the sign of live mode in each state, one below the other."""
    yield from window.ready()
    mw, bar = window.mw, window.mw.toolbarWeb
    mw.setGeometry(0, 0, 620, 300)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(615, 295)
    yield from window.until(lambda: bar.height() == bar.web_height > 0, "the toolbar's height")
    cuts = []
    for state in states:
        show_live(window, **state)
        for _ in range(3):  # the mark of work comes after half a second
            yield from painted(window, bar)
        cuts.append(cut(bar))
    picture = QPixmap(cuts[0].width(), sum(one.height() for one in cuts))
    painter = QPainter(picture)
    for row, one in enumerate(cuts):
        painter.drawPixmap(0, row * one.height(), one)
    painter.end()
    if not picture.save(target, "PNG"):
        raise AssertionError(f"{target} could not be taken")


def save(widget: QWidget, file: Path) -> None:
    """Cut the part of the screen that a window covers."""
    if not cut(widget).save(str(file), "PNG"):
        raise AssertionError(f"{file} could not be taken")


def cut(widget: QWidget) -> QPixmap:
    """The part of the screen that a window, or a part of one, covers."""
    screen = QApplication.primaryScreen()
    assert screen is not None
    area = widget.frameGeometry()
    if not widget.isWindow():
        area.moveTopLeft(widget.mapToGlobal(QPoint(0, 0)))
    return screen.grabWindow(sip.voidptr(0), area.x(), area.y(), area.width(), area.height())
