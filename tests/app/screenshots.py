"""`make screenshots`: pictures of real windows, taken from the screen of a virtual display."""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from PIL import Image

from ..desks.rember_service import make_remb, serve_rember
from ..desks.web_server import serve
from ..sample.media import Colour, draw, tone
from .anki_app import FIRST_PROFILE, PACKAGE, AnkiApp

COLOURS = 128  # in a picture of a window
FOLDER = PACKAGE.parent / "screenshots"
DECK = """\
# The deck of the picture in the guide.
[package]
name = "Animals"

[[models]]
name = "Animal"
fields = ["Spanish", "English", "Example"]
sort_field = "Spanish"
markdown_fields = ["Example"]

[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"
back = "{{English}}<br>{{Example}}"

[[decks]]
name = "Spanish::Animals"
"""
NOTE = """
[[notes]]
deck = "Spanish::Animals"
model = "Animal"
tags = ["animal"]

[notes.fields]
Spanish = "{}"
English = "{}"
Example = "{}"
"""
ANIMALS = (
    ("el gato", "the cat", "El **gato** es negro."),
    ("el perro", "the dog", "El perro ladra."),
    ("la vaca", "the cow", "La vaca da leche."),
    ("la tortuga", "the tortoise", "La tortuga es lenta."),
)

CARD_NOTE = {
    "note": "Complex numbers as turns of the plane.",
    "link": "https://en.wikipedia.org/wiki/Euler's_identity",
    "cards": [
        (
            "euler",
            "<p>Where on the <b>unit circle</b> is \\(e^{i\\pi}\\)? [sound:euler.wav]</p>"
            '<img src="unit circle.png">',
            "<p>Half a turn from 1, so</p>\\[e^{i\\pi} + 1 = 0\\]"
            '<pre><code class="language-python">&gt;&gt;&gt; cmath.exp(1j * cmath.pi)\n'
            "(-1+1.2246467991473532e-16j)</code></pre>",
        ),
    ],
}

LIVE_STATES = [
    {"kind": "in step"},
    {"kind": "working"},
    {"kind": "questions", "questions": 3},
    {"kind": "trouble"},
    {"kind": "resting"},
]


def write_card_media(folder: Path) -> dict[str, str]:
    """The picture and the sound of the card: where each file is, by its name in Anki."""
    folder.mkdir(parents=True)
    made = {"unit circle.png": draw(420, 170, _unit_circle), "euler.wav": tone(440.0)}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return {name: str(folder / name) for name in made}


def _unit_circle(x: float, y: float) -> Colour:
    right, up = x * 2.96, y * 1.2
    distance = math.hypot(right, up)
    if math.hypot(right - 1, up) < 0.08:
        return (217, 119, 40)
    if abs(distance - 1) < 0.02 or (up > 0 and abs(distance - 0.3) < 0.016):
        return (47, 102, 200)
    if min(abs(right), abs(up)) < 0.01:
        return (150, 155, 165)
    return (250, 250, 248)


def main(target: Path) -> None:
    """Fill ``target`` with a PNG of each window, by day and night. Needs a display of its own."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    for night in (False, True):
        take_vault_screenshots(target, night=night)
        take_home_screenshots(target, night=night)
        take_activity_screenshots(target, night=night)
        take_first_start_screenshots(target, night=night)
        take_deck_screenshots(target, night=night)
        take_dynamic_screenshots(target, night=night)
        take_source_screenshots(target, night=night)
    take_live_screenshots(target)
    for picture in sorted(target.glob("*.png")):
        shrink(picture)
        print(picture)


def start_anki(name: str) -> tuple[AnkiApp, Path]:
    """An Anki of its own with the sample collection and a vault, and the folder of both.

    The vault is ``~/My Vault/Anki`` to it, as it is to a person.
    """
    base = FOLDER / name
    vault = base / "My Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    anki = AnkiApp(base / "anki", environment={"QT_QPA_PLATFORM": "xcb"})
    anki.add_sample_collection()
    anki.install()
    (base / "anki" / "home" / "My Vault").symlink_to(vault.parent)
    return anki, base


def take_vault_screenshots(target: Path, *, night: bool) -> None:
    """The menu, the settings, and the previews of a mirror and of a two-way vault."""
    anki, _ = start_anki("vault-night" if night else "vault-day")
    settings = {"vault_folder": str(Path("~/My Vault/Anki")), "live": False}
    for script, automatic in (("take_screenshots", True), ("take_two_way_screenshots", False)):
        anki.play(
            script,
            target=str(target.resolve()),
            settings={**settings, "before_ankiweb_sync": automatic},
            night=night,
        )


def take_deck_screenshots(target: Path, *, night: bool) -> None:
    """The windows of TOML decks."""
    anki, base = start_anki("deck-night" if night else "deck-day")
    deck = base / "animals.toml"
    deck.write_text(DECK + "".join(map(NOTE.format, *zip(*ANIMALS))), encoding="utf-8")
    anki.play("take_deck_screenshots", target=str(target.resolve()), file=str(deck), night=night)


def take_dynamic_screenshots(target: Path, *, night: bool) -> None:
    """A dynamic note's window, and a card of one in the reviewer."""
    anki, base = start_anki("dynamic-night" if night else "dynamic-day")
    where, media = str(target.resolve()), write_card_media(base / "media")
    anki.play("take_card_screenshots", note=CARD_NOTE, media=media, night=night, target=where)
    anki.play("take_dynamic_screenshots", target=where, night=night)


