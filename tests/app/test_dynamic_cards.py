"""Dynamic notes' cards in real Anki: in the reviewer, the preview, and the card layout dialog."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ..sample.media import draw, tone
from .anki_app import AnkiApp, Played

PICTURE, SOUND, OTHER_SOUND = "a b#1 50%.png", "tone é.wav", "other.wav"
# What MathJax says of its own packages, and Anki's editor when it is closed while it loads.
OTHERS = ("No version information available for component", "saveNow is not defined")
EULER = (
    "euler",
    f'What is \\(e^{{i\\pi}}\\)?<img src="{PICTURE}">[sound:{SOUND}]',
    "<script>window.evil = 1</script><p>It is</p>\\[e^{i\\pi} = -1\\]"
    "<pre><code>cmath.exp(1j * cmath.pi)  # \\(no\\)</code></pre>",
)
CAT = ("cat", "el gato", f"the cat [sound:{OTHER_SOUND}] [sound:{SOUND}]")
PLAIN = ("plain", "Neither formula nor sound", "None")


def note(*cards: tuple[str, str, str], text: str = "", link: str = "") -> dict[str, Any]:
    return {"cards": cards, "note": text, "link": link}


@pytest.fixture
def media(tmp_path: Path) -> dict[str, str]:
    files = {
        PICTURE: draw(120, 80, lambda x, y: (200, 90, 60)),
        SOUND: tone(440.0),
        OTHER_SOUND: tone(330.0),
    }
    folder = tmp_path / "files"
    folder.mkdir()
    for number, data in enumerate(files.values()):
        (folder / str(number)).write_bytes(data)
    return {name: str(folder / str(number)) for number, name in enumerate(files)}


def review(anki: AnkiApp, media: Mapping[str, str], **how: Any) -> Played:
    notes = [
        note(EULER, CAT, PLAIN, text="About \\(e\\)", link="https://example.com/e"),
        note(PLAIN, ("more", "\\(x\\) <b>again</b>", "\\(y\\)")),
    ]
    return anki.play(
        "review_cards", notes=notes, media=media, **{"night": False, "folder": "", **how}
    )


def assert_silent(played: Played) -> None:
    """The pages had no error to tell."""
    told = [line for line in played.log.splitlines() if line.startswith("JS ")]
    assert [line for line in told if not any(words in line for words in OTHERS)] == []


def test_cards_in_the_reviewer(any_anki: AnkiApp, media: dict[str, str]) -> None:
    """Card after card: each side whole, typeset once, with its own sounds and no others."""
    played = review(any_anki, media)

    sides = played.value["sides"]
    assert [side["side"] for side in sides] == ["front", "back"] * 5
    assert sorted(side["card"] for side in sides[::2]) == [f"Card {n}" for n in (1, 1, 2, 2, 3)]
    (euler, euler_back), (cat, cat_back), (more, more_back) = (
        [side for side in sides if side["front"].endswith(front)]
        for front in ("?", "el gato", "again")
    )
    assert [side["formulas"] for side in (euler, euler_back, more, more_back)] == [1, 2, 1, 2]
    assert [side["pictures"] for side in (euler, euler_back, cat)] == [[120], [120], []]
    assert all(side["nested"] == 0 and side["globals"] == [] for side in sides)
    assert euler["front"].startswith("What is") and euler["answer"] == 0  # how many there are
    assert euler_back["front"] == euler["front"] and "# \\(no\\)" in euler_back["answer"]
    assert "About" not in euler["page"] and "example.com" not in euler["page"]
    assert "Note" in euler_back["more"] and "example.com/e" in euler_back["more"]
    assert (cat["front"], cat_back["answer"]) == ("el gato", "the cat")
    assert set(euler["played"]) == {SOUND} and euler_back["played"] == []
    assert (cat["played"], cat_back["played"]) == ([], [OTHER_SOUND, SOUND])
    assert euler_back["sounds"] == [f"Play {SOUND}"]
    assert cat_back["sounds"] == [f"Play {OTHER_SOUND}", f"Play {SOUND}"]
    assert cat_back["asked"] == [OTHER_SOUND, SOUND]  # when their buttons are pressed
    assert_silent(played)


def test_cards_by_night(anki: AnkiApp, media: dict[str, str], tmp_path: Path) -> None:
    """Dark on light by day, light on dark by night, on every side."""
    for night in (False, True):
        folder = tmp_path / f"night {night}"
        folder.mkdir()
        assert_silent(review(anki, media, night=night, folder=str(folder)))
        pictures = [read_shades(file) for file in sorted(folder.glob("*.png"))]
        assert len(pictures) == 10
        for page, darkest, lightest in pictures:
            assert (page < 70 and lightest > 220) if night else (page > 200 and darkest < 60)


def read_shades(file: Path) -> tuple[int, int, int]:
    """Of a picture: the grey of most of it, its darkest and its lightest grey, from 0 to 255."""
    counts = Image.open(file).convert("L").histogram()
    shades = [shade for shade, count in enumerate(counts) if count]
    return counts.index(max(counts)), shades[0], shades[-1]


def test_cards_in_the_browser(any_anki: AnkiApp, media: dict[str, str]) -> None:
    """Its columns say what is on the cards; preview and card layout show them as the reviewer."""
    notes = [note(EULER, CAT, text="Text")]
    played = any_anki.play("preview_cards", notes=notes, media=media)

    assert sorted(played.value["rows"]) == [
        [
            "What is \\(e^{i\\pi}\\)? a b#1 50%.png tone é.wav",
            "It is\\[e^{i\\pi} = -1\\]cmath.exp(1j * cmath.pi)  # \\(no\\)",
        ],
        ["el gato", "the cat other.wav tone é.wav"],
    ]
    sides = played.value["sides"]
    assert [side["side"] for side in sides] == ["front", "back"] * 2
    assert [side["formulas"] for side in sides] == [1, 2, 1, 2]
    assert [side["pictures"] for side in sides] == [[120]] * 4
    assert_silent(played)


def test_the_renderer_is_there_whenever_anki_is(own_anki: AnkiApp) -> None:
    """Also where a media folder was cleaned up, or has the files of an older version."""
    own_anki.play("review_cards", notes=[note(PLAIN)], media={}, night=False, folder="")
    media = own_anki.profile_folder() / "collection.media"
    files = {file: file.read_bytes() for file in media.glob("_ankivault*")}
    script, style = sorted(files, key=lambda file: file.suffix, reverse=True)
    assert (script.suffix, style.suffix) == (".js", ".css")
    script.unlink()
    style.write_bytes(b"/* of an older version */")

    own_anki.play("look")

    assert {file: file.read_bytes() for file in media.glob("_ankivault*")} == files
