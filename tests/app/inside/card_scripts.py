"""What is done with dynamic notes' cards in Anki's window."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from typing import Any, Optional

import aqt
import aqt.clayout
import aqt.theme
from anki.decks import DeckId
from anki.sound import AVTag, SoundOrVideoTag
from aqt.qt import QCursor, QTimer
from aqt.sound import OnDoneCallback, Player, av_player
from pictures import SIZE, painted, save
from PyQt6 import sip
from window import Steps, Window

PICTURED = (760, 712)
LOST = 2.0  # seconds after which a page that was left will not answer any more
# What is to be known of a card on the screen. No formula is left, and none stands in another.
FACTS = """
(() => {
    const root = document.getElementById("ankivault");
    const qa = document.getElementById("qa");
    if (!root || root.dataset.side !== "SIDE" || root.dataset.told) return null;
    if (qa.style.opacity !== "1") return null;
    if (Array.from(document.images).some((image) => !image.complete)) return null;
    root.dataset.told = true;
    const side = (name) => {
        const found = qa.querySelectorAll(".ankivault-" + name);
        return found.length === 1 ? found[0].innerText.trim() : found.length;
    };
    return {
        side: root.dataset.side,
        front: side("front"),
        answer: side("answer"),
        page: qa.innerText,
        formulas: root.querySelectorAll("mjx-container").length,
        nested: root.querySelectorAll("mjx-container mjx-container").length,
        pictures: Array.from(root.querySelectorAll("img")).map((image) => image.naturalWidth),
        sounds: Array.from(root.querySelectorAll("button")).map((button) => button.title),
        globals: Object.keys(window).filter((name) => /ankivault|evil/i.test(name)),
        more: Array.from(qa.querySelectorAll(".ankivault-more"), (more) => more.innerText).join(),
    };
})()
"""
# What came of a card that tries to run something, some time after it was shown.
TRIED = """
(() => {
    if (!window.triedAt || window.tried !== document.getElementById("ankivault")) {
        window.triedAt = performance.now();
        window.tried = document.getElementById("ankivault");
        for (const one of window.tried.querySelectorAll(".try, .try *")) {
            for (const kind of ["click", "mouseover", "focus"]) {
                one.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
            }
        }
    }
    if (performance.now() - window.triedAt < 60) return null;
    const part = (name) => {
        const found = document.querySelector(name);
        return found ? found.outerHTML : "";
    };
    return {
        hits: window.hits.splice(0),
        kept: document.getElementById("ankivault").innerText.split("kept").length - 1,
        note: part(".ankivault-note"),
        link: part(".ankivault-link"),
    };
})()
"""
PRESS_ALL = "document.querySelectorAll('#ankivault button').forEach((one) => one.click())"


def review_cards(
    window: Window, notes: list[dict[str, Any]], media: dict[str, str], night: bool, folder: str
) -> Steps[dict[str, Any]]:
    """Review every card of these notes; what each side showed, and a picture of it."""
    yield from window.ready()
    mw = window.mw
    mw.setGeometry(0, 0, *SIZE)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    add_notes(window, notes, media)
    played = listen()
    mw.moveToState("review")
    seen: list[dict[str, Any]] = []
    while mw.state == "review" and mw.reviewer.card:
        for side in ("front", "back"):
            if side == "back":
                mw.reviewer._showAnswer()
            yield from drawn(window)
            facts = yield from look_at(window, mw.web, side)
            facts["card"] = mw.reviewer.card.template()["name"]
            facts["played"] = played[:]
            played.clear()
            mw.web.eval(PRESS_ALL)
            yield from heard(window, played, len(facts["sounds"]))
            facts["asked"] = played[:]
            played.clear()
            if folder:
                yield from take(window, mw.web, Path(folder, f"{len(seen)}{'n' * night}.png"))
            seen.append(facts)
        yield from answer(window)
    yield from window.idle()
    return {"sides": seen}


def try_scripts(window: Window, fronts: list[str]) -> Steps[dict[str, Any]]:
    """Show cards with scripts in them in the reviewer and in the dynamic window's preview."""
    yield from window.ready()
    mw: Any = window.mw
    cards = [(f"c{n}", front, f"<p>{front}</p>") for n, front in enumerate(fronts)]
    bad = "kept<img src=x onerror=hit(-1)>"
    marks = f'</script>\n<script src="_ankivault_0_1_0.js"></script>\n{bad}'
    note = {"cards": cards, "note": f"{bad}[sound:a.mp3]", "link": bad + marks}
    add_notes(window, [note], {}, autoplay=False)
    note_id = mw.col.find_notes("deck:Dynamic")[0]
    mw.moveToState("review")
    yield from drawn(window)
    hear = "window.hits = []; window.hit = (n) => hits.push(n);"
    mw.web.eval(hear)
    seen: dict[str, Any] = {"hits": [], "lost": []}
    for n, card_id in enumerate(mw.col.card_ids_of_note(note_id)):
        mw.reviewer.card = mw.col.get_card(card_id)
        mw.reviewer.card.start_timer()
        mw.reviewer._showQuestion()
        mw.reviewer._showAnswer()
        yield from drawn(window)
        facts = yield from ask(window, mw.web, TRIED)
        seen["hits"] += [["reviewer", hit] for hit in facts["hits"]]
        seen["lost"] += [n] if facts["kept"] < 2 else []
        seen["note"], seen["link"] = facts["note"], facts["link"]
    seen["previewed"] = yield from preview_scripts(window, note_id, cards, seen["hits"])
    broken = mw.col.get_note(note_id)
    broken["Data"] = "</script>" + bad + broken["Data"]
    broken["Media"] += "</script>" + bad
    broken["Card 1"] = "c0" + bad
    mw.col.update_note(broken)
    mw.reviewer.card = mw.col.get_card(mw.col.card_ids_of_note(note_id)[0])
    mw.reviewer.card.start_timer()
    mw.reviewer._showQuestion()
    yield from drawn(window)
    seen["broken_out"] = len((yield from ask(window, mw.web, TRIED))["hits"])
    mw.moveToState("deckBrowser")
    yield from window.idle()
    return seen


