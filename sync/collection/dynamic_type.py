"""Finds the dynamic note type in a collection, or adds it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional, cast

from ...model.notetype import (
    CARD_NAMES,
    CSS,
    DATA,
    FIELDS,
    NAME,
    NOTETYPE_ID,
    SLOTS,
    SORT_FIELD,
    back_template,
    browser_template,
    describe_field,
    front_template,
)
from ..run.errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.models import NotetypeDict, NotetypeId


class ForeignNotetype(AnkivaultError):
    """A different note type has the name of the dynamic one."""

    def __init__(self) -> None:
        super().__init__(
            f"This collection has a note type called “{NAME}” whose fields or card types are not "
            "Ankivault's. If you changed them, change them back; otherwise give that note type "
            "another name in Tools ▸ Manage Note Types. Then try again."
        )


def find_notetype(col: Collection) -> Optional[int]:
    """The id of the collection's dynamic note type, if it has one."""
    ours = find_notetypes(col)
    return ours[0] if ours else None


def find_notetypes(col: Collection) -> tuple[int, ...]:
    """The ids of all types that are the dynamic one, the one for new notes first.

    The fields and templates identify the type: an import may change its id, and a person its
    name and style.
    """
    assert col.db is not None
    alike = col.db.list(
        "select ntid from fields group by ntid having count() = ? order by ntid != ?, ntid",
        len(FIELDS),
        NOTETYPE_ID,
    )
    return tuple(id_ for id_ in alike if is_dynamic(col, id_))


def is_dynamic(col: Collection, notetype_id: int) -> bool:
    """Whether a note type has the fields and templates of the dynamic one.

    The templates may differ, as long as each one still belongs to its own slot.
    """
    data = col.models.get(cast("NotetypeId", notetype_id))
    return (
        data is not None
        and data["type"] == 0
        and tuple(field["name"] for field in data["flds"]) == FIELDS
        and len(data["tmpls"]) == SLOTS
        and all(
            f"{{{{#{name}}}}}" in template["qfmt"]
            for name, template in zip(CARD_NAMES, data["tmpls"])
        )
    )


def ensure_notetype(col: Collection) -> int:
    """The id of the dynamic note type. Adds the type if the collection has none.

    Needs no full sync. Anki forgets its undo steps when the type is new: call this before you
    open one. Raises ``ForeignNotetype`` when another type has its name.
    """
    found = find_notetype(col)
    if found is not None:
        return found
    if col.models.by_name(NAME):
        raise ForeignNotetype
    data = _define(col)
    if col.models.get(cast("NotetypeId", NOTETYPE_ID)):
        return int(col.models.add_dict(data).id)
    # Two devices may both add the type before they sync: the same id makes it one type.
    data["id"] = NOTETYPE_ID
    data["mod"], data["usn"] = int(time.time()), -1
    added = col._backend.add_or_update_notetype(
        json=json.dumps(data).encode(), preserve_usn_and_mtime=True, skip_checks=False
    )
    return int(added)


def _define(col: Collection) -> NotetypeDict:
    """Make the type. Its parts have the same ids everywhere, because an import compares them."""
    data: dict[str, Any] = col.models.new(NAME)
    data["css"], data["sortf"] = CSS, SORT_FIELD
    for position, name in enumerate(FIELDS):
        field = col.models.new_field(name)
        field["id"] = NOTETYPE_ID * 1000 + position
        field["description"] = describe_field(name)
        field["collapsed"] = position >= DATA
        field["preventDeletion"] = True
        col.models.add_field(data, field)
    for slot, name in enumerate(CARD_NAMES, 1):
        template = col.models.new_template(name)
        template["id"] = NOTETYPE_ID * 1000 + len(FIELDS) + slot
        template["qfmt"], template["afmt"] = front_template(slot), back_template(slot)
        template["bqfmt"] = template["bafmt"] = browser_template(slot)
        col.models.add_template(data, template)
    return data


def pick_dynamic(col: Collection, note_ids: Iterable[int]) -> list[int]:
    """The dynamic ones among these notes, by id."""
    types = ",".join(map(str, find_notetypes(col)))
    ids = ",".join(map(str, note_ids))
    assert col.db is not None
    query = f"select id from notes where id in ({ids}) and mid in ({types}) order by id"
    return cast("list[int]", col.db.list(query)) if types and ids else []
