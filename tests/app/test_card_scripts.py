"""A card shows text: whatever stands in it, nothing runs, and the words stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ankivault.model.note import Card

from .anki_app import AnkiApp
from .chromium import Browser
from .scripts_in_cards import STYLES, number
from .test_card_page import Cards

# Shows every card of a note in one page, as the page shows one after the other.
SHOW_ALL = """(() => {
    const root = () => document.getElementById("ankivault");
    const tick = (time) => new Promise((done) => setTimeout(done, time));
    const seen = (window.seen = []);
    window.done = false;
    (async () => {
        const data = document.getElementById("ankivault-data");
        for (const { id } of JSON.parse(data.textContent).cards) {
            root().innerHTML = '<span id="ankivault-id"></span>';
            document.getElementById("ankivault-id").textContent = id;
            const script = document.createElement("script");
            script.src = "_ankivault_0_1_0.js";
            const loaded = new Promise((done) => (script.onload = done));
            document.body.append(script);
            await loaded;
            for (const one of root().querySelectorAll(".try, .try *, details, video, audio")) {
                for (const kind of ["click", "mouseover", "focus", "input", "toggle"]) {
                    one.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
                }
            }
            await tick(30);
            const front = root().querySelector(".ankivault-front");
            seen.push({
                text: root().innerText,
                html: root().innerHTML,
                fixed: Array.from(root().querySelectorAll("*")).filter((one) =>
                    /fixed|sticky/.test(getComputedStyle(one).position)).length,
                within: front !== null && root().children.length === 1,
            });
        }
        window.done = true;
    })();
    return true;
})()"""


@pytest.fixture
def cards(tmp_path: Path, browser: Browser) -> Iterator[Cards]:
    cards = Cards(tmp_path, browser)
    yield cards
    cards.col.close()


def see_all(cards: Cards, fronts: list[str]) -> tuple[list[dict[str, Any]], list[int], Any]:
    """What a bare Chromium shows of each front, which of them ran something, and the visit."""
    many = [Card(f"c{n}", front, "") for n, front in enumerate(fronts)]
    note = cards.add(Card("first", "first", ""), *many)
    html = "<script>window.hits = []; window.hit = (n) => hits.push(n);</script>"
    steps = (SHOW_ALL, "window.done", "JSON.stringify([seen, hits])")
    visit = cards.show(html + cards.render(note), *steps)
    seen, hits = json.loads(visit.values[3])
    return seen[1:], hits, visit


def test_nothing_in_a_card_runs_and_its_words_stay(cards: Cards) -> None:
    fronts = number()

    seen, hits, visit = see_all(cards, fronts)

    assert [fronts[n] for n in hits] == []
    lost = [f for f, s in zip(fronts, seen) if "kept" not in s["text"] or not s["within"]]
    assert lost == []
    assert visit.console == []
    forbidden = ("javascript:", "onerror=", "onload=", "<script", "<iframe", "<style", "<form")
    for front, shown in zip(fronts, seen):
        if "\\href" in front:  # the page's own typesetter made that link
            continue
        kept = [word for word in forbidden if word in shown["html"].lower()]
        plain = all(f"&lt;{word.strip('<')}" in shown["html"] or word[0] != "<" for word in kept)
        assert not kept or ("&lt;" in shown["html"] and plain), front


def test_no_style_lies_over_the_page_or_asks_the_network(cards: Cards) -> None:
    fronts = [f'<p style="{style};color:red">kept</p>' for style in STYLES]

    seen, _, visit = see_all(cards, fronts)

    assert [s["text"].strip() for s in seen] == ["kept"] * len(STYLES)
    assert all("color: red" in s["html"] for s in seen)
    assert [s["fixed"] for s in seen] == [0] * len(STYLES)
    assert not [address for address in visit.requests if "evil" in address]
    assert visit.console == []


KEPT = {
    "formatting": "<b>a</b><i>b</i><u>c</u><s>d</s><sub>e</sub><sup>f</sup><mark>g</mark>"
    "<kbd>h</kbd>",
    "font": '<font color="#ff0000" size="5" face="serif">a</font><center>b</center>',
    "style": '<span style="color: rgb(255, 0, 0); font-size: 20px;">a</span>',
    "overlay": '<div style="position: relative;"><i style="position: absolute; top: 1px;">a</i>'
    "</div>",
    "ruby": "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
    "table": '<table border="1"><thead><tr><th align="right">a</th></tr></thead>'
    '<tbody><tr><td colspan="2" style="text-align: center;">b</td></tr></tbody></table>',
    "lists": '<ol start="3" type="a"><li value="5">a</li></ol><ul><li>b</li></ul><dl><dt>c</dt>'
    "<dd>d</dd></dl>",
    "task": '<ul><li><input type="checkbox" checked="" disabled="">a</li></ul>',
    "callout": '<div class="callout" data-callout="tip" data-fold="+" style="border-color: red;">'
    '<div class="callout-title">Tip</div><p>a</p></div>',
    "details": '<details open=""><summary>a</summary>b</details>',
    "code": '<pre><code class="language-js">a &lt;b&gt;</code></pre>',
    "quote": '<blockquote cite="x" dir="rtl" lang="he">a</blockquote>',
    "picture": '<img src="a%20b.png" alt="b" width="20" height="10" title="c">',
    "sizes": '<picture><source srcset="b.png" media="(min-width: 1px)"><img src="a.png"></picture>',
    "film": '<video src="a.mp4" controls="" poster="a.png" playsinline=""></video>'
    '<audio controls="" src="a.mp3"></audio>',
    "links": '<a href="https://ex.org/">a</a><a href="obsidian://open?vault=v">b</a>'
    '<a href="mailto:a@ex.org">c</a><a href="zotero://select/x">d</a>',
    "maths": '<math display="block"><semantics><mfrac><mi>a</mi><mi>b</mi></mfrac>'
    '<annotation encoding="application/x-tex">\\frac ab</annotation></semantics></math>',
    "drawing": '<svg viewBox="0 0 10 10" width="10"><path d="M0 0L5 5" stroke="red"></path>'
    '<text x="1" y="2">a</text><g transform="scale(2)"><circle r="3" fill="#0f0"></circle></g>'
    "</svg>",
}


def test_what_a_person_writes_stays_as_it_is(cards: Cards) -> None:
    """To the attribute, in the browser's own spelling."""
    seen, _, visit = see_all(cards, list(KEPT.values()))

    start, end = '<div class="ankivault-front" dir="auto">', "</div>"
    shown = [s["html"][len(start) : -len(end)] for s in seen]
    assert dict(zip(KEPT, shown)) == KEPT
    assert [line for line in visit.console if "ERR_FILE_NOT_FOUND" not in line] == []