def preview_scripts(
    window: Window, note_id: int, cards: list[tuple[str, str, str]], hits: list[Any]
) -> Steps[int]:
    """Show these cards in the preview of the dynamic window; how many there were."""
    mw: Any = window.mw
    model = importlib.import_module("ankivault.model.note")
    edit = importlib.import_module("ankivault.ui.dynamic.open_editor").edit_note
    edit(mw, note_id, mw)
    dialog: Any = yield from window.dialog("Edit Dynamic Note")
    yield from window.until(lambda: not dialog._rest.isActive(), "the first preview")
    web = dialog.preview.web
    web.eval("window.hits = []; window.hit = (n) => hits.push(n);")
    dialog.preview.side.setCurrentIndex(1)
    for card in cards:
        dialog.preview.show_card("kept<img src=x onerror=hit(-2)>", model.Card(*card), "")
        web.eval("window.drawn = false; _queueAction(() => { window.drawn = true; });")
        yield from ask(window, web, "window.drawn || null")
    facts = yield from ask(window, web, TRIED)
    hits += [["preview", hit] for hit in facts["hits"]]
    dialog._leave()
    return len(cards)


def take_card_screenshots(
    window: Window, note: dict[str, Any], media: dict[str, str], night: bool, target: str
) -> Steps[None]:
    """Front and back of a note's first card in the reviewer."""
    yield from window.ready()
    mw: Any = window.mw
    mw.setGeometry(0, 0, *PICTURED)
    mw.set_theme(aqt.theme.Theme.DARK if night else aqt.theme.Theme.LIGHT)
    QCursor.setPos(PICTURED[0] + 50, PICTURED[1] + 50)
    add_notes(window, [note], media, autoplay=False)
    mw.moveToState("review")
    for side in ("front", "back"):
        if side == "back":
            mw.reviewer._showAnswer()
        yield from drawn(window)
        yield from look_at(window, mw.web, side)
        yield from painted(window, mw)
        save(mw, Path(target, f"dynamic-card-{side}{'-night' * night}.png"))
    window.mw.col.remove_notes(window.mw.col.find_notes("deck:Dynamic"))


def look_at(window: Window, web: Any, side: str) -> Steps[dict[str, Any]]:
    """The facts of a side, once it is shown."""
    facts: dict[str, Any] = yield from ask(window, web, FACTS.replace("SIDE", side))
    return facts


def drawn(window: Window) -> Steps[None]:
    """Wait until the reviewer's page has drawn all it was told to: Anki may draw a card twice."""
    web = window.mw.web
    web.eval("window.drawn = false; _queueAction(() => { window.drawn = true; });")
    yield from ask(window, web, "window.drawn || null")


class Listener(Player):
    """A player for all that Anki plays, which only writes down what it is asked for."""

    def __init__(self) -> None:
        self.played: list[str] = []

    def rank_for_tag(self, tag: AVTag) -> Optional[int]:
        return 1000

    def play(self, tag: AVTag, on_done: OnDoneCallback) -> None:
        assert isinstance(tag, SoundOrVideoTag)
        self.played.append(tag.filename)
        on_done()

    def stop(self) -> None:
        pass


def listen() -> list[str]:
    """A list of the sounds that Anki plays from now on."""
    listener = Listener()
    av_player.players.append(listener)
    return listener.played


