"""Carries an edit from one HTML to another that has the same meaning in another form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..html.comments import keep_place
from ..html.tokens import VOID
from ..text.matching import matching_blocks
from .atoms import CHAR, SPACE, TAG, THING, Atom, read_atoms
from .paired_inserts import Insert, count_opened, element_name, nest_inserts
from .tag_patch import patch_tag

_WITHIN_A_THING = 20  # the most atoms between its tags, for example the sources of a video


class _Word(NamedTuple):
    key: str
    first: int
    last: int


def patch_html(html: str, old: str, new: str, clozes: bool) -> str | None:
    """Apply to ``html`` the edit that leads from ``old`` to ``new``, all in its own form.

    Every byte that the edit does not touch stays. None when the edit touches something in ``old``
    that has no counterpart in ``html``. The caller must read the result and compare it: this
    function is careful, not certain.
    """
    if old == new:
        return html
    whole = "<annotation" in html
    there, before, after = (read_atoms(text, clozes, whole) for text in (html, old, new))
    return _Patch(html, there, before, after, new).apply()


class _Patch:
    def __init__(
        self, html: str, there: list[Atom], before: list[Atom], after: list[Atom], new: str
    ) -> None:
        self.html = html
        self.there = there
        self.before = before
        self.after = after
        self.new = new
        self.place = align(before, there)
        self.mapped = set(self.place.values())
        self.edits: list[tuple[int, int, str]] = []
        self.gone: set[int] = set()  # the atoms to remove
        self.inserts: list[Insert] = []

    def apply(self) -> str | None:
        for changed in diff_atoms(self.before, self.after):
            if not all(self._carry_over(*piece) for piece in self._peel(*changed)):
                return None
        placed = nest_inserts(self.inserts, self.there)
        self.edits += [(at, at, text) for at, text in placed]
        if self.gone:
            self._drop_emptied([at for at, _ in placed])
        self.edits.sort(key=lambda edit: (edit[0], edit[1]))
        parts: list[str] = []
        position = 0
        for start, end, text in self.edits:
            if start < position:
                return None
            parts += [self.html[position:start], text]
            position = end
        parts.append(self.html[position:])
        return "".join(parts)

    def _peel(self, b1: int, b2: int, a1: int, a2: int) -> Iterator[tuple[int, int, int, int]]:
        """Split new text: what it opens before, the text, what it closes. Each has its place."""
        first, last = a1, a2
        if b1 < b2 and all(atom.kind in (CHAR, SPACE) for atom in self.before[b1:b2]):
            while first < last and count_opened(self.after[first : first + 1]) > 0:
                first += 1
            while first < last and count_opened(self.after[last - 1 : last]) < 0:
                last -= 1
        if a1 < first:
            yield b1, b1, a1, first
        yield b1, b2, first, last
        if last < a2:
            yield b2, b2, last, a2

    def _carry_over(self, b1: int, b2: int, a1: int, a2: int) -> bool:
        removed = self.before[b1:b2]
        added = self.after[a1:a2]
        if len(removed) == len(added) == 1 and self._retag(b1, removed[0], added[0]):
            return True
        places = []
        for index, atom in enumerate(removed, b1):
            place = self.place.get(index)
            if place is not None:
                places.append(place)
            elif atom.kind != SPACE:
                return False
        if not places:
            return not added or self._insert(b1, b2, added)
        text = self.new[added[0].start : added[-1].end] if added else ""
        if len(places) == len(added) == 1:
            text = keep_place(self.there[places[0]].source, text)
        if not text:
            self.gone.update(places)
        first = self.there[places[0]]
        self.edits.append((first.start, self._end(places[0]), text))
        for place in places[1:]:
            self.edits.append((self.there[place].start, self._end(place), ""))
        return True

    def _end(self, place: int) -> int:
        """The end of an atom. A thing with tags, for example a video, ends with its end tag."""
        atom = self.there[place]
        if atom.kind == THING and atom.name == "media":
            for follower in self.there[place + 1 : place + _WITHIN_A_THING]:
                if follower.name == f"/{element_name(atom.source)}":
                    return follower.end
        return atom.end

    def _retag(self, index: int, removed: Atom, added: Atom) -> bool:
        place = self.place.get(index)
        if place is None or not removed.kind == added.kind in (TAG, THING):
            return False
        atom = self.there[place]
        source = patch_tag(atom.source, removed.source, added.source)
        if source is None:
            return False
        self.edits.append((atom.start, atom.end, source))
        return True

    def _insert(self, b1: int, b2: int, added: Sequence[Atom]) -> bool:
        left = self.place.get(b1 - 1) if b1 else None
        right = self.place.get(b2) if b2 < len(self.before) else None
        text = self.new[added[0].start : added[-1].end]
        is_hint = text.startswith("::") and b2 < len(self.before) and self.before[b2].name == "}}"
        if left is not None and (right is None or self.before[b1 - 1].kind in (CHAR, SPACE)):
            at = self._end(left)
        elif right is not None and self.before[b2].kind == CHAR:
            at = self.there[right].start
        elif left is not None:
            at = self._end(left)
        elif right is not None:
            at = self.there[right].start
        else:
            return False
        if is_hint and right is not None:  # within an element, it would be cut off with its end
            at = self.there[right].start
        first = 0 if left is None else left + 1
        between = self.there[first : len(self.there) if right is None else right]
        ends = [between[0].start if between else at, *(atom.end for atom in between)]
        places = tuple(end for end in ends if left is None or end >= self._end(left))
        self.inserts.append(Insert(at, text, places, count_opened(added)))
        return True

    def _drop_emptied(self, filled: Sequence[int]) -> None:
        """Also remove elements that only styled removed text, unless something goes in there."""
        opened: list[tuple[int, bool | None]] = []  # start tags; whether all in them is gone
        for index, atom in enumerate(self.there):
            if atom.kind == TAG and atom.name[:1] != "/" and _is_element(atom):
                opened.append((index, None))
                continue
            gone = index in self.gone
            if atom.kind == TAG and atom.name[:1] == "/" and opened:
                start, emptied = opened.pop()
                same = atom.name == "/" + self.there[start].name
                gone = bool(emptied) and same and self._drop(start, index, filled)
            if opened:
                start, emptied = opened[-1]
                opened[-1] = (start, gone and emptied is not False)

    def _drop(self, start: int, end: int, filled: Sequence[int]) -> bool:
        first, last = self.there[start], self.there[end]
        if {start, end} & self.mapped or any(first.end <= p <= last.start for p in filled):
            return False
        self.edits += [(tag.start, tag.end, "") for tag in (first, last)]
        self.gone.update((start, end))
        return True


def _is_element(atom: Atom) -> bool:
    return atom.name not in VOID and atom.name != "!"


def align(before: Sequence[Atom], there: Sequence[Atom]) -> dict[int, int]:
    """The place in ``there`` of each atom of ``before``. Characters and things come first."""
    ours = [index for index, atom in enumerate(before) if atom.kind in (CHAR, THING)]
    theirs = [index for index, atom in enumerate(there) if atom.kind in (CHAR, THING)]
    if [before[i].name for i in ours] == [there[i].name for i in theirs]:
        place = dict(zip(ours, theirs))
    else:
        place = _align_words(before, there)
    anchors = [(-1, -1), *sorted(place.items()), (len(before), len(there))]
    for (b1, t1), (b2, t2) in zip(anchors, anchors[1:]):
        if b2 - b1 > 1 and t2 - t1 > 1:
            _align_between(before, there, (b1 + 1, b2), (t1 + 1, t2), place)
    return place


def _align_words(before: Sequence[Atom], there: Sequence[Atom]) -> dict[int, int]:
    ours = [word for word in _words(before) if before[word.first].kind in (CHAR, THING)]
    theirs = [word for word in _words(there) if there[word.first].kind in (CHAR, THING)]
    place: dict[int, int] = {}
    for o, t, size in matching_blocks([w.key for w in ours], [w.key for w in theirs]):
        for our, their in zip(ours[o : o + size], theirs[t : t + size]):
            place.update(zip(range(our.first, our.last), range(their.first, their.last)))
    return place


def _align_between(
    before: Sequence[Atom],
    there: Sequence[Atom],
    ours: tuple[int, int],
    theirs: tuple[int, int],
    place: dict[int, int],
) -> None:
    names = [before[i].name for i in range(*ours)]
    others = [there[i].name for i in range(*theirs)]
    for o, t, size in matching_blocks(names, others):
        for step in range(size):
            place[ours[0] + o + step] = theirs[0] + t + step


def diff_atoms(
    before: Sequence[Atom], after: Sequence[Atom]
) -> Iterator[tuple[int, int, int, int]]:
    """The ranges in which two sequences of atoms differ, by words, then cut to characters."""
    ours, theirs = list(_words(before)), list(_words(after))
    done = (0, 0)
    blocks = matching_blocks([w.key for w in ours], [w.key for w in theirs])
    for o, t, size in [*blocks, (len(ours), len(theirs), 0)]:
        if (o, t) != done:
            b1, b2 = _span(ours, done[0], o, len(before))
            a1, a2 = _span(theirs, done[1], t, len(after))
            yield _cut(before, after, b1, b2, a1, a2)
        done = (o + size, t + size)


def _span(words: Sequence[_Word], first: int, last: int, length: int) -> tuple[int, int]:
    start = words[first].first if first < len(words) else length
    return (start, words[last - 1].last) if last > first else (start, start)


def _cut(
    before: Sequence[Atom], after: Sequence[Atom], b1: int, b2: int, a1: int, a2: int
) -> tuple[int, int, int, int]:
    while b1 < b2 and a1 < a2 and _same(before[b1], after[a1]):
        b1, a1 = b1 + 1, a1 + 1
    while b1 < b2 and a1 < a2 and _same(before[b2 - 1], after[a2 - 1]):
        b2, a2 = b2 - 1, a2 - 1
    return b1, b2, a1, a2


def _same(one: Atom, other: Atom) -> bool:
    return one.source == other.source and one.kind == other.kind


def _words(atoms: Sequence[Atom]) -> Iterator[_Word]:
    index = 0
    while index < len(atoms):
        first = index
        key = atoms[index].source
        index += 1
        if atoms[first].kind == CHAR and key.isalnum():
            while index < len(atoms) and _goes_on(atoms[index - 1], atoms[index]):
                key += atoms[index].source
                index += 1
        yield _Word(key, first, index)


def _goes_on(left: Atom, right: Atom) -> bool:
    return right.kind == CHAR and left.end == right.start and right.source.isalnum()