def test_names_in_a_card_lead_to_its_own_parts(cards: Cards) -> None:
    """A footnote finds its text, a drawing its colours; nothing finds what is the page's."""
    fronts = [
        '<sup><a href="#fn1">1</a></sup><p id="fn1">foot</p>',
        '<svg viewBox="0 0 9 9"><defs><linearGradient id="qa"></linearGradient><path id="p" d=""/>'
        '</defs><rect fill="url(#qa)"/><use href="#p"/><use xlink:href="#p"/></svg>',
        '<img src="a.png" usemap="#m"><map name="m"><area href="https://ex.org/"></map>',
    ]

    seen, _, _ = see_all(cards, fronts)

    own = "ankivault-own-"
    assert f'href="#{own}fn1"' in seen[0]["html"] and f'id="{own}fn1"' in seen[0]["html"]
    assert f'fill="url(#{own}qa)"' in seen[1]["html"] and f'id="{own}qa"' in seen[1]["html"]
    assert seen[1]["html"].count(f'href="#{own}p"') == 2
    assert f'usemap="#{own}m"' in seen[2]["html"] and f'name="{own}m"' in seen[2]["html"]


def test_a_frame_becomes_a_link(cards: Cards) -> None:
    frames = [
        '<iframe src="https://video.test/x?y=1&amp;z">text</iframe>',
        '<object data="paper.pdf">words</object>',
        '<embed src="paper.pdf">',
    ]
    seen, _, visit = see_all(cards, frames)

    assert '<a href="https://video.test/x?y=1&amp;z">video.test/x?y=1&amp;z</a>' in seen[0]["html"]
    assert seen[1]["text"].strip().replace("\n", "") in ("paper.pdfwords",)
    assert '<a href="paper.pdf">paper.pdf</a>' in seen[2]["html"]
    assert not [address for address in visit.requests if "video.test" in address]


def test_nothing_in_a_card_runs_in_ankis_window(any_anki: AnkiApp) -> None:
    """In the reviewer and in the dynamic window's preview, the note's own text and link too."""
    fronts = number()

    seen = any_anki.play("try_scripts", fronts=fronts).value

    assert [(where, fronts[n]) for where, n in seen["hits"]] == []
    assert [fronts[n] for n in seen["lost"]] == []
    assert seen["previewed"] == len(fronts)
    assert seen["broken_out"] == 0
    for part in ("note", "link"):
        assert "kept" in seen[part] and "onerror" not in seen[part]
    assert "pycmd('play:a:" in seen["note"], "the sound of the note's text cannot be played"
