"""A dynamic note's card in a browser that knows nothing of Anki, as in AnkiDroid and AnkiMobile."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.model.note import Card, DynamicNote
from ankivault.model.notetype import CSS
from ankivault.sync.dynamic.notes import NewNote, create_notes

from ..sample.media import draw, tone
from .chromium import HASTY, READY, Browser, Chromium, Visit

PICTURE = "a b#1 50%.png"
SOUND = "tone é & more.wav"
ANSWER_SOUND = "answer.wav"
FRONT = (
    f'<p>What is \\(e^{{i\\pi}}\\)?</p><img src="{PICTURE}">[sound:{escape(SOUND)}]'
    "<pre><code>print('\\(no formula\\)')</code></pre>"
)
BACK = (
    f"<p>It is \\[-1\\] and [$]x^2[/$]</p><table><tr><td>a</td></tr></table>[sound:{ANSWER_SOUND}]"
)

FORMULAS = "document.querySelectorAll('#ankivault mjx-container').length || 'none'"
NESTED = "document.querySelectorAll('mjx-container mjx-container').length || 'none'"
WIDTHS = """(() => {
    const images = Array.from(document.images);
    return images.every((image) => image.complete) && images.map((image) => image.naturalWidth);
})()"""
TEXT = "document.getElementById('ankivault').innerText"
PLAYING = """(() => {
    const playing = Array.from(document.querySelectorAll("audio")).filter((one) => !one.paused);
    return playing.map((one) => decodeURIComponent(one.src.split("/").pop())).join() || "none";
})()"""


class Cards:
    """A collection whose cards are rendered by Anki, and shown by a bare browser."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.col = Collection(str(folder / "collection.anki2"))
        for name, data in (
            (PICTURE, draw(60, 40, lambda x, y: (90, 120, 200))),
            (SOUND, tone(440.0)),
            (ANSWER_SOUND, tone(330.0)),
        ):
            assert self.col.media.write_data(name, data) == name
        self.browser = Chromium(Path(self.col.media.dir()), browser)

    def add(self, *cards: Card, note: str = "", link: str = "") -> int:
        content = DynamicNote(note, cards, link)
        return create_notes(self.col, [NewNote(content, 1)]).note_ids[0]

    def render(self, note_id: int, side: str = "front", index: int = 0) -> str:
        card = self.col.get_note(note_id).cards()[index]
        html = card.question() if side == "front" else card.answer()
        return self.col.media.escape_media_filenames(html)

    def show(self, html: str, *steps: Any, **how: Any) -> Visit:
        visit = self.browser.show(html, CSS, READY, *steps, **how)
        assert visit.values[0] is True, visit
        return visit


@pytest.fixture
def cards(tmp_path: Path, browser: Browser) -> Iterator[Cards]:
    cards = Cards(tmp_path, browser)
    yield cards
    cards.col.close()


def test_both_sides_in_ankidroids_page(cards: Cards) -> None:
    note = cards.add(Card("one", FRONT, BACK), note="The \\(n\\)ote", link="https://example.com/x")
    whole = "document.getElementById('ankivault').textContent"
    steps = (FORMULAS, NESTED, WIDTHS, TEXT, "document.body.innerText", whole)

    front = cards.show(cards.render(note), *steps)
    back = cards.show(cards.render(note, "back"), *steps, "document.querySelector('a').href")

    _, formulas, nested, widths, text, page, whole = front.values
    assert "media folder" not in whole  # what is said where scripts do not run
    assert (formulas, nested, widths) == (1, "none", [60])
    assert "What is" in text and "print('\\(no formula\\)')" in text
    assert "[sound:" not in text
    assert "It is" not in page and "ote" not in page and "example.com" not in page
    _, formulas, nested, widths, text, page, _, link = back.values
    assert (formulas, nested, widths) == (3, "none", [60])
    assert text.index("What is") < text.index("It is")
    assert link == "https://example.com/x"
    for visit in (front, back):
        assert visit.console == []
        assert all(address.startswith(("file:", "data:")) for address in visit.requests)


def test_a_card_that_comes_after_the_page_was_typeset(cards: Cards) -> None:
    """Every formula is still typeset, and once."""
    note = cards.add(Card("one", FRONT, BACK))
    late = f"{FORMULAS} === 3 && document.querySelectorAll('mjx-container').length"

    visit = cards.show(cards.render(note, "back"), late, NESTED, page=HASTY)

    assert visit.values[1:] == [3, "none"]
    assert visit.console == []


