"""TOML decks: an edit writes what it is for, and keeps every other byte of the user's file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.deck_file.deck_file import read_deck
from ankivault.convert.deck_file.definition import (
    DYNAMIC_FIELDS,
    DeckDef,
    DeckFile,
    MediaDef,
    ModelDef,
    NoteDef,
    TemplateDef,
)
from ankivault.convert.deck_file.edit import (
    DeckEdit,
    Edit,
    ModelEdit,
    NewDeck,
    NewMedia,
    NewModel,
    NewNote,
    NoteEdit,
    RemovedNote,
    edit_deck,
)
from tests.unit.deck_file.deck_strategies import (
    Written,
    decks,
    models,
    texts,
    unique,
    written_decks,
)

TEXT = """\
# My deck
[package]
name = 'Spanish' # a name

[[models]]
model_type = "standard"
name = "Vocab"
fields = [
    "Spanish",  # the word
    "English",
]
css = '''
.card { color: red }
'''

# The only card
[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"   # asks
back = '{{English}}'

[[decks]]
name = "Words"

# -- Food --
[[notes]]
deck   = "Words"
model  = "Vocab"
tags   = ['food', "b"]      # sorted by hand

[notes.fields]
Spanish = '<img src="pan.png">'   # bread
English = \"\"\"
bread
butter\"\"\"
# Example = "later"

[[notes]]
deck = "Words"
model = "Vocab"
fields = { Spanish = 'uno', English = "one" } # inline

# -- Animals --
[[notes]]
  deck = "Words"
  model = "Vocab"
  fields.Spanish = "gato"
tags = [
  "a", # first
  "b",
]
"""


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of each that the other lacks."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def read(text: str) -> DeckFile:
    deck, problems = read_deck(text)
    assert deck is not None, problems
    return deck


@given(written_decks(), st.data())
def test_a_changed_string_is_all_that_changes(
    case: tuple[DeckFile, Written], data: st.DataObject
) -> None:
    _, written = case
    places = [place for _, place in written.pieces if place and place[2] not in ("deck", "model")]
    if not places:
        return
    place = position, table, key = data.draw(st.sampled_from(places))
    value = data.draw(texts)
    edit = NoteEdit(position, guid=value) if table == "own" else NoteEdit(position, {key: value})
    now = next(piece for piece, own in written.pieces if own == place)
    if read_string(now) == value:
        assert edit_deck(written.text(), [edit]) == written.text()
    else:
        assert edit_deck(written.text(), [edit]) == written.with_value(place, value)


def read_string(token: str) -> str:
    deck = read(f"[package]\nname = {token}\n")
    return deck.package.name


@given(written_decks(), st.data(), st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_asked_for_is_read_again(
    case: tuple[DeckFile, Written], data: st.DataObject, bom: str, newline: str
) -> None:
    deck, written = case
    text = bom + written.text().replace("\n", newline)
    assert edit_deck(text, [NoteEdit(n.position, n.fields, n.tags) for n in deck.notes]) == text
    wanted: list[NoteDef] = []
    edits: list[Edit] = []
    for note in deck.notes:
        what = data.draw(st.sampled_from(["keep", "edit", "edit", "remove"]))
        if what == "remove":
            edits.append(RemovedNote(note.position))
            continue
        wanted.append(note)
        if what == "edit":
            known = {model.name: model.fields for model in deck.models}
            fields = known.get(note.model, DYNAMIC_FIELDS)
            edit = NoteEdit(
                note.position,
                {name: data.draw(texts) for name in fields if data.draw(st.booleans())},
                data.draw(st.none() | unique(texts, max_size=3).map(tuple)),
                data.draw(st.none() | st.just(deck.decks[0].name)),
                note_id=data.draw(st.none() | st.integers(1, 9)),
            )
            edits.append(edit)
            wanted[-1] = replace(
                note,
                fields={**note.fields, **edit.fields},
                tags=note.tags if edit.tags is None else edit.tags,
                deck=edit.deck or note.deck,
                note_id=edit.note_id or note.note_id,
            )
    new = data.draw(decks())
    edits += [NewNote(note) for note in new.notes]
    edits += [NewModel(replace(model, name=f"new {model.name}")) for model in new.models]
    edits += [NewDeck(replace(each, name=f"new {each.name}")) for each in new.decks]
    edits += [NewMedia(each) for each in new.media]
    after = edit_deck(text, edits)
    assert after.startswith(bom)
    assert ("\r\n" in after) == (newline == "\r\n")
    got = read(after)
    wanted = [*wanted, *new.notes]
    wanted = [replace(note, position=n) for n, note in enumerate(wanted, 1)]
    assert [replace(note, tags=as_set(note)) for note in got.notes] == [
        replace(note, tags=as_set(note)) for note in wanted
    ]
    assert len(got.models) == len(deck.models) + len(new.models)
    assert [each.name for each in got.decks][: len(deck.decks)] == [d.name for d in deck.decks]
    assert got.media == (*deck.media, *new.media)


def as_set(note: NoteDef) -> tuple[str, ...] | None:
    return None if note.tags is None else tuple(sorted(set(note.tags)))


@given(models("M"), models("M"))
def test_a_model_becomes_another(before: ModelDef, after: ModelDef) -> None:
    start = TEXT[: TEXT.index("# -- Food")]
    text = edit_deck(start, [NewModel(before), ModelEdit(replace(before, name="Vocab"))])
    text = edit_deck(text, [ModelEdit(after), ModelEdit(replace(after, name="Vocab"))])
    vocab, model = read(text).models
    assert model == replace(after, css=before.css if after.css is None else after.css)
    assert vocab.fields == after.fields and vocab.templates == after.templates
    assert text.startswith(TEXT[: TEXT.index("model_type")])


def test_no_edit_changes_nothing() -> None:
    deck = read(TEXT)
    assert edit_deck(TEXT, []) == TEXT
    edits = [NoteEdit(n.position, n.fields, n.tags, n.deck, n.model) for n in deck.notes]
    assert edit_deck(TEXT, [*edits, ModelEdit(deck.models[0])]) == TEXT
    assert edit_deck(TEXT, [NoteEdit(1, tags=("b", "food"))]) == TEXT


def test_a_note_keeps_its_look() -> None:
    edit = NoteEdit(1, {"Spanish": '<img src="pan2.png">', "English": "bread\ntea"}, ("b", "c"))
    assert changed_lines(TEXT, edit_deck(TEXT, [edit])) == (
        ["tags   = ['food', \"b\"]      # sorted by hand"]
        + ["Spanish = '<img src=\"pan.png\">'   # bread", 'butter"""'],
        ['tags   = ["b", "c"]      # sorted by hand']
        + ["Spanish = '<img src=\"pan2.png\">'   # bread", 'tea"""'],
    )


