"""Sources as a person uses them, in real Anki's window, against real servers on loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.source.subscription.store import Home
from ankivault.sync.source.subscription.subscription import Subscription

from ..desks.authorization_server import CLIENT, serve_authority
from ..desks.rember_service import make_remb, reply, serve_rember
from ..desks.web_server import WebServer, serve
from .anki_app import FIRST_PROFILE, AnkiApp
from .ankiweb import AnkiWeb
from .test_ankiweb import assert_nothing_modal, log_in

WORDS = {"el gato": "the cat", "el perro": "the dog", "la vaca": "the cow"}
OTHER = "User 2"


def write_deck(file: Path) -> None:
    """A deck that its author keeps on the web."""
    lines = [
        '[package]\nname = "<b>Animals</b>"\nauthor = "Ana <img src=x>"\nversion = "1.0"',
        'description = "Animals <script>alert(1)</script>"\nhomepage = "https://example.org/"',
        '[[models]]\nname = "Animal"\nfields = ["Spanish", "English"]\nsort_field = "Spanish"',
        '[[models.templates]]\nname = "Card 1"\nfront = "{{Spanish}}<script>let a</script>"',
        'back = "{{English}}"',
        '[[decks]]\nname = "Spanish::Animals"\n[[decks]]\nname = "Spanish::Plants"',
    ]
    for number, (spanish, english) in enumerate(WORDS.items()):
        lines.append(f'[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"\nguid = "a{number}"')
        lines.append(f'[notes.fields]\nSpanish = "{spanish}"\nEnglish = "{english}"')
    lines.append('[[media]]\nname = "cat.mp3"\npath = "media/cat.mp3"\nsize = 5')
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    media = file.with_name("media") / "cat.mp3"
    media.parent.mkdir()
    media.write_bytes(b"meow!")


def new_note(spanish: str, deck: str) -> str:
    head = f'[[notes]]\ndeck = "{deck}"\nmodel = "Animal"\nguid = "new {spanish}"\n'
    return f'{head}[notes.fields]\nSpanish = "{spanish}"\nEnglish = "new"\n[[media]]'


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebServer]:
    write_deck(tmp_path / "web" / "animals.toml")
    with serve(tmp_path / "web") as server:
        yield server


@pytest.fixture
def dead() -> Iterator[str]:
    """The address of a server that accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/never.toml"


def test_enter_looks_at_an_address_and_never_subscribes(anki: AnkiApp, web: WebServer) -> None:
    seen = anki.play("press_enter_in_subscribe", address=f"{web.url}/animals.toml").value

    assert seen == {"looks": True, "offers": True, "stays": True, "leads_on": True}


def test_subscribe_update_and_settle(any_anki: AnkiApp, web: WebServer) -> None:
    """Nothing is written before Subscribe; edits of both sides live on, and one is asked about."""
    file = web.folder / "animals.toml"
    seen = any_anki.play(
        "subscribe_and_settle",
        address=f"{web.url}/animals.toml",
        file=str(file),
        theirs={"the cat": "a cat of theirs", "the dog": "a dog", "the cow": "a cow of theirs"},
        mine={"el gato": "a cat of mine", "la vaca": "a cow of mine"},
        answers={"el gato": "Keep Mine", "la vaca": "Take the Author's"},
    ).value

    assert seen["empty"] and seen["untouched"] == seen["notes"]
    looked = seen["looked"]
    assert looked["facts"]["Deck:"] == "<b>Animals</b>"
    assert looked["facts"]["Author:"] == "Ana <img src=x>"
    assert looked["facts"]["Description:"] == "Animals <script>alert(1)</script>"
    assert looked["formats"] == ["PlainText"]
    assert looked["facts"]["Notes:"] == "3" and "1 file" in looked["facts"]["Media:"]
    assert "1 in its templates" in looked["scripts"]
    assert looked["can_subscribe"]
    assert "3 notes added to Anki" in seen["told"]
    assert seen["row"][:3] == ["<b>Animals</b>", "Ana <img src=x>", "1.0"]
    assert seen["row"][6] == "Up to date"
    assert seen["added"] == WORDS
    assert seen["again"].startswith("Nothing to do")
    assert "2 questions wait for you" in seen["updated"]
    assert seen["state"] == "2 questions: see Preview…"
    mine = {"el gato": "a cat of mine", "la vaca": "a cow of mine"}
    assert seen["between"] == {**mine, "el perro": "a dog"}
    assert {row[1]: row[0] for row in seen["rows"]} == dict.fromkeys(mine, "You decide")
    assert all("of theirs" in sides and "of mine" in sides for sides in seen["sides"])
    assert seen["english"] == {**mine, "el perro": "a dog", "la vaca": "a cow of theirs"}
    assert seen["state_after"] == "Up to date"
    media = any_anki.profile_folder() / "collection.media" / "cat.mp3"
    assert media.read_bytes() == b"meow!"


