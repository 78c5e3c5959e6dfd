"""The report of a problem helps whoever reads it, and has no word of the person's in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.sync.run.report import Message
from ankivault.sync.vault.settings import Settings
from ankivault.ui.home import problem_report
from ankivault.ui.home.known_texts import GAP, KnownTexts
from dev.package import ROOT

from .anki_app import AnkiApp
from .test_window_corners import with_settings

MARKER = "Zyxmarker"
KNOWN = KnownTexts(ROOT)
BROKEN = f"""\
[package]
name = "{MARKER} deck"

[[notes]]
deck = "{MARKER}"
model = "{MARKER} type"
{MARKER} = "{MARKER}
"""


def test_a_word_that_is_filled_into_any_text_of_the_code_is_taken_out_again() -> None:
    """In each gap of each of the texts that messages are made of, and beside them."""
    assert len(KNOWN._texts) > 2000
    for parts in KNOWN._texts[:: len(KNOWN._texts) // 400]:
        for text in (MARKER.join(parts), f"{MARKER} {MARKER.join(parts)}\n{MARKER}"):
            assert MARKER not in KNOWN.redact(text), parts


@given(st.text(max_size=80))
def test_what_is_no_text_of_the_code_leaves_nothing(text: str) -> None:
    assert not {*KNOWN.redact(f"{MARKER}{text}").split()} & {MARKER, f"{MARKER}{text}"}
    line = f"2026-01-01 10:00:00,123:ERROR:{MARKER}: {text}{MARKER}"
    frame = f'  File "/home/{MARKER}/ui/menu.py", line 12, in {MARKER}'
    for told in KNOWN.redact_log([line, frame, f"{MARKER}Error: {text}", f"ValueError: {MARKER}"]):
        assert MARKER not in told


def test_messages_keep_what_helps() -> None:
    told = problem_report.tell_messages(
        [Message("error", f"The page was not written: {n} {MARKER}.", f"{MARKER}.md", n)
         for n in range(1, 4)], KNOWN
    )  # fmt: skip
    assert told == [f"3 × error: The page was not written: {GAP}. [a page, a note]"]
    log = [*KNOWN.redact_log(['  File "/x/addons21/ankivault/ui/menu.py", line 12, in f', "  y"])]
    assert log == ["    ui/menu.py, line 12", f"    {GAP}"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, "True"),
        ("inline", "inline"),
        (MARKER, "a text of 9 characters"),
        ((MARKER, 12), "2 entries"),
        ("", "empty"),
    ],
)
def test_a_setting_is_told_by_its_kind(value: object, told: str) -> None:
    assert problem_report.tell_value(value) == told


def test_the_file_system_of_a_folder_is_told(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw\n//me/x /mnt/My\\040Disk cifs rw\n", encoding="utf-8")
    assert problem_report.find_file_system(Path("/home/x"), mounts) == "ext4"
    assert problem_report.find_file_system(Path("/mnt/My Disk/Anki"), mounts) == "cifs"
    assert problem_report.find_file_system(Path("/x"), tmp_path / "none") == ""


def test_every_setting_is_in_the_report_by_its_name() -> None:
    told = problem_report._tell_settings(Settings(vault_folder=f"/{MARKER}"))
    assert [line.split(":")[0] for line in told] == list(Settings().as_dict())
    assert MARKER not in "".join(told)


def test_a_report_from_anki_has_no_word_of_the_notes(any_own_anki: AnkiApp, tmp_path: Path) -> None:
    """Notes, tags, decks, folders, files, messages, errors and the log are full of one word."""
    vault = tmp_path / f"{MARKER} Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    (vault / f"{MARKER}.md").write_text(f"---\n{MARKER}: [\n---\n{MARKER}", encoding="utf-8")
    deck = tmp_path / f"{MARKER}.toml"
    deck.write_text(BROKEN, encoding="utf-8")
    app = with_settings(any_own_anki, vault, before_ankiweb_sync=False, filename_suffix=MARKER)
    app = replace(app, environment={"TZ": "UTC"})
    seen = app.play("report_a_problem", marker=MARKER, deck=str(deck)).value

    text = seen["shown"]
    assert text == seen["copied"]
    assert MARKER in seen["log"] and MARKER.casefold() not in text.casefold()
    assert str(tmp_path) not in text
    for wanted in (
        "- Ankivault: 0.1.0 (from a file)",
        "inside an Obsidian vault",
        "- Notes: 52",
        "- Pages: 52",
        "ValueError: …",
        "A text in quotes does not end on its line",
        "bidirectional, skip",
        "- trouble, 0 questions",
        "The page was not written: ….",
    ):
        assert wanted in text, f"{wanted}\n{text}"
