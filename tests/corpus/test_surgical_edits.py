"""Every field of every note: what a person edits on its page is all that changes in Anki."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from anki.collection import Collection

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import Segment, join_markdown
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

from ..desks.made_once import MadeOnce
from ..judges.word_edits import other_changes, words_of
from ..stress import STRESS
from .exports import read_notes
from .sample_collections import SOURCES, copy_collection

_MOST_REFUSED = 0.005
_NUMBER = re.compile(r"^## \d+\. ", re.MULTILINE)
_PARTS_A_CLOZE = re.compile(r"goes on here|stands within cloze|has no end: its last line")
_HALF_A_CLOZE = re.compile(r"\{\{c[\d,]+::")
_LINE_END = re.compile(r"(?:\s*<br[^>]*>)+\s*$")


@dataclass(frozen=True)
class Field:
    """A field as a page shows it."""

    place: str
    html: str
    style: FieldStyle

    @property
    def segments(self) -> list[Segment]:
        """What of it is seen."""
        return [s for s in html_to_markdown(self.html, self.style) if s.markdown]

    def edit(self, markdown: str) -> FieldEdit:
        """What an edit of its page makes of it."""
        return edit_field(ConvertedField(self.html, self.style), markdown, _READING)


_READING = VaultNames(
    lambda target: target.rpartition("/")[2], lambda target: f"obsidian://{target}"
)


def style_of(clozes: Clozes) -> FieldStyle:
    return FieldStyle(clozes, lambda name: f"Anki/assets/{name}")


@pytest.fixture(scope="module", params=SOURCES)
def fields(
    request: pytest.FixtureRequest, once: MadeOnce, tmp_path_factory: pytest.TempPathFactory
) -> list[Field]:
    """All fields that hold anything; those with clozes in both styles."""
    file = copy_collection(once, request.param, tmp_path_factory.mktemp("fields"))
    col = Collection(str(file))
    found: list[Field] = []
    for note in read_notes(col).values():
        for name, html in note.fields:
            styles: tuple[Clozes, ...] = ("none",)
            if name in note.cloze_fields:
                styles = ("outline", "inline")
            place = f"{note.id} {name}"
            found += [Field(f"{place} {style}", html, style_of(style)) for style in styles if html]
    col.close()
    return found


def test_what_is_not_edited_is_not_touched(fields: list[Field]) -> None:
    wrong = []
    for field in fields:
        for clozes in ("none", "inline", "outline"):
            styled = Field(field.place, field.html, style_of(clozes))
            markdown = join_markdown(styled.segments)
            for same in (markdown, reformatted(markdown)):
                edit = styled.edit(same)
                if edit != FieldEdit(field.html):
                    wrong.append(f"{field.place} {clozes}: {field.html!r} → {edit}")
    report(wrong, "are changed")


def reformatted(markdown: str) -> str:
    """As a plugin might leave it: other line ends, and spaces at the ends of lines."""
    return markdown.replace("\n", "  \r\n") + "\r\n\r\n"


def test_one_word_changes_and_nothing_else(fields: list[Field]) -> None:
    wrong: list[str] = []
    refused: Counter[str] = Counter()
    edits = 0
    for number, field in enumerate(fields):
        markdown = join_markdown(field.segments)
        spans = words_of(markdown)
        places = [spans[:1], spans[len(spans) // 2 :][:1], spans[-1:]]
        chosen = places if STRESS else places[number % 3 :][:1]
        for start, end in sorted({span for place in chosen for span in place}):
            word = markdown[start:end]
            other = word + "x" if edits % 2 else "Quux"
            edits += 1
            edit = field.edit(markdown[:start] + other + markdown[end:])
            if edit.refusals:
                refused[edit.refusals[0].reason] += 1
                continue
            change = other_changes(field.html, edit.html, word, other)
            if change is not None:
                wrong.append(f"{field.place}: {change}\n  {field.html!r}\n  {edit.html!r}")
    share = sum(refused.values()) / edits
    print(f"{edits} words edited, {share:.2%} refused: {dict(refused)}")
    report(wrong, "change more than a word")
    assert share <= _MOST_REFUSED, refused


def test_lines_come_go_and_move_and_the_others_keep_every_byte(fields: list[Field]) -> None:
    wrong: list[str] = []
    refused: Counter[str] = Counter()
    edits = 0
    for number, field in enumerate(fields):
        segments = field.segments
        if not segments or (number % 4 and len(field.html) < 400):
            continue
        for kept, markdown in rearranged(segments, number):
            edits += 1
            edit = field.edit(markdown)
            if edit.refusals:
                if not _PARTS_A_CLOZE.search(edit.refusals[0].reason):
                    refused[edit.refusals[0].reason] += 1
                continue
            shown = join_markdown(html_to_markdown(edit.html, field.style))
            if plain(shown) != plain(markdown):
                wrong.append(f"{field.place}:\n  {markdown!r}\n  {shown!r}\n  {field.html!r}")
            lost = [s.html for s in kept if text_of(s.html) not in edit.html]
            if lost:
                wrong.append(f"{field.place}: {lost} not in\n  {edit.html!r}\n  {field.html!r}")
    share = sum(refused.values()) / edits
    print(f"{edits} rearranged, {share:.2%} refused: {dict(refused)}")
    report(wrong, "are not as the page says")
    assert share <= _MOST_REFUSED, refused


def rearranged(segments: list[Segment], number: int) -> Iterator[tuple[list[Segment], str]]:
    """Pages with a line, an item or a table more, one less, two swapped, and what is to stay."""
    at = number % len(segments)
    rest = segments[:at] + segments[at + 1 :]
    if not _HALF_A_CLOZE.fullmatch(segments[at].markdown):  # without it, its end would be left
        yield rest, join_markdown(rest)
    new = Segment("", ("A new line", "- a new item", "| a | b |\n| --- | --- |\n| c | d |")[at % 3])
    yield segments, join_markdown([*segments[:at], new, apart(segments[at]), *segments[at + 1 :]])
    yield segments, join_markdown([*segments, new])
    if at + 1 < len(segments):
        one, other = segments[at : at + 2]
        after = [apart(segment) for segment in segments[at + 2 : at + 3]] + segments[at + 3 :]
        swapped = [*segments[:at], apart(other), apart(one), *after]
        yield [*segments[:at], *segments[at + 2 :]], join_markdown(swapped)


def apart(segment: Segment) -> Segment:
    return Segment(segment.html, segment.markdown, "\n\n")


def plain(markdown: str) -> str:
    return canonical(_NUMBER.sub("## ", markdown))


def text_of(html: str) -> str:
    """A slice without what a neighbour may take over: its list's and its cloze's ends, breaks."""
    html = re.sub(r"^\s*<([uo]l)\b[^>]*>\s*(<li\b.*?</li>)\s*</\1>\s*$", r"\2", html, flags=re.S)
    html = re.sub(r"(?:</[uo]l>\s*)+$", "", _LINE_END.sub("", html)).strip()
    return re.sub(r"\}\}</li>$", "", html)


def report(wrong: list[str], what: str) -> None:
    assert not wrong, f"{len(wrong)} fields {what}:\n" + "\n".join(wrong[:20])