def heard(window: Window, played: list[str], count: int) -> Steps[None]:
    """Wait until so many sounds were asked for."""
    yield from window.until(lambda: len(played) >= count, f"{count} sounds")


def preview_cards(
    window: Window, notes: list[dict[str, Any]], media: dict[str, str]
) -> Steps[dict[str, Any]]:
    """The same cards in the browser: its columns, its preview, and the card layout dialog."""
    yield from window.ready()
    listen()
    add_notes(window, notes, media)
    window.mw.col.set_config("activeCols", ["question", "answer", "noteFld"])
    browser: Any = aqt.dialogs.open("Browser", window.mw, search=("deck:Dynamic",))
    rows = yield from window.until(lambda: read_rows(browser), "the browser's rows")
    browser.table.select_all()
    browser.table.to_first_row()
    yield from window.until(
        lambda: getattr(browser, "singleCard", False) and browser.card, "the first card"
    )
    browser.onTogglePreview()
    preview: Any = yield from window.until(lambda: browser._previewer, "the preview")
    front = yield from look_at(window, preview._web, "front")
    preview._on_next()
    back = yield from look_at(window, preview._web, "back")
    preview.close()
    note = browser.table.get_current_card().note()
    layout: Any = aqt.clayout.CardLayout(window.mw, note, ord=0, parent=browser)
    laid_front = yield from look_at(window, layout.preview_web, "front")
    layout.pform.preview_back.click()
    laid_back = yield from look_at(window, layout.preview_web, "back")
    layout.reject()
    yield from close_browser(window, browser)
    return {"rows": rows, "sides": [front, back, laid_front, laid_back]}


def read_rows(browser: Any) -> list[list[str]]:
    """The texts of the first two columns, once all are there."""
    model = browser.table._model
    rows = [
        [model.get_row(model.index(row, 0)).cells[column].text for column in (0, 1)]
        for row in range(model.len_rows())
    ]
    return [] if ["..."] * 2 in rows else rows


def close_browser(window: Window, browser: Any) -> Steps[None]:
    """Close the browser, and wait until its editor has saved the note that it showed."""
    browser.close()
    yield from window.until(lambda: sip.isdeleted(browser), "the browser to close")
    yield from window.idle()


def answer(window: Window) -> Steps[None]:
    """Press Easy, and wait for the next card or the end."""
    reviewer = window.mw.reviewer
    assert reviewer.card is not None
    shown = reviewer.card.id
    reviewer._answerCard(4)
    yield from window.until(lambda: not reviewer.card or reviewer.card.id != shown, "the next card")


def add_notes(
    window: Window, notes: list[dict[str, Any]], media: dict[str, str], autoplay: bool = True
) -> None:
    """Dynamic notes in the deck that is reviewed next, as the add-on writes them."""
    col = window.mw.col
    assert col is not None
    model = importlib.import_module("ankivault.model.note")
    kind = importlib.import_module("ankivault.sync.collection.dynamic_type").ensure_notetype(col)
    importlib.import_module("ankivault.sync.collection.renderer").install_renderer(col)
    for name, source in media.items():
        Path(col.media.dir(), name).write_bytes(Path(source).read_bytes())
    deck = DeckId(col.decks.id("Dynamic") or 0)
    config = col.decks.config_dict_for_deck_id(deck)
    config["autoplay"] = autoplay
    config["new"]["perDay"] = 9999
    config["buryNew"] = config["new"]["bury"] = False
    col.decks.update_config(config)
    for fields in notes:
        cards = tuple(model.Card(*card) for card in fields["cards"])
        content = model.DynamicNote(fields["note"], cards, fields["link"])
        note = col.new_note(col.models.get(kind) or {})
        note.fields = list(model.write_fields((), content))
        col.add_note(note, deck)
    col.decks.set_current(deck)


def ask(window: Window, web: Any, script: str) -> Steps[Any]:
    """Wait until a JavaScript expression has a value that is not null; that value."""
    answers: list[Any] = []
    asked_at = [0.0]

    def hear(value: Any) -> None:
        asked_at[0] = 0.0
        if value is not None:
            answers.append(value)

    def look() -> Optional[list[Any]]:
        now = time.monotonic()
        if not answers and now - asked_at[0] > LOST:
            asked_at[0] = now
            web.page().runJavaScript(script, hear)
        return answers

    yield from window.until(look, "an answer from the page")
    return answers[0]


def take(window: Window, web: Any, file: Path) -> Steps[None]:
    """A picture of a web view."""
    web.grab()  # makes the page paint what it holds
    painted: list[bool] = []
    QTimer.singleShot(250, lambda: painted.append(True))
    yield from window.until(lambda: painted, "the page to be painted")
    if not web.grab().save(str(file), "PNG"):
        raise AssertionError(f"{file} could not be taken")