def test_a_full_sync_and_a_deletion_come_only_when_agreed(
    anki: AnkiApp, ankiweb: AnkiWeb, web: WebServer
) -> None:
    """An update leaves both; the preview lets both come, after Anki's own question and ours."""
    anki = log_in(anki, ankiweb, auto_sync=False)
    cow = '[[notes]]\ndeck = "Spanish::Animals"\nmodel = "Animal"\nguid = "a2"\n'
    cow += '[notes.fields]\nSpanish = "la vaca"\nEnglish = "the cow"\n'
    more = {'["Spanish", "English"]': '["Spanish", "English", "Extra"]', cow: ""}
    seen = anki.play(
        "settle_type_and_deletion",
        address=f"{web.url}/animals.toml",
        file=str(web.folder / "animals.toml"),
        theirs=more,
        gone="la vaca",
    ).value

    assert seen["fields"] == ["Spanish", "English"] and seen["notes"] == sorted(WORDS)
    assert "2 questions wait" in seen["told"]
    assert {row[0] for row in seen["rows"]} == {"Note type", "You decide"}
    assert "full AnkiWeb sync" in seen["warning"]
    assert "deletes 1 note" in seen["asked"][0] and "full upload" in seen["asked"][1]
    assert seen["fields_after"] == ["Spanish", "English", "Extra"]
    assert seen["notes_after"] == ["el gato", "el perro"]
    assert seen["backups"] and seen["state"] == "Up to date"


def test_protect_leave_out_suggest_and_unsubscribe(
    anki: AnkiApp, web: WebServer, tmp_path: Path
) -> None:
    file, saved = web.folder / "animals.toml", tmp_path / "my.patch"
    seen = anki.play(
        "protect_and_unsubscribe",
        address=f"{web.url}/animals.toml",
        file=str(file),
        theirs={"the cat": "a cat", "[[media]]": new_note("el roble", "Spanish::Plants")},
        save_to=str(saved),
    ).value

    assert seen["fields"] == ["Spanish", "English"]
    assert seen["english"] == WORDS, "a protected field was written, or a deck left out came"
    assert seen["kept"]["protected"] == {"Animal": ["English"]}
    assert seen["kept"]["left_out"] == ["Spanish::Plants"] and not seen["kept"]["automatic"]
    assert '+Spanish = "la vaca lechera"' in seen["patch"] and "my cow" not in seen["patch"]
    assert saved.read_text(encoding="utf-8") == seen["patch"]
    assert "only yours" in seen["question"] and seen["enter"] == "No"
    assert seen["notes_after"] == seen["notes"]


@pytest.mark.parametrize("larger", [1.0, 1.5])
def test_windows_of_sources_are_named_in_order_and_fit(
    anki: AnkiApp, web: WebServer, larger: float
) -> None:
    """As ``test_every_window`` promises of all others: also with names that look like HTML."""
    walked = anki.play(
        "walk_source_windows",
        address=f"{web.url}/animals.toml",
        file=str(web.folder / "animals.toml"),
        theirs={"the cat": "a cat of theirs"},
        mine={"el gato": "a cat of mine"},
        larger=larger,
    ).value

    wrong = {
        (name, kind): seen[kind]
        for name, seen in walked.items()
        for kind in ("drawn", "swallowed", "nameless", "out of order", "same key")
        if seen[kind]
    }
    assert wrong == {}
    sizes = {
        (name, kind): seen[kind] for name, seen in walked.items() for kind in ("size", "opened")
    }
    assert {key: size for key, size in sizes.items() if size[0] > 1024 or size[1] > 700} == {}


def test_an_address_that_leads_nowhere_is_told_and_nothing_is_written(
    anki: AnkiApp, web: WebServer, dead: str
) -> None:
    (web.folder / "page.html").write_text("<!doctype html><p>A page", encoding="utf-8")
    addresses = ["", "http://example.org/deck.toml", f"{web.url}/nothing", f"{web.url}/page.html"]

    *said, stopped = anki.play("refused_addresses", addresses=addresses, dead=dead).value

    words = ["not a web address", "Use https://", "nothing at this address", "raw file"]
    assert [word in each["status"] for word, each in zip(words, said)] == [True] * 4, said
    assert not any(each["can_subscribe"] for each in said)
    assert stopped == {"asking": [f"Asking {dead}…", True], "status": "Cancelled."}


