"""What both sides of a TOML deck become: pushes, pulls, merges and conflicts."""

from __future__ import annotations

import pytest

from ankivault.sync.deck.options import ChoiceKey
from tests.desks.deck_desk import DeckDesk, note, open_desk

__all__ = ["open_desk"]
POLICIES = ("prefer_toml", "prefer_anki", "skip", "fail")


def test_a_push_adds_and_updates_and_keeps_the_schedule(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync(strategy="push_only")
    (uno,) = desk.ids()
    desk.learn(uno)
    before = desk.col.db.all("select * from cards where nid = ?", uno)
    mine = desk.add("solo en Anki", "only in Anki")
    untouched = desk.col.db.all("select * from notes where id = ?", mine)
    desk.change('"one"', '"the one"')
    desk.file.write_text(desk.text + note("dos", "two"))

    plan = desk.plan(strategy="push_only")
    assert plan.counts == {
        "only_in_toml": 1,
        "only_in_anki": 1,
        "modified": 1,
        "unchanged": 0,
        "conflicts": 0,
    }
    report = desk.sync(strategy="push_only")

    assert report.ok
    assert desk.fields(uno) == ["uno", "the one", ""]
    assert desk.fields(desk.find("dos")) == ["dos", "two", ""]
    after = desk.col.db.all("select * from cards where nid = ?", uno)
    assert after == before
    assert desk.col.db.all("select * from notes where id = ?", mine) == untouched
    assert "solo en Anki" not in desk.text
    desk.set(strategy="push_only")
    desk.assert_settled()


def test_one_undo_step_takes_a_whole_push_back(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    before = desk.snapshot()[:2]
    desk.change('"one"', '"1"')
    desk.file.write_text(
        desk.text.replace('"Spanish::Verbs"', '"Spanish::New::Verbs"')
        + "".join(note(f"palabra {n}", deck="Spanish::New::Verbs") for n in range(2500))
    )
    desk.sync()
    assert desk.col.note_count() == 2501
    assert desk.col.undo_status().undo == "Sync TOML Deck"
    desk.col.undo()
    notes, cards = desk.snapshot()[:2]
    assert [row[:3] + row[4:] for row in notes] == [r[:3] + r[4:] for r in before[0]]
    assert len(cards) == 1


def test_a_pull_and_an_export_write_nothing_in_anki(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    tres = desk.add("tres", "three", tags="number", deck="Spanish::Verbs")
    desk.edit(desk.find("uno"), English="1")
    desk.col.close()
    before = desk.collection.read_bytes()
    desk.col.reopen()
    snapshot = desk.snapshot()

    report = desk.sync(strategy="pull_only")
    desk.export("Spanish", desk.folder / "exported.toml")

    assert report.ok and desk.snapshot() == snapshot
    desk.col.close()
    assert desk.collection.read_bytes() == before
    desk.col.reopen()
    assert 'English = "1"' in desk.text and f"note_id = {tres}" in desk.text
    exported = (desk.folder / "exported.toml").read_text()
    for note_id in desk.ids():
        assert exported.count(f"note_id = {note_id}") == 1
    desk.set(strategy="pull_only")
    desk.assert_settled()


def test_edits_of_different_notes_are_carried_both_ways(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"), note("dos", "two", tags=["n"]))
    desk.sync()
    uno, dos = desk.ids()
    desk.change('"one"', '"1"')
    desk.edit(dos, English="2", tags="n even")

    plan = desk.plan()
    assert plan.counts["modified"] == 2 and plan.counts["conflicts"] == 0
    assert desk.sync().ok
    assert desk.fields(uno)[1] == "1"
    assert 'English = "2"' in desk.text and '["n", "even"]' in desk.text
    desk.assert_settled()


@pytest.mark.parametrize("strategy", ["push_only", "bidirectional"])
def test_an_edited_first_field_is_the_same_note(desk: DeckDesk, strategy: str) -> None:
    desk.write(note("uno", "one"), note("dos", "two"))
    desk.sync()
    uno, dos = desk.ids()
    desk.change('"uno"', '"el uno"')
    desk.sync(strategy=strategy)
    assert desk.ids() == [uno, dos] and desk.fields(uno)[0] == "el uno"
    desk.edit(dos, Spanish="el dos")
    desk.sync()
    assert desk.ids() == [uno, dos] and '"el dos"' in desk.text
    desk.lose_base()
    desk.change('"el uno"', '"1"')
    desk.sync(on_conflict="prefer_toml")
    assert desk.ids() == [uno, dos] and desk.fields(uno)[0] == "1"
    desk.assert_settled()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_field_edited_on_both_sides(desk: DeckDesk, policy: str) -> None:
    desk.write(note("uno", "one", example="ein *Satz*"), note("dos", "two"))
    desk.sync()
    uno, dos = desk.ids()
    desk.change('"one"', '"one (file)"')
    desk.change('"ein *Satz*"', '"ein **Satz**"')
    desk.edit(uno, English="one (Anki)", Example="<u>ein</u> Satz")
    desk.change('"two"', '"2"')
    desk.file.write_text(desk.text + note("tres", "three"))
    text, snapshot = desk.text, desk.snapshot()

    plan = desk.plan(on_conflict=policy)
    settled = policy.startswith("prefer")
    assert plan.counts["conflicts"] == (0 if settled else 1)
    assert [part.conflict for n in plan.notes for part in n.parts] == [True, True, False]
    report = desk.sync(on_conflict=policy)

    if policy == "fail":
        assert not report.ok and desk.told(report, "1 conflict")
        assert (desk.text, desk.snapshot()) == (text, snapshot)
        return
    assert report.ok
    assert desk.fields(dos)[1] == "2" and desk.find("tres")
    in_anki = desk.fields(uno)[1:]
    if policy == "prefer_toml":
        assert in_anki == ["one (file)", "ein <b>Satz</b>"]
    else:
        assert in_anki == ["one (Anki)", "<u>ein</u> Satz"]
    if policy == "prefer_anki":
        assert '"one (Anki)"' in desk.text and "<u>ein</u> Satz" in desk.text
    else:
        assert '"one (file)"' in desk.text and "ein **Satz**" in desk.text
    if policy == "skip":
        assert desk.told(report, "conflict in English, Example")
        assert desk.plan().counts["conflicts"] == 1
        desk.settle(uno, "field", "English", "anki")
        desk.settle(uno, "field", "Example", "toml")
        assert desk.sync().ok
        assert desk.fields(uno)[1:] == ["one (Anki)", "ein <b>Satz</b>"]
        assert '"one (Anki)"' in desk.text
    desk.assert_settled()


@pytest.mark.parametrize("policy", POLICIES)
def test_tags_that_never_agreed(desk: DeckDesk, policy: str) -> None:
    desk.write(note("uno", "one", tags=["from-file"]))
    desk.sync()
    (uno,) = desk.ids()
    desk.lose_base()
    desk.edit(uno, tags="from-anki leech")
    text, snapshot = desk.text, desk.snapshot()
    report = desk.sync(on_conflict=policy)
    tags = {t for t in desk.col.get_note(uno).tags if t != "leech"}
    if policy == "prefer_toml":
        assert tags == {"from-file"} and desk.text == text
    elif policy == "prefer_anki":
        assert tags == {"from-anki"} and 'tags = ["from-anki"]' in desk.text
    else:
        assert (desk.text, desk.snapshot()) == (text, snapshot)
        assert report.ok == (policy == "skip")
        return
    assert "leech" in desk.col.get_note(uno).tags
    desk.assert_settled()


@pytest.mark.parametrize("policy", POLICIES)
def test_tags_merge_as_sets(desk: DeckDesk, policy: str) -> None:
    desk.write(note("uno", "one", tags=["kept", "goes", "drops"]))
    desk.sync()
    (uno,) = desk.ids()
    desk.change('["kept", "goes", "drops"]', '["kept", "goes", "file"]')
    desk.edit(uno, tags="kept drops Anki leech")
    assert desk.plan(on_conflict=policy).counts["conflicts"] == 0
    assert desk.sync(on_conflict=policy).ok
    assert {*desk.col.get_note(uno).tags} == {"kept", "file", "Anki", "leech"}
    assert 'tags = ["kept", "file", "Anki"]' in desk.text
    desk.assert_settled()


def test_the_same_edit_on_both_sides_is_no_change(desk: DeckDesk) -> None:
    desk.write(note("uno", "one", example="a *b*"))
    desk.sync()
    (uno,) = desk.ids()
    desk.change('"one"', '"1"')
    desk.change('"a *b*"', '"a **b**"')
    desk.edit(uno, English="1", Example="a <b>b</b>")
    text, snapshot = desk.text, desk.snapshot()
    assert desk.plan().counts["unchanged"] == 1
    assert desk.sync().ok
    assert (desk.text, desk.snapshot()) == (text, snapshot)
    desk.assert_settled()


def test_different_fields_and_different_lines_merge(desk: DeckDesk) -> None:
    desk.write(note("uno", "one", example="first *line*\n\nsecond line\n\nthird"))
    desk.sync()
    (uno,) = desk.ids()
    html = desk.fields(uno)[2]
    desk.change("second line", "the **second** line")
    desk.change('"uno"', '"el uno"')
    desk.edit(
        uno, English="1", Example=html.replace("third", '<span style="color: red;">third</span>, 3')
    )
    assert desk.plan().counts["conflicts"] == 0
    assert desk.sync().ok
    assert desk.fields(uno) == [
        "el uno",
        "1",
        "first <i>line</i><br><br>the <b>second</b> line<br><br>"
        '<span style="color: red;">third</span>, 3',
    ]
    assert "first *line*\\n\\nthe **second** line\\n\\nthird, 3" in desk.text
    desk.assert_settled()


def test_markdown_stays_the_users_own_when_it_says_the_same(desk: DeckDesk) -> None:
    written = "* one\n* two\n\n__bold__ and _italic_\n\nlast"
    desk.write(note("uno", "one", example=written))
    desk.sync()
    (uno,) = desk.ids()
    text = desk.text
    for strategy in ("pull_only", "push_only", "pull_only"):
        assert desk.sync(strategy=strategy).ok
        assert desk.text == text
    desk.lose_base()
    desk.sync(strategy="pull_only")
    assert desk.text == text
    desk.edit(uno, Example=desk.fields(uno)[2].replace("last", "the end"))
    desk.sync()
    assert desk.text == text.replace("last", "the end")
    desk.assert_settled()


def test_one_way_runs_take_the_other_sides_edits_back_and_say_so(desk: DeckDesk) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    (uno,) = desk.ids()
    desk.edit(uno, English="edited")
    report = desk.sync(strategy="push_only")
    assert desk.fields(uno)[1] == "one" and desk.told(report, "overwritten").note_id == uno
    desk.change('"one"', '"changed"')
    report = desk.sync(strategy="pull_only")
    assert '"one"' in desk.text and desk.told(report, "overwritten")
    desk.assert_settled()


def test_both_keeps_the_edits_of_both_sides_one_after_the_other(desk: DeckDesk) -> None:
    """In a field of HTML and in one of Markdown; afterwards the sides agree."""
    desk.write(note("uno", "one", example="A *first* line."))
    desk.sync()
    (uno,) = desk.ids()
    desk.change('English = "one"', 'English = "one, file"')
    desk.change("A *first* line.", "A *file* line.")
    desk.edit(uno, English="one, <b>Anki</b>", Example="An <i>Anki</i> line.")
    keys = frozenset(ChoiceKey(uno, "field", name) for name in ("English", "Example"))

    plan = desk.plan(both=keys)
    assert [part.state for each in plan.notes for part in each.parts] == ["merged", "merged"]
    desk.sync(both=keys)

    _, english, example, *_ = desk.fields(uno)
    assert english == "one, file<br><br>one, <b>Anki</b>"
    for word in ("<i>file</i>", "<i>Anki</i>"):
        assert word in example
    assert "A *file* line.\n\nAn *Anki* line." in desk.text
    desk.assert_settled()