def test_new_keys_stand_below_those_of_their_table() -> None:
    edits = [
        NoteEdit(1, {"Example": "e"}, guid="g", note_id=1),
        NoteEdit(2, {"Example": "e"}, ("t",), note_id=2),
        NoteEdit(3, {"English": "cat"}, ("a", "c"), note_id=3),
    ]
    after = edit_deck(TEXT, edits)
    assert changed_lines(TEXT, after)[0] == [
        "fields = { Spanish = 'uno', English = \"one\" } # inline",
        '  "b",',
    ]
    assert '      # sorted by hand\nguid = "g"\nnote_id = 1\n\n[notes.fields]' in after
    assert 'butter"""\nExample = "e"\n# Example = "later"\n' in after
    inline = 'fields = { Spanish = \'uno\', English = "one" , Example = "e"} # inline\n'
    assert inline.replace(" ", "") + 'tags=["t"]\nnote_id=2\n' in after.replace(" ", "")
    assert '  fields.Spanish = "gato"\n  fields.English = "cat"\ntags = [\n' in after
    assert '  "a", # first\n  "c",\n]\nnote_id = 3\n' in after


def test_new_parts_stand_with_their_kind() -> None:
    edits = [
        NewMedia(MediaDef("a.png", "media/a.png")),
        NewNote(NoteDef("Words", "Cloze", {"Text": 'a\n"b"'}, (), "g", 7)),
        NewDeck(DeckDef("More")),
        NewModel(ModelDef("Cloze", ("Text",), (TemplateDef("C", "{{cloze:Text}}", "x"),), "Text")),
    ]
    after = edit_deck(TEXT, edits)
    assert changed_lines(TEXT, after)[0] == []
    assert "back = '{{English}}'\n\n[[models]]\nname = \"Cloze\"\n" in after
    assert (
        'back = "x"\n\n[[decks]]\nname = "Words"\n\n[[decks]]\nname = "More"\n\n# -- Food' in after
    )
    assert after.endswith(
        """
]

[[notes]]
deck = "Words"
model = "Cloze"
tags = []
guid = "g"
note_id = 7

[notes.fields]
Text = \"\"\"
a
"b\\"\"\"\"

[[media]]
name = "a.png"
path = "media/a.png"
"""
    )


def test_a_removed_note_takes_no_words_around_it_along() -> None:
    assert edit_deck(TEXT, [RemovedNote(2)]) == (
        TEXT[: TEXT.index('[[notes]]\ndeck = "Words"')] + TEXT[TEXT.index("# -- Animals") :]
    )
    after = edit_deck(TEXT, [RemovedNote(1), RemovedNote(2), RemovedNote(3)])
    assert after.endswith(
        'name = "Words"\n\n# -- Food --\n# Example = "later"\n\n# -- Animals --\n'
    )
    assert read(after).notes == ()


def test_a_text_without_a_last_line_end_and_a_description() -> None:
    text = TEXT.rstrip("\n")
    assert edit_deck(text, [NoteEdit(3, note_id=3)]) == text + "\nnote_id = 3"
    after = edit_deck(text, [DeckEdit(DeckDef("Words", "Core"))])
    assert changed_lines(text, after) == ([], ['description = "Core"'])


def test_tables_out_of_order_are_found() -> None:
    start = TEXT[: TEXT.index("# -- Food")]
    text = start + '[[notes]]\ndeck = "Words"\nmodel = "Vocab"\n[[media]]\nname = "a"\npath = "a"\n'
    text += '[notes.fields]\nSpanish = "x"\n'
    assert edit_deck(text, [NoteEdit(1, {"Spanish": "y"})]) == text.replace('"x"', '"y"')
    assert read(edit_deck(text, [RemovedNote(1)])).notes == ()


@pytest.mark.parametrize(
    "edit",
    [NoteEdit(4, note_id=1), RemovedNote(0), DeckEdit(DeckDef("words"))]
    + [ModelEdit(ModelDef("vocab", (), (), ""))],
)
def test_what_is_not_there_cannot_be_edited(edit: Edit) -> None:
    with pytest.raises(ValueError, match="There is no"):
        edit_deck(TEXT, [edit])