def test_many_cards_in_one_page_leave_nothing_behind(cards: Cards) -> None:
    note = cards.add(Card("one", FRONT, BACK), Card("two", "Second [sound:answer.wav]", "2"))
    other = cards.render(note, "front", 1)
    literal = escape(other).replace("`", "&#96;").replace("\n", "&#10;")
    html = cards.render(note, "back") + f'<textarea hidden id="other">{literal}</textarea>'
    count = """(() => {
        const other = document.getElementById("other").value, one = content;
        window.listeners = 0;
        for (const target of [window, document, document.body]) {
            const add = target.addEventListener;
            target.addEventListener = function (...all) {
                window.listeners += 1;
                return add.apply(this, all);
            };
        }
        const known = Object.keys(window).length;
        (async () => {
            for (let i = 0; i < 40; i++) await show(i % 2 ? one : other);
            window.done = {
                listeners: window.listeners,
                globals: Object.keys(window).length - known,
                roots: document.querySelectorAll("#ankivault").length,
                fronts: document.querySelectorAll(".ankivault-front").length,
                answers: document.querySelectorAll(".ankivault-answer").length,
                sounds: document.querySelectorAll("#ankivault audio").length,
                head: document.head.children.length,
            };
        })();
        return true;
    })()"""
    head = "document.head.children.length"

    visit = cards.show(html, FORMULAS, head, count, "window.done", head, page=HASTY)

    done = visit.values[4]
    assert done["listeners"] == 0
    assert done["globals"] <= 1  # `done` itself is not there yet
    assert (done["roots"], done["fronts"], done["answers"], done["sounds"]) == (1, 1, 1, 2)
    assert done["head"] == visit.values[2]
    assert visit.console == []


def test_only_the_new_side_plays_by_itself(cards: Cards) -> None:
    note = cards.add(Card("one", FRONT, BACK), Card("two", "x[sound:answer.wav]", "y"))
    heard = "window.heard && window.heard.length && window.heard.join()"
    listen = """<script>
        window.heard = [];
        document.addEventListener("play", (event) => {
            window.heard.push(decodeURIComponent(event.target.src.split("/").pop()));
        }, true);
    </script>"""

    front = cards.show(listen + cards.render(note), heard, PLAYING, autoplay=True)
    back = cards.show(listen + cards.render(note, "back"), heard, autoplay=True)
    loaded = "Array.from(document.querySelectorAll('audio')).every(a => a.readyState > 0)"
    silent = cards.show(
        listen + cards.render(note), loaded, PLAYING, "window.heard.join() || 'nothing'"
    )

    assert front.values[1] == SOUND
    assert back.values[1] == ANSWER_SOUND
    assert silent.values[1:] == [True, "none", "nothing"]
    assert front.console == back.console == silent.console == []


def test_a_sound_is_played_from_the_keyboard_and_stops_with_its_card(cards: Cards) -> None:
    note = cards.add(Card("one", f"[sound:{escape(SOUND)}] or [sound:{ANSWER_SOUND}]?", "y"))
    loop = "document.querySelectorAll('audio').forEach(a => a.loop = true) || true"
    keep = "(window.audio = Array.from(document.querySelectorAll('audio'))) && true"

    visit = cards.show(
        cards.render(note),
        loop,
        keep,
        {"press": "Tab"},
        "document.activeElement.title",
        {"press": "Space"},
        f"{PLAYING} !== 'none' && {PLAYING}",
        "document.activeElement.title",
        {"press": "Tab"},
        {"press": "Space"},
        f"{PLAYING} !== {SOUND!r} && {PLAYING}",
        "(document.getElementById('content').innerHTML = '') === ''",
        "window.audio.every(a => a.paused)",
    )

    _, _, _, _, first, _, playing, pause, _, _, then, _, stopped = visit.values
    assert first == f"Play {SOUND}"
    assert playing == SOUND
    assert pause == f"Pause {SOUND}"
    assert then == ANSWER_SOUND
    assert stopped is True