def shrink(picture: Path) -> None:
    """Store a picture with a palette, which a window needs no more than: the add-on carries it."""
    with Image.open(picture) as opened:
        if opened.mode == "P":
            return
        small = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


def take_home_screenshots(target: Path, *, night: bool) -> None:
    """Home, in an Anki with a vault and a TOML deck."""
    anki, base = start_anki("home-night" if night else "home-day")
    deck = base / "animals.toml"
    deck.write_text(DECK + "".join(map(NOTE.format, *zip(*ANIMALS))), encoding="utf-8")
    anki.play(
        "take_home_screenshots",
        target=str(target.resolve()),
        settings={"vault_folder": str(Path("~/My Vault/Anki")), "two_way": True, "live": False},
        file=str(deck),
        night=night,
    )


def take_activity_screenshots(target: Path, *, night: bool) -> None:
    """Home with Activity, in an Anki whose vault has had some runs."""
    anki, _ = start_anki("activity-night" if night else "activity-day")
    anki.play(
        "take_activity_screenshots",
        target=str(target.resolve()),
        settings={"vault_folder": str(Path("~/My Vault/Anki")), "two_way": True, "live": False},
        night=night,
    )


def take_first_start_screenshots(target: Path, *, night: bool) -> None:
    """The first start, with a vault in Obsidian's list."""
    base = FOLDER / ("start-night" if night else "start-day")
    anki = AnkiApp(base / "anki", environment={"QT_QPA_PLATFORM": "xcb"})
    anki.add_sample_collection()
    anki.install()
    with tempfile.TemporaryDirectory(prefix="ana-") as home:
        vaults = [str(Path(home, name)) for name in ("My Vault", "Work")]
        for vault in vaults:
            Path(vault, ".obsidian").mkdir(parents=True)
        where = str(target.resolve())
        anki.play("take_first_start_screenshots", target=where, vaults=vaults, night=night)


def take_source_screenshots(target: Path, *, night: bool) -> None:
    """The windows of sources, with a web server and a stand-in for Rember."""
    base = FOLDER / ("sources-night" if night else "sources")
    web = base / "web"
    web.mkdir(parents=True)
    about = 'author = "Ana López"\nversion = "1.3"\nhomepage = "https://example.org/animals"\n'
    about += 'description = "The animals of the first course, with an example for each."\n'
    about += 'optional_tags = ["lesson"]\n'
    package = f'name = "Animals"\n{about}'
    notes = "".join(map(NOTE.format, *zip(*ANIMALS)))
    notes = notes.replace("[[notes]]", '[[notes]]\nguid = "animal {}"').format(*range(len(ANIMALS)))
    deck = web / "animals.toml"
    text = DECK.replace('name = "Animals"\n', package, 1) + '[[decks]]\nname = "Spanish::Plants"\n'
    deck.write_text(text + notes, encoding="utf-8")
    trees = text.replace('name = "Animals"\n', 'name = "Trees of Europe"\n', 1)
    trees = trees.replace("Ana López", "Botany 101").replace("1.3", "2024.2")
    (web / "trees.toml").write_text(trees, encoding="utf-8")
    with serve(web) as server, serve_rember() as rember:
        rember.put(make_remb("remb-1", "A **cell**", c1=("What is a cell?", "The unit of life")))
        tokens = rember.store().load()
        assert tokens is not None
        profile = {"ankivault_rember": tokens.as_plain()}
        anki = AnkiApp(
            base / "anki",
            environment={"QT_QPA_PLATFORM": "xcb"},
            profiles={FIRST_PROFILE: profile},
        )
        anki.add_sample_collection()
        anki.install()
        anki.play(
            "take_source_screenshots",
            target=str(target.resolve()),
            addresses=[f"{server.url}/animals.toml", f"{server.url}/trees.toml"],
            file=str(deck),
            theirs={
                "La tortuga es lenta.": "La tortuga es **muy** lenta.",
                '"the tortoise"': '"the tortoise, the turtle"',
                '"the cow"': '"the cow, cattle"',
            },
            service=asdict(rember.service),
            night=night,
        )


def take_live_screenshots(target: Path) -> None:
    """The sign of live mode in Anki's toolbar, by day and by night."""
    anki, base = start_anki("live")
    settings = {"vault_folder": str(base / "My Vault" / "Anki"), "before_ankiweb_sync": False}
    anki = replace(anki, profiles={FIRST_PROFILE: {"ankivault": settings}})
    for time in ("day", "night"):
        picture = str(target.resolve() / f"live-{time}.png")
        night = time == "night"
        anki.play("take_live_screenshots", target=picture, states=LIVE_STATES, night=night)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