def subscribe_before(anki: AnkiApp, *addresses: str, **profile: Any) -> AnkiApp:
    """An Anki in whose profile somebody has subscribed to these, and not fetched them yet."""
    state = anki.base / "addons21" / "ankivault" / "user_files" / "p"
    for address in addresses:
        Home(state, address).save(Subscription(address))
    values = {**anki.profiles[FIRST_PROFILE], **profile, "ankivault_profile_id": "p"}
    return replace(anki, profiles={FIRST_PROFILE: values})


def test_a_dead_server_holds_up_no_ankiweb_sync(
    own_anki: AnkiApp, ankiweb: AnkiWeb, web: WebServer, dead: str, tmp_path: Path
) -> None:
    """What comes reaches AnkiWeb with the same press. The dead server is told in the end."""
    with serve_rember() as rember:
        rember.put(make_remb("remb-1", "A **cell**", c1=("What?", "A cell")))
        tokens = rember.store().load()
        assert tokens is not None
        anki = subscribe_before(
            log_in(own_anki, ankiweb, auto_sync=False),
            *(dead, f"{web.url}/animals.toml"),
            ankivault_rember=tokens.as_plain(),
        )
        played = anki.play("sync_with_sources", within=4.0, service=asdict(rember.service))
    seen = played.value

    assert seen["syncs"] == 2, "what came was not uploaded"
    fields = ankiweb.fields(tmp_path)
    assert set(WORDS) <= {each[0] for each in fields}
    assert any("rember.com/r/remb-1" in text for each in fields for text in each)
    assert "4 notes added to Anki" in seen["told"][0]
    assert "did not answer" not in seen["told"][0], "Anki waited for it"
    assert "did not answer within 4 s" in seen["late"]
    by_itself = [d for d in played.dialogs if d["title"] != "Ankivault: Sources"]
    assert_nothing_modal(replace(played, dialogs=by_itself))


def test_anki_closes_while_a_server_does_not_answer(own_anki: AnkiApp, dead: str) -> None:
    """Without waiting for it, and without a word. Esc ends the wait before."""
    by_hand = Subscription(dead, automatic=False)
    anki = subscribe_before(own_anki)
    Home(anki.base / "addons21" / "ankivault" / "user_files" / "p", dead).save(by_hand)

    played = anki.play("close_while_asking", limit=60)

    assert played.value["label"].startswith(f"Asking for “{dead}”")
    assert played.value["told"] == "Cancelled."

    assert [d["kind"] for d in played.dialogs if d["kind"] != "ProgressDialog"] == ["SourcesDialog"]


def test_without_ankiweb_sources_come_when_anki_opens(own_anki: AnkiApp, web: WebServer) -> None:
    """Once, and never when Anki closes. A server that wants to be left alone is."""
    file = web.folder / "animals.toml"
    with serve_rember() as rember:
        tokens, service = rember.store().load(), asdict(rember.service)
        assert tokens is not None
        rember.replies += [reply(429, b"{}", Retry_After="3600")] * 2
        values = {"ankivault_rember": tokens.as_plain()}
        anki = subscribe_before(own_anki, f"{web.url}/animals.toml", **values)

        first = anki.play("open_with_sources", service=service)
        assert first.value == sorted(WORDS)
        told = next(text for text in first.tooltips if "Sources:" in text)
        assert "3 notes added" in told and "left alone for 60 min" in told
        assert web.take_asked() == ["GET /animals.toml 200", "GET /media/cat.mp3 200"]

        more = new_note("el pato", "Spanish::Animals")
        file.write_text(file.read_text(encoding="utf-8").replace("[[media]]", more), "utf-8")
        second = anki.play("open_with_sources", service=service)
        assert second.value == sorted([*WORDS, "el pato"])
        assert web.take_asked() == ["GET /animals.toml 200", "GET /media/cat.mp3 304"]
        assert len(rember.replies) == 1, "it was asked again"


def test_an_update_that_comes_late_waits_for_who_types(
    own_anki: AnkiApp, web: WebServer, tmp_path: Path
) -> None:
    """The note in the editor in front stays; then both edits are in it."""
    anki = subscribe_before(own_anki, f"{web.url}/animals.toml")
    anki.play("open_with_sources")
    file, let_go = web.folder / "animals.toml", tmp_path / "let go"
    os.mkfifo(let_go)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"el gato"', '"el gato, la gata"'), encoding="utf-8")

    def hold(_: Any) -> bool:
        web.fault = None
        let_go.read_bytes()  # waits until somebody writes there
        return False

    web.fault = hold
    seen = anki.play("type_while_sources_come", let_go=str(let_go), typed="typed").value

    assert seen["in_front"][0] == "el gato"
    assert seen["left"] == ["el gato, la gata", "typed"]


