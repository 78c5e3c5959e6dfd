"""The command line of subscriptions."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ankivault.cli.commands import main
from tests.desks.source_desk import HEAD, SourceDesk, note, source_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SourceDesk]:
    with source_desk(tmp_path) as made:
        made.me.col.close()
        yield made
        made.me.col.reopen()


class Shell:
    """Runs commands for a desk."""

    def __init__(self, desk: SourceDesk, capsys: pytest.CaptureFixture[str]) -> None:
        self.desk, self.capsys = desk, capsys

    def run(self, command: str, *more: str) -> tuple[int, str, str]:
        me = self.desk.me
        file = str(me.folder / "anki" / "collection.anki2")
        status = main(["source", command, "--collection", file, "--state", str(me.state), *more])
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def json(self, command: str, *more: str) -> Any:
        status, out, _ = self.run(command, "--json", *more)
        told = json.loads(out)
        assert status == int(not told["ok"]), told
        return told


@pytest.fixture
def shell(desk: SourceDesk, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(desk, capsys)


def test_a_deck_is_previewed_taken_updated_and_forgotten(desk: SourceDesk, shell: Shell) -> None:
    head = HEAD.replace('author = "Ada"', 'author = "Ada"\nhomepage = "https://example.org"')
    desk.publish(
        note("g1", "gato", '<img src=x onerror="alert(1)">'),
        note("g2", "pez", deck="Animals::Sea"),
        head=head,
    )
    status, _, err = shell.run("add", desk.me.address, "--protect", "Animal.Englisch")
    assert status == 1 and "There are: Animal.Spanish, Animal.English" in err
    assert shell.run("list")[1] == "There is no subscription.\n"
    wants = "--leave-out", "Animals::Sea", "--protect", "Animal.Example"
    status, out, _ = shell.run("add", desk.me.address, *wants)
    assert status == 0
    brings = ["Animals 1", "by Ada", "https://example.org", "2 notes", "program code"]
    assert all(words in out for words in brings)
    told = shell.json("list")
    assert told["sources"][0]["left_out"] == ["Animals::Sea"]
    assert told["sources"][0]["protected"] == {"Animal": ["Example"]}
    desk.change('"gato"', '"el gato"')
    told = shell.json("check")
    assert told["sources"][0]["update"] == 1 and told["sources"][0]["requests"] == 1
    told = shell.json("pull", "Animals")
    assert told["sources"][0]["counts"] == {"note updated in Anki": 1}
    assert shell.run("pull")[1] == "Animals: Nothing to do.\n"
    assert "Its notes stay" in shell.run("forget", "Animals")[1]
    assert shell.run("list")[1] == "There is no subscription.\n"
    assert shell.run("pull") == (0, "There is no subscription.\n", "")


def test_questions_are_shown_and_answered(desk: SourceDesk, shell: Shell) -> None:
    desk.publish(note("g1", "gato", "cat"))
    shell.run("add", desk.me.address)
    desk.me.col.reopen()
    desk.me.edit(desk.me.find("gato"), English="mine")
    desk.me.col.close()
    desk.change('"cat"', '"theirs"')
    status, out, _ = shell.run("check")
    assert status == 0 and "field:g1:English=mine|theirs" in out
    status, out, _ = shell.run("pull")
    assert status == 0 and "1 to decide" in out
    patch = shell.run("suggest", desk.me.address)
    assert patch[0] == 0 and patch[1] == "" and "Settle that first" in patch[2]
    status, _, err = shell.run("pull", "--answer", "field:g1:English=maybe")
    assert status == 1 and "Choose one of: mine, theirs" in err
    status, _, err = shell.run("pull", "--answer", "field:g2:English=mine")
    assert status == 1 and "“field:g2:English” is no question" in err
    told = shell.json("pull", "--answer", "field:g1:English=mine")
    assert told["sources"][0]["waiting"] == 0
    out = shell.run("suggest", desk.me.address)[1]
    assert '-English = "theirs"' in out and '+English = "mine"' in out


def test_one_that_fails_leaves_the_others_alone(desk: SourceDesk, shell: Shell) -> None:
    desk.publish(note("g1", "gato"))
    shell.run("add", desk.me.address)
    other = desk.server.folder / "other.toml"
    other.write_text((HEAD + note("o1", "otro")).replace("Animals", "Others"))
    address = desk.me.address.replace("deck.toml", "other.toml")
    assert shell.json("add", address)["ok"]
    desk.change('"gato"', '"el gato"')
    other.unlink()
    told = shell.json("pull")
    ok = {each["address"]: each["ok"] for each in told["sources"]}
    assert ok == {desk.me.address: True, address: False}
    desk.me.col.reopen()
    assert desk.me.find("el gato") and desk.me.find("otro")
    desk.me.col.close()


@pytest.mark.parametrize(
    "address", ["http://example.org/deck.toml", "ftp://x/y", "/home/deck.toml", "https://a:b@c/d"]
)
def test_other_addresses_are_refused(desk: SourceDesk, shell: Shell, address: str) -> None:
    status, _, err = shell.run("add", address)
    assert status == 1 and err.count("\n") == 1
    assert not desk.me.state.exists()


def test_a_name_that_two_decks_have_is_no_answer(desk: SourceDesk, shell: Shell) -> None:
    desk.publish(note("g1", "gato"))
    other = desk.server.folder / "other.toml"
    other.write_bytes(desk.file.read_bytes())
    addresses = [desk.me.address, f"{desk.server.url}/other.toml"]
    for address in addresses:
        assert shell.run("add", address)[0] == 0
    status, _, err = shell.run("forget", "Animals")
    assert status == 1 and all(address in err for address in addresses)
    assert len(shell.json("list")["sources"]) == 2
    assert shell.run("forget", addresses[1])[0] == 0
    assert [each["address"] for each in shell.json("list")["sources"]] == addresses[:1]


def test_no_patch_is_printed_with_other_letters(
    desk: SourceDesk, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish(note("g1", "gato", "cat"))
    assert shell.run("add", desk.me.address)[0] == 0
    desk.me.col.reopen()
    desk.me.edit(desk.me.find("gato"), English="猫")
    desk.me.col.close()
    assert '+English = "猫"' in shell.run("suggest", desk.me.address)[1]
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, "cp1252", write_through=True))
    status, _, err = shell.run("suggest", desk.me.address)
    assert status == 1 and "--patch FILE" in err and not said.getvalue()
    file = desk.me.folder / "my.patch"
    assert shell.run("suggest", desk.me.address, "--patch", str(file))[0] == 0
    assert "猫" in file.read_text("utf-8")
