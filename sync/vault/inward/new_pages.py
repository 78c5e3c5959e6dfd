"""Plans new notes for pages that a person wrote, or made as a copy. Writes nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Optional

from ....convert.edit.cloze_numbers import highest_number
from ....convert.edit.field_edit import edit_field
from ....convert.page.claim import claim_page, drop_hints, is_template
from ....convert.page.field_reading import FieldSection, read_managed
from ....convert.page.new_page import open_new_page, read_new_page
from ....convert.page.note import NoteText, PageProblem, PageStyle
from ....convert.page.page_text import split_page, update_page
from ....convert.page.properties import PropertiesError, read_own
from ....convert.page.property_edits import read_edits
from ....convert.page.render import ConvertedNote, note_title, own_properties, render_managed
from ....convert.vault_names import VaultNames
from ....model.notetype import FIELDS
from ...collection.clean import clean_deck_name, clean_tags, clean_text
from ...collection.decks import DeckNames
from ...collection.reads import Notetype
from ...reconcile.note_change import FieldChange, NoteChange
from ...run.disk import explain
from ...run.encodings import decode_page, encode_page
from ...run.faults import tell_fault
from ...run.report import Message
from ..outward.claims import Claims, InUse
from ..outward.page_planner import Findings
from ..read.layout import Layout
from ..read.note_fields import read_fields, shown_texts
from ..read.pages_on_disk import digest_of
from ..read.unknown_pages import Copy
from ..rows import pack
from .deck_moves import tell_filtered, tell_left_out
from .drafts import Draft, Left, check_encoding, line_of, refuse_edit
from .field_merge import read_same
from .incoming_media import PageMedia
from .note_checks import find_notetype, refuse_note
from .page_cards import make_values, read_card_page, tell_card
from .two_way_run import TwoWayRun

LEFT = "The page is left as it is, and no note was made"


@dataclass
class NewPagePlanner:
    """Plans new notes. They, messages and questions go into ``run.findings``."""

    run: TwoWayRun
    _guids: InUse
    _firsts: InUse

    @property
    def _style(self) -> PageStyle:
        return self.run.maker.style

    @property
    def _layout(self) -> Layout:
        return self.run.snapshot.layout

    @property
    def _decks(self) -> DeckNames:
        return self.run.snapshot.anki.decks

    def plan_new(self, path: str) -> None:
        """Plan a note for a new page, unless it is a template."""
        obsidian = self.run.snapshot.obsidian
        if not obsidian.templates.holds(obsidian.prefix + path):
            self._plan_page(path, None)

    def plan_copy(self, copy: Copy) -> None:
        """Ask about a copied page, and plan a note for it when the answer says so."""
        answers, findings = self.run.direction.answers, self.run.findings
        question = copy.ask(
            answers,
            f"This is a copy of the page “{copy.page}”. Is it to be a note of its own?",
            ("create", "leave", "later"),
        )
        refused = self._try_copy(copy) if question.answer != "create" else []
        if refused:
            text = " ".join(dict.fromkeys(message.text for message in refused))
            question = copy.ask(answers, text, ("leave", "later"))
            findings.messages += refused if not copy.was_told and question.is_open else ()
        findings.questions.append(question)
        if question.answer == "create":
            self._plan_page(copy.path, copy)

    def _try_copy(self, copy: Copy) -> list[Message]:
        """Why no note can be made of a copy; empty when one can."""
        media, found = self.run.media, Findings()
        media = media.without(frozenset(), Claims(asked=media.claims.asked))
        run = replace(self.run, media=media, findings=found)
        trial = NewPagePlanner(run, self._guids.on_trial(), self._firsts.on_trial())
        trial._plan_page(copy.path, copy)
        about = f"This is a copy of the page “{copy.page}”."
        return [] if found.notes else [replace(m, text=f"{about} {m.text}") for m in found.messages]

    def _plan_page(self, path: str, copy: Optional[Copy]) -> None:
        try:
            data = self.run.snapshot.texts.read(path)
            if data is None:
                return
            text = decode_page(data)
            if copy is None and is_template(text):
                return
            check_encoding(text)
            if copy is None:
                draft = self._read_new(path, text)
            else:
                draft = self._read_copy(path, text, copy.note_id)
            if draft.values is None:
                self._check(draft.note)
            own = own_properties(
                replace(draft.note, note_id=1), self._style, note_title(draft.note)
            )
            update_page(
                draft.claimed, own, None, ""
            )  # or the note would be there, and its page not
        except OSError as error:
            self._tell(path, [PageProblem(0, f"it cannot be read: {explain(error)}")])
        except PropertiesError as error:
            what = f"the properties cannot be read ({error.message})"
            self._tell(path, [PageProblem(error.line, what)])
        except Left as left:
            self._tell(path, left.problems)
        except Exception as error:
            self.run.snapshot.anki.check_open()
            self.run.findings.messages.append(
                tell_fault(error, f"the page “{path}”", path, left=f"{LEFT}")
            )
        else:
            what = "copy of another page" if copy else "new page"
            self._take(path, data, draft, f"{what}, in the deck {draft.note.deck}")

    def _take(self, path: str, data: bytes, draft: Draft, reason: str) -> None:
        note = draft.note
        self.run.findings.messages += draft.media.tell_missing(decode_page(data))
        self._guids.add(note.guid)
        if draft.values is None:
            self._firsts.add((note.notetype, note.fields[0][1]))
        cards = (change for card in note.cards for change in tell_card(card, added=True))
        claimed = encode_page(draft.claimed)
        self.run.findings.notes.append(
            NoteChange(
                kind="create",
                note_id=0,
                path=path,
                title=note_title(note),
                reason=reason,
                notetype=note.notetype,
                fields=(
                    *(FieldChange(name, "", html) for name, html in note.fields if html),
                    *cards,
                ),
                values=draft.values,
                tags=((), note.tags),
                deck=("", note.deck),
                clozes_added=draft.clozes,
                media=tuple(draft.media.incoming.values()),
                guid=note.guid,
                file_digest=digest_of(data),
                claimed=None if claimed == data else pack(claimed),
            )
        )

    def _read_new(self, path: str, text: str) -> Draft:
        found = read_own(split_page(text).front_matter)
        kind = self._find_notetype(found.notetype or "", text)
        empty = _empty_note(kind)
        if kind.fields == FIELDS:
            return self._read_new_cards(path, text, empty)
        page = read_new_page(drop_hints(text), _name_of(path), empty, self._style)
        if page.problems:
            raise Left(*page.problems)
        deck = self._find_deck(path, page.deck, text)
        fields, clozes, media = self._read_fields(
            path, page.sections, ConvertedNote(empty, self._style)
        )
        tags = clean_tags(page.tags) if self._style.include_tags else ()
        guid = self._guid_for(page.guid)
        note = replace(empty, guid=guid, deck=deck, fields=fields, tags=tags)
        managed = self._keep_text(page.managed, note, media)
        return Draft(note, claim_page(text, guid, page.above, managed), clozes, media)

    def _read_new_cards(self, path: str, text: str, empty: NoteText) -> Draft:
        """Read a dynamic note. The ids of its cards are on the page before the note is added."""
        page, body, line = open_new_page(drop_hints(text), empty)
        names, media = self.run.read_names(path, ())
        note, problems = read_card_page(body, line, ConvertedNote(empty, self._style), names)
        problems += page.problems
        values = None if problems else make_values(note, line, problems)
        if problems:
            raise Left(*problems)
        note = replace(
            note,
            guid=self._guid_for(page.guid),
            deck=self._find_deck(path, page.deck, text),
            tags=clean_tags(page.tags) if self._style.include_tags else (),
        )
        managed = render_managed(note, self._style)
        return Draft(note, claim_page(text, note.guid, page.above, managed), (), media, values)

    def _read_copy(self, path: str, text: str, copied: int) -> Draft:
        """Read a copied page. Fields that were not edited are those of the original note."""
        row = self.run.snapshot.anki.find_note(copied)
        parts = split_page(text)
        if row is None or row.notetype not in self.run.snapshot.notetypes:
            raise Left(PageProblem(0, "the note that it is a copy of is gone"))
        if parts.managed is None:
            raise Left(PageProblem(0, "its marks %% anki:begin %% and %% anki:end %% are gone"))
        managed = parts.managed.replace("\r\n", "\n")
        original = self.run.maker.read_note(row, "")
        self._find_notetype(original.notetype, text)
        before = len(parts.text) - len(parts.managed + parts.end + parts.tail)
        first_line = parts.text.count("\n", 0, before) + 1
        draft = self._read_copied(path, managed, first_line, original)
        found = read_own(parts.front_matter)
        edits = read_edits(
            parts.front_matter, own_properties(original, self._style, ""), original.tags
        )
        gone = {*edits.tags_removed, "leech", "marked"} if self._style.include_tags else set()
        tags = [*(tag for tag in original.tags if tag not in gone), *edits.tags_added]
        folder = self._layout.deck_of(path.rpartition("/")[0])
        named = "" if folder in self._layout.folders else found.deck or ""
        note = replace(
            draft.note,
            note_id=0,
            guid=self._guid_for(found.guid if found.guid != row.guid else ""),
            deck=self._find_deck(path, named, text),
            tags=clean_tags(tags),
        )
        managed = self._keep_text(managed, note, draft.media)
        return replace(draft, note=note, claimed=claim_page(text, note.guid, "", managed))

    def _read_copied(self, path: str, managed: str, line: int, original: NoteText) -> Draft:
        """Read the fields and cards of a copied page."""
        shown = ConvertedNote(original, self._style)
        if original.cards:
            names, media = self.run.read_names(path, shown_texts(original))
            note, problems = read_card_page(managed, line, shown, names)
            values = None if problems else make_values(note, line, problems)
            if problems:
                raise Left(*problems)
            return Draft(note, "", (), media, values)
        found = read_managed(managed, line, shown)
        if found.problems:
            raise Left(*found.problems)
        fields, clozes, media = self._read_fields(path, found.sections, shown)
        fields = tuple((name, "" if name in found.emptied else html) for name, html in fields)
        return Draft(replace(original, fields=fields), "", clozes, media)

    def _read_fields(
        self, path: str, sections: Iterable[FieldSection], before: ConvertedNote
    ) -> tuple[tuple[tuple[str, str], ...], tuple[int, ...], PageMedia]:
        """The fields as HTML, the numbers of their new clozes, and the media they embed."""
        names, media = self.run.read_names(path, (html for _, html in before.note.fields))
        fields = dict(before.note.fields)
        clozes: set[int] = set()
        for section in sections:
            others = "".join(html for name, html in fields.items() if name != section.name)
            edit = edit_field(
                before.text(fields[section.name], section.clozes),
                section.markdown,
                names,
                highest_number(others) + 1,
            )
            refuse_edit(edit, section)
            fields[section.name] = clean_text(edit.html)
            clozes.update(edit.clozes_added)
        return tuple(fields.items()), tuple(sorted(clozes)), media

    def _keep_text(self, managed: str, note: NoteText, media: PageMedia) -> str:
        """The page's own text if it reads back as the note, else the text made from the note.

        It does not when a new cloze has no number yet, or when a media file gets another name.
        """
        renamed = any(posixpath.basename(m.source) != m.name for m in media.incoming.values())
        names = VaultNames(media, self.run.snapshot.obsidian.link_reader(media.path))
        converted = ConvertedNote(note, self._style)
        if not renamed and not note.cards and read_same(managed, converted, names):
            return managed
        return converted.managed

    def _find_notetype(self, wanted: str, text: str) -> Notetype:
        try:
            return find_notetype(wanted, self.run.snapshot.notetypes.values())
        except LookupError as error:
            raise Left(PageProblem(line_of(text, "anki_note_type"), str(error.args[0]))) from None

    def _find_deck(self, path: str, wanted: str, text: str) -> str:
        """The deck that the page names, or else the one of its folder. Raises ``Left``."""
        line = line_of(text, "anki_deck") if wanted else 0
        deck = clean_deck_name(wanted) if wanted else self._layout.deck_of(path.rpartition("/")[0])
        id_ = self._decks.find(deck or "")
        name = self._decks.names.get(id_, deck or "")
        filtered = tell_filtered(self._decks, name)
        if filtered:
            raise Left(PageProblem(line, filtered))
        is_nowhere = not wanted and deck not in self._layout.folders
        if deck and self._layout.leaves_out(name) and not (is_nowhere and not id_):
            raise Left(PageProblem(line, tell_left_out(self._decks, name)))
        if is_nowhere:
            text = "it is in no deck's folder; move it into one, or name its deck as “anki_deck: …”"
            raise Left(PageProblem(0, text))
        return name

    def _check(self, note: NoteText) -> None:
        """Check that Anki would accept the note and make cards of it. Raises ``Left``."""
        name, first = note.fields[0]
        if (note.notetype, first) in self._firsts:
            raise Left(PageProblem(0, f"another new page has the same “{name}”"))
        refusal = refuse_note(self.run.snapshot.anki, note)
        if refusal:
            raise Left(PageProblem(0, refusal))

    def _guid_for(self, guid: Optional[str]) -> str:
        """The guid on the page, from a run that was killed, or a new one."""
        from anki.utils import guid64

        return guid if guid and guid not in self._guids else guid64()

    def _tell(self, path: str, problems: Iterable[PageProblem]) -> None:
        for problem in problems:
            what = problem.text[:1].upper() + problem.text[1:].rstrip(".")
            what = f"Line {problem.line}: {what}" if problem.line else what
            end = "" if what.endswith("?") else "."
            text = f"{what}{end} {LEFT}."
            self.run.findings.messages.append(Message("warning", text, path))


def _empty_note(notetype: Notetype) -> NoteText:
    return NoteText(
        note_id=0,
        guid="",
        deck="",
        notetype=notetype.name,
        fields=read_fields("", notetype.fields)[0],
        tags=(),
        cloze_fields=notetype.cloze_fields,
        title_field=notetype.sort_field,
    )


def _name_of(path: str) -> str:
    """A page's name as Obsidian shows it."""
    name = path.rpartition("/")[2]
    return name[:-3] if name[-3:].lower() == ".md" else name
