"""What a published deck must have, so that its subscribers' updates find their notes and media."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import blake2b, sha256
from pathlib import Path

from ...convert.deck_file.definition import DeckFile, MediaDef, Problem
from ...convert.deck_file.edit import Edit, MediaEdit, NoteEdit, edit_deck
from ..collection.media import keeps_name
from ..run.disk import explain, replace_file
from ..run.done import Done, count_words
from ..run.errors import DeckFileUnavailable
from ..run.regular import open_regular, read_regular
from ..run.report import Message, Report
from .media import MediaPlace, model_media, used_media
from .read.file import bytes_digest, check_file, read_file

FIX = "`python -m ankivault deck publish` writes it"


def derive_guid(name: str, note_id: int) -> str:
    """The guid of a note that has only its author's id: the same for every subscriber.

    ``name`` is that of the package.
    """
    made = blake2b(f"ankivault\x1f{name}\x1f{note_id}".encode(), digest_size=9).digest()
    return urlsafe_b64encode(made).decode()


def check_published(file: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a deck file and its media, as a published one, by line."""
    read = read_file(file)
    problems = [*check_file(file)]
    if read.deck is not None:
        problems += _check_notes(read.deck)
        problems += _check_media(read.deck, MediaPlace(file.parent, file.parent))
        problems += _check_used(read.deck)
    return tuple(sorted(problems, key=lambda problem: problem.line))


def publish_deck(file: Path) -> Report:
    """Write into a deck file what its subscribers need: guids of new notes, digests of media.

    Notes keep the identity that they have. What is wrong with the file is in the report. Raises
    ``DeckFileUnavailable``.
    """
    from anki.utils import guid64

    file = Path(file).expanduser().absolute()
    read = read_file(file)
    told = tuple(Message(p.level, p.message, f"{file}:{p.line}") for p in check_file(file))
    if read.deck is None or any(message.level == "error" for message in told):
        return Report(messages=told)
    edits: list[Edit] = [
        NoteEdit(note.position, guid=guid64())
        for note in read.deck.notes
        if not (note.guid or note.note_id)
    ]
    notes = len(edits)
    try:
        edits += _media_edits(read.deck, MediaPlace(file.parent, file.parent))
    except OSError as error:
        where = f"A media file of “{file}”"
        raise DeckFileUnavailable(f"{where} cannot be read: {explain(error)}.") from error
    text = edit_deck(read.text, edits)
    if text != read.text:
        try:
            if bytes_digest(read_regular(file)) != read.digest:  # all media were read meanwhile
                raise DeckFileUnavailable(
                    f"“{file}” was saved by another program meanwhile, and was left as it is. "
                    "Publish it again."
                )
            replace_file(file, text.encode("utf-8"))
        except OSError as error:
            why = explain(error)
            raise DeckFileUnavailable(f"“{file}” cannot be written: {why}.") from error
    left = [p for p in check_published(file) if p.level == "error"]
    told = tuple(Message(p.level, p.message, f"{file}:{p.line}") for p in left)
    counts = {Done.NOTE_UPDATED_IN_FILE: notes, Done.MEDIA_DESCRIBED: len(edits) - notes}
    return Report(counts, told)


def _media_edits(deck: DeckFile, place: MediaPlace) -> Iterator[MediaEdit]:
    for entry in deck.media:
        digest, size = describe_file(place.source(entry))
        if (entry.sha256 or "").lower() != digest or entry.size != size:
            yield MediaEdit(MediaDef(entry.name, entry.path, digest, size))


def _check_notes(deck: DeckFile) -> Iterator[Problem]:
    for note in deck.notes:
        if not (note.guid or note.note_id):
            text = f"A published note needs a guid, so that an update finds it; {FIX}"
            yield Problem("error", text, note.line, note.position)
    bare = [note for note in deck.notes if note.note_id and not note.guid]
    if bare:
        text = (
            f"{count_words(len(bare), 'note')} without a guid from here on: subscribers find such "
            "a note by its note_id and the package's name, which must never change"
        )
        yield Problem("warning", text, bare[0].line, bare[0].position)


def _check_media(deck: DeckFile, place: MediaPlace) -> Iterator[Problem]:
    bare = [entry for entry in deck.media if entry.sha256 is None]
    for entry in deck.media:
        if not keeps_name(entry.name):
            text = f"Anki takes no media file called “{entry.name}”; give it another name"
            yield Problem("error", text, entry.line)
        if entry.sha256 is None:
            continue
        try:
            digest, size = describe_file(place.source(entry))
        except (OSError, ValueError):
            continue  # that it is missing is told already
        if digest != entry.sha256.lower() or entry.size not in (None, size):
            text = (
                f"“{entry.path}” is another file than its sha256 and size say, and subscribers "
                f"would refuse it; {FIX}"
            )
            yield Problem("error", text, entry.line)
    if bare:
        text = (
            f"{count_words(len(bare), 'media file')} without sha256 from here on: each update asks "
            f"the server for every such file; {FIX}"
        )
        yield Problem("warning", text, bare[0].line)


def _check_used(deck: DeckFile) -> Iterator[Problem]:
    """A warning for media that notes use in HTML and the file does not declare."""
    known = {entry.name for entry in deck.media}
    markdown = {model.name: {*model.markdown_fields} for model in deck.models}
    told: set[str] = set()
    for note in deck.notes:
        html = [t for n, t in note.fields.items() if n not in markdown.get(note.model, ())]
        for name in used_media(html):
            if name not in known | told:
                told.add(name)
                text = f"“{name}” is not under [[media]], so subscribers do not get it"
                yield Problem("warning", text, note.line, note.position)
    for model in deck.models:
        for name in model_media(model):
            if name not in known | told:
                told.add(name)
                text = f"“{name}” is not under [[media]], so subscribers do not get it"
                yield Problem("warning", text, model.line)


def describe_file(file: Path) -> tuple[str, int]:
    """The SHA-256 of a file, in hexadecimal digits, and its size. Raises ``OSError``."""
    made, size = sha256(), 0
    with open_regular(file) as opened:
        while part := opened.read(1 << 20):
            made.update(part)
            size += len(part)
    return made.hexdigest(), size
