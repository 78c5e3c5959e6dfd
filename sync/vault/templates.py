"""Writes templates for new pages, for Obsidian's Templates plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...convert.page.field_headings import field_heading
from ...convert.page.page_text import BEGIN, END
from ...convert.page.yaml_text import write_string
from ...convert.text.file_names import assign_names, safe_name
from ...model.notetype import FIELDS, NOTE
from ..collection.reads import Notetype, read_notetypes
from ..run.disk import explain
from ..run.done import Done
from ..run.errors import VaultUnavailable
from ..run.report import Message, Report
from .inward.note_checks import is_typed_in
from .read.files import VaultFiles
from .read.folder import find_place_fault

if TYPE_CHECKING:
    from anki.collection import Collection


def write_templates(col: Collection, folder: Path) -> Report:
    """Write a template page for each note type into ``folder``, which must exist.

    Another file with the name of a template is left as it is, with a warning. Raises
    ``VaultUnavailable`` for a folder where no pages may be written.
    """
    fault = find_place_fault(col, folder)
    if fault:
        raise VaultUnavailable(f"{fault.message} Nothing was written.")
    files = VaultFiles(folder, None)
    counts = {Done.TEMPLATE_CREATED: 0, Done.TEMPLATE_UNCHANGED: 0}
    messages = []
    notetypes = {id_: kind for id_, kind in read_notetypes(col).items() if _can_be_typed(col, id_)}
    wanted = {kind.name: f"{safe_name(kind.name, 200)}.md" for kind in notetypes.values()}
    names = assign_names(wanted)
    for notetype in sorted(notetypes.values(), key=lambda kind: kind.name):
        name = names[notetype.name]
        data = template_text(notetype).encode()
        try:
            present = files.read(name)
            if present is None:
                files.write(name, data)
                counts[Done.TEMPLATE_CREATED] += 1
            elif present.replace(b"\r\n", b"\n") == data:
                counts[Done.TEMPLATE_UNCHANGED] += 1
            else:
                text = "There is another file of this name, which was left as it is. Delete it to "
                messages.append(Message("warning", text + "have the template written.", name))
        except OSError as error:
            text = f"The template was not written: {explain(error)}."
            messages.append(Message("error", text, name))
    return Report(counts, tuple(messages))


def template_text(notetype: Notetype) -> str:
    """A page from which Obsidian's Templates plugin makes new notes of this type.

    The plugin replaces ``{{title}}``. A page that still has it is a template, not a new note.
    """
    lines = ["---", f"anki_note_type: {write_string(notetype.name)}", "tags: []", "---"]
    lines.append(f"%% anki:template {{{{title}}}}: {_advice(notetype)} %%")
    lines.append(BEGIN)
    if notetype.fields == FIELDS:
        lines += [f"## {FIELDS[NOTE]}", "", "", "### ", "", ""]
    else:
        for field in notetype.fields:
            lines += [f"## {field_heading(field)}", "", ""]
    return "\n".join([*lines[:-1], END, ""])


def _advice(notetype: Notetype) -> str:
    advice = f"fill in the fields of this “{notetype.name}” note; your own notes go below the end."
    if notetype.fields == FIELDS:
        advice += " Each “###” begins a card: its front is the heading, its answer stands below."
    if notetype.cloze_fields:
        words = " or ".join(f"“{name}”" for name in notetype.cloze_fields)
        advice += f" In {words}, words to hide are marked ==like this==."
    return f"{advice} This line goes when the note is made"


def _can_be_typed(col: Collection, notetype_id: int) -> bool:
    data: Any = col.models.get(notetype_id)  # type: ignore[arg-type]
    return data is not None and is_typed_in(data)
