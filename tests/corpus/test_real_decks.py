"""What whole decks promise: one page a note, every word, every link, nothing left over."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import Optional

from anki.collection import Collection
from anki.notes import NoteId

from ..judges.card_words import card_words
from ..judges.cloze_marks import numbers_on_card, numbers_on_page
from ..judges.file_names import refused_names
from ..judges.leftovers import find_leftovers
from ..judges.media_used import media_used
from ..judges.obsidian_tools import missing_targets
from ..judges.page_properties import wrong_properties
from ..judges.page_words import UnexpectedHeading, compare_words, field_words, part_cjk
from ..judges.vault_reader import Page, lost_links
from .exports import CardNote, Export


def test_every_note_has_exactly_one_page(export: Export) -> None:
    pages = Counter(page.note_id for page in export.vault.pages if page.note_id is not None)
    assert pages == Counter(export.notes.keys())
    assert all(page.managed is not None for page in export.vault.pages if page.note_id)
    assert export.report.ok, export.report


def test_pages_show_the_words_of_the_cards(export: Export) -> None:
    wrong = []
    for note in export.notes.values():
        page = export.page_of(note.id)
        outlined = _outlined_field(note) if export.settings.cloze_style == "outline" else None
        for raw_elements in (True, False):
            differences = _compare_fields(note, page, outlined, raw_elements)
            if differences:
                wrong.append(f"{page.path}\n  " + "\n  ".join(differences))
                break
    assert not wrong, f"{len(wrong)} pages differ:\n" + "\n".join(wrong[:25])


def test_cloze_numbers_can_be_read_off_the_page(export: Export) -> None:
    wrong = []
    for note in export.notes.values():
        html = "\x1f".join(html for name, html in note.fields if name in note.cloze_fields)
        others = "\x1f".join(html for name, html in note.fields if name not in note.cloze_fields)
        page = export.page_of(note.id)
        shown = numbers_on_page(page.managed or "") - numbers_on_card(others)
        if shown != numbers_on_card(html):
            wrong.append(f"{page.path}: {dict(numbers_on_card(html))}, page: {dict(shown)}")
    assert not wrong, f"{len(wrong)} pages:\n" + "\n".join(wrong[:40])


def test_nothing_is_left_that_markdown_can_say(export: Export) -> None:
    wrong = [
        f"{leftover.kind}: {leftover.excerpt}  ({page.path})"
        for page in export.vault.pages
        if page.managed is not None
        for leftover in find_leftovers(page.managed, _all_html(export, page.note_id))
    ]
    assert not wrong, f"{len(wrong)} leftovers:\n" + "\n".join(wrong[:40])


def test_every_link_and_embed_leads_to_one_file(export: Export) -> None:
    missing = _targets_missing_in_anki(export)
    lost = [str(link) for link in lost_links(export.vault) if link.target not in missing]
    assert not lost, f"{len(lost)} links:\n" + "\n".join(lost[:40])


def test_embeds_show_the_files_that_the_card_shows(export: Export) -> None:
    media = export.collection.with_suffix(".media")
    wrong = []
    for note in export.notes.values():
        html = _all_html(export, note.id)
        names = [name for name in media_used(html) if name in export.media]
        wanted = {(media / name).read_bytes() for name in names}
        page = export.page_of(note.id)
        files = [export.vault.candidates(k.target, k.page) for k in page.links() if k.embed]
        shown = {
            (export.obsidian_root / file[0]).read_bytes()
            for file in files
            if file and "/occlusion-" not in file[0]  # a picture with its masks is drawn for pages
        }
        if not wanted <= shown or (shown - wanted and "data:" not in html):
            wrong.append(f"{page.path}: {names} → {files}")
    assert not wrong, f"{len(wrong)} pages:\n" + "\n".join(wrong[:40])


def test_every_page_is_reached_from_the_collection_index(export: Export) -> None:
    by_path = {page.path: page for page in export.vault.pages}
    start = [path for path in by_path if path.endswith("_Anki_Collection_Index.md")]
    assert len(start) == 1
    reached, todo = set(start), list(start)
    while todo:
        for link in by_path[todo.pop()].links():
            for path in export.vault.candidates(link.target, link.page)[:1]:
                if path in by_path and path not in reached:
                    reached.add(path)
                    todo.append(path)
    pages = {export.page_of(note_id).path for note_id in export.notes}
    assert pages <= reached, sorted(pages - reached)[:20]


def test_obsidiantools_finds_every_target(export: Export) -> None:
    # It takes ``\\[[x]]`` for a link: what a card says in double brackets is not to be found.
    said = {target for note in export.notes.values() for target in _in_brackets(export, note.id)}
    missing = set(missing_targets(export.obsidian_root)) - _targets_missing_in_anki(export) - said
    assert not missing, f"{len(missing)} targets: {sorted(missing)[:20]}"


def test_properties_are_the_same_for_every_yaml_reader(export: Export) -> None:
    wrong = wrong_properties(export.vault.pages)
    for note in export.notes.values():
        found = export.page_of(note.id).properties
        wanted = {
            "anki_note_id": note.id,
            "anki_guid": note.guid,
            "anki_deck": note.deck,
            "anki_note_type": note.notetype,
        }
        wrong += [
            f"{note.id}: {key} is {found.get(key)!r}, not {value!r}"
            for key, value in wanted.items()
            if found.get(key) != value
        ]
        if len(found.get("tags") or ()) < len({tag.lower() for tag in note.tags}):
            wrong.append(f"{note.id}: {found.get('tags')} for {note.tags}")
    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])


def test_every_name_is_good_on_every_system(export: Export) -> None:
    folder = Path(export.settings.vault_folder).relative_to(export.obsidian_root).as_posix()
    inside = "" if folder == "." else folder + "/"
    paths = [*export.vault.files, *export.vault.folders]
    assert refused_names(path for path in paths if path.startswith(inside)) == []


def test_second_run_touches_nothing(export: Export) -> None:
    before = _times(export.obsidian_root)
    report = export.run_again()
    assert report.ok
    assert _times(export.obsidian_root) == before


def test_ten_edited_notes_touch_their_pages_and_the_indexes_that_say_so(export: Export) -> None:
    ids = sorted(export.notes)
    edited = ids[3 :: max(1, len(ids) // 10)][:10]
    assert len(edited) == 10

    def edit(col: Collection) -> None:
        for position, note_id in enumerate(edited):
            note = col.get_note(NoteId(note_id))
            field = 0 if position < 3 else len(note.fields) - 1
            note.fields[field] += " edited <b>today</b>"
            col.update_note(note)

    files, texts = _times(export.obsidian_root), _contents(export.obsidian_root)
    report = export.run_again(edit)
    assert report.ok, report
    files_after, texts_after = _times(export.obsidian_root), _contents(export.obsidian_root)
    assert texts.keys() == texts_after.keys()
    touched = {path for path in texts if files[path] != files_after[path]}
    assert touched == {path for path in texts if texts[path] != texts_after[path]}
    pages = {export.page_of(note_id).path for note_id in edited}
    assert pages <= touched
    assert all(Path(path).name.startswith("_") for path in touched - pages), touched - pages
    folders = {os.path.dirname(path) for path in touched}
    assert {p for p in files if p not in texts and files[p] != files_after[p]} <= folders


def _compare_fields(
    note: CardNote, page: Page, outlined: Optional[str], raw_elements: bool
) -> list[str]:
    try:
        shown = field_words(
            page.managed or "", [name for name, _ in note.fields], outlined, raw_elements
        )
    except UnexpectedHeading as error:
        return [str(error)]
    differences = []
    for name, html in note.fields:
        on_card, on_page = card_words(html), shown.get(name, [])
        if name == outlined:
            on_card, on_page = part_cjk(on_card), part_cjk(on_page)
        difference = compare_words(on_card, on_page)
        if difference:
            differences.append(f"{name}: {html[:300]!r}\n    {difference}")
    return differences


def _outlined_field(note: CardNote) -> Optional[str]:
    with_words = [n for n, html in note.fields if n in note.cloze_fields and card_words(html)]
    return with_words[0] if with_words else None


def _all_html(export: Export, note_id: Optional[int]) -> str:
    if note_id is None:
        return ""
    return "\n".join(html for _, html in export.notes[note_id].fields)


def _in_brackets(export: Export, note_id: int) -> list[str]:
    return re.findall(r"\[\[([^\]|]+)", _all_html(export, note_id))


def _targets_missing_in_anki(export: Export) -> set[str]:
    """Targets that lead nowhere, on pages of notes that name media that Anki itself lacks."""
    targets = set()
    for note in export.notes.values():
        lacking = [n for n in media_used(_all_html(export, note.id)) if n not in export.media]
        if lacking:
            links = export.page_of(note.id).links()
            lost = [k for k in links if not export.vault.candidates(k.target, k.page)]
            assert len({link.target for link in lost}) <= len(lacking), (note.id, lost, lacking)
            targets.update(link.target for link in lost)
    return targets


def _times(root: Path) -> dict[str, int]:
    return {str(p.relative_to(root)): p.lstat().st_mtime_ns for p in [root, *root.rglob("*")]}


def _contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