def test_a_file_that_is_missing_says_so(cards: Cards) -> None:
    note = cards.add(Card("one", "A [sound:gone.mp3] B", "[sound:gone.mp4]"))
    said = "Array.from(document.querySelectorAll('.ankivault-missing'), (one) => one.innerText)"

    visit = cards.show(cards.render(note, "back"), f"{said}.length === 2 && {said}", TEXT)

    assert visit.values[1] == [
        f"{name} is missing, or cannot be played here" for name in ("gone.mp3", "gone.mp4")
    ]
    assert visit.values[2].startswith("A gone.mp3")


@pytest.mark.parametrize("side", ["front", "back"])
def test_a_note_that_cannot_be_read_says_so(cards: Cards, side: str) -> None:
    note = cards.col.get_note(cards.add(Card("one", "Ask", "Tell"), note="Context"))
    whole, field = note["Data"], note["Card 1"]
    said = {}
    for name, data, id_ in (
        ("damaged", whole[:-20], field),
        ("edited", "<div>" + whole.replace('"', "&quot;") + "</div>", field),
        ("no cards", "{}", field),
        ("null", "null", field),
        ("unknown", whole, "another &amp; <b>one</b>"),
    ):
        note["Data"], note["Card 1"] = data, id_
        cards.col.update_note(note)
        said[name] = cards.show(cards.render(note.id, side), TEXT).values[1]

    for name in ("damaged", "edited", "no cards", "null"):
        assert said[name].startswith("This note’s content cannot be read")
    assert said["unknown"].startswith("This note holds no card called “another & one”.")
    assert not any("Tell" in text for text in said.values())


def test_content_is_text_and_nothing_else(cards: Cards) -> None:
    """No script of it runs, and what looks like a template or a sound mark is as it was written."""
    shown = "</script>{{Card 1}}{{/Note}}<!--\u2028😀\"'\\u003c [[type:Note]] [anki:play:q:0]"
    front = escape(shown) + "<script>window.evil = 1</script><p>end</p>"
    note = cards.add(Card("one", front, f"<svg><script>window.evil = 1</script></svg>{front}"))

    visit = cards.show(cards.render(note, "back"), TEXT, "String(window.evil)", page=HASTY)

    assert visit.values[1].count(shown) == 2
    assert visit.values[1].endswith("end")
    assert visit.values[2] == "undefined"


def test_files_that_an_import_renamed(cards: Cards) -> None:
    note = cards.col.get_note(cards.add(Card("one", '<img src="old.png">[sound:old.wav]', "y")))
    assert 'src="old.png"' in note["Media"] and 'src="old.wav"' in note["Media"]
    note["Media"] = note["Media"].replace("old.png", PICTURE).replace("old.wav", escape(SOUND))
    cards.col.update_note(note)

    visit = cards.show(cards.render(note.id), WIDTHS, "document.querySelector('audio').duration")

    assert visit.values[1:] == [[60], 0.25]


def test_where_no_scripts_run_the_page_says_what_it_is(cards: Cards) -> None:
    note = cards.add(Card("one", FRONT, "Secret"), note="Context", link="https://example.com")
    front, back = (
        cards.browser.show(cards.render(note, side), CSS, {"read": "Card"}, scripts=False)
        for side in ("front", "back")
    )

    assert "Card “one”" in front.values[0] and "Context" not in front.values[0]
    assert "Card “one”" in back.values[0] and "https://example.com" in back.values[0]
    assert "\nNote\n" in back.values[0]  # to be unfolded
    assert "Secret" not in front.values[0] + back.values[0]


def test_night_is_legible(cards: Cards) -> None:
    """Text and quiet text stand out from the page and from code, by day and by night."""
    note = cards.add(Card("one", "<p>x</p><blockquote>q</blockquote>", "<pre>z</pre>"), note="n")
    colours = """(() => {
        const colour = (element, what) => getComputedStyle(element)[what];
        const find = (selector) => document.querySelector(selector);
        return [
            colour(find("#ankivault p"), "color"),
            colour(find("#ankivault blockquote"), "color"),
            colour(find(".ankivault-more"), "color"),
            colour(document.body, "backgroundColor"),
        ];
    })()"""
    for night in (False, True):
        seen = cards.show(cards.render(note, "back"), colours, night=night).values[1]
        *texts, page = (brightness(colour) for colour in seen)
        page = page if night else 1.0
        for text in texts:
            low, high = sorted((text, page))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (night, seen)  # WCAG 2, 1.4.3


def brightness(colour: str) -> float:
    """The relative luminance of a CSS colour, as https://www.w3.org/TR/WCAG22/ defines it."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