def stand_in(pull: str, authority: Any) -> dict[str, str]:
    return {
        "authorize": authority.address("authorize"),
        "token": authority.address("token"),
        "pull": pull,
        "remb": "https://rember.com/r/",
        "client_id": CLIENT,
    }


def test_rember_from_the_menu(anki: AnkiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Denied, cancelled, allowed; then rembs come, and signing out leaves them in Anki."""
    with serve_authority(monkeypatch) as authority, serve_rember() as rember:
        rember.accepts = authority.accepts
        rember.put(make_remb("remb-1", "A **cell**", c1=("What?", "A cell")))
        service = stand_in(rember.service.pull, authority)
        played = anki.play("use_rember", service=service)
        secrets = authority.secrets()
    seen = played.value

    assert seen["first"] == "Sign In…" and seen["cancelled"] == "Sign In…"
    assert "told not to let Ankivault in" in seen["denied"][0]["text"]
    assert seen["allowed"]["during"] == "Cancel Sign-In"
    assert "Back to Anki" in seen["allowed"]["page"]
    assert seen["signed_in"] == "Sign Out"
    assert seen["row"][0] == "Rember" and seen["row"][6] == "Signed in"
    assert "1 note added to Anki" in seen["pulled"]
    assert seen["notes"] == ["remb-1"]
    assert seen["row_after"][1] == "me@example.com" and seen["row_after"][6] == "Up to date"
    assert "as me@example.com" in seen["status"] and "1 remb in Anki" in seen["status"]
    said = f"{played.log} {played.tooltips} {played.dialogs} {seen}"
    assert secrets and not [secret for secret in secrets if secret in said]


def test_a_remb_that_both_changed_is_asked_about(anki: AnkiApp) -> None:
    """In the same preview as for decks; until then the person's words stay."""
    with serve_rember() as rember:
        tokens = rember.store().load()
        assert tokens is not None
        by_hand = {"ankivault_sources": {"rember": {"automatic": False}}}
        profile = {"ankivault_rember": tokens.as_plain(), **by_hand}
        anki = replace(anki, profiles={FIRST_PROFILE: profile})
        rember.put(make_remb("remb-1", "A cell", c1=("What?", "A cell")))
        service = asdict(rember.service)
        assert anki.play("pull_rember", service=service).value["note"] == "A cell"
        rember.put(make_remb("remb-1", "A cell of theirs", c1=("What?", "A cell")))
        played = anki.play(
            "pull_rember", service=service, mine="A cell of mine", words="Take Rember's"
        )
    seen = played.value

    assert seen["state"] == "1 question: see Preview…"
    assert "1 question waits for you" in seen["pulled"]
    assert [row[0] for row in seen["rows"]] == ["You decide"]
    assert "of mine" in seen["sides"] and "of theirs" in seen["sides"]
    assert seen["note"] == "A cell of theirs" and seen["state_after"] == "Up to date"


def test_many_deletions_wait_for_a_person(anki: AnkiApp) -> None:
    """They stay after a pull, are one question in the preview, and are named before they go."""
    with serve_rember() as rember:
        tokens = rember.store().load()
        assert tokens is not None
        by_hand = {"ankivault_sources": {"rember": {"automatic": False}}}
        profile = {"ankivault_rember": tokens.as_plain(), **by_hand}
        anki = replace(anki, profiles={FIRST_PROFILE: profile})
        ids = [f"remb-{number}" for number in range(30)]
        rember.put(*(make_remb(id_, id_, c1=("What?", id_)) for id_ in ids))
        anki.play("pull_rember", service=asdict(rember.service))
        rember.delete(*ids[:25])
        seen = anki.play("delete_many_rembs", service=asdict(rember.service)).value

    assert "1 question waits for you" in seen["pulled"] and seen["kept"] == 30
    assert [row[:2] for row in seen["rows"]] == [["You decide", "25 notes"]]
    assert "25 deleted" in seen["counts"]
    assert "deletes 25 notes" in seen["asked"] and seen["left"] == 5


def test_a_profile_switch_ends_signing_in(
    own_anki: AnkiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is allowed afterwards is signed in nowhere."""
    anki = replace(own_anki, profiles={FIRST_PROFILE: {}, OTHER: {}})
    with serve_authority(monkeypatch) as authority:
        service = stand_in("http://127.0.0.1:9/", authority)
        seen = anki.play("switch_while_signing_in", service=service, other=OTHER).value
        assert authority.grants == []

    assert "Back to Anki" not in seen["page"]
    assert seen["label"] == "Sign In…"
    assert not [profile for profile in seen["profiles"] if "ankivault_rember" in profile]
