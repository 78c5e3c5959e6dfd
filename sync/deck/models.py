"""Compares declared models with Anki's note types, and changes one into the other.

Fields and templates that only Anki has are never removed: that would delete texts, or cards with
their history.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Optional, cast

from ...convert.deck_file.definition import ModelDef, TemplateDef
from ..collection.clean import clean_type_name
from ..collection.reads import find_cloze_fields
from ..run.errors import AnkivaultError
from .base import ModelEntry, digest
from .changes import ModelChange
from .options import DeckOptions, Side

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.models import NotetypeDict, NotetypeId


class NotetypeChanged(AnkivaultError):
    """A note type is not as the plan has seen it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The note type “{name}” was changed in Anki since this was planned.")


@dataclass(frozen=True)
class NotetypeFacts:
    """A note type of Anki: its id, and its definition as a file would declare it."""

    id: int
    definition: ModelDef

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in Anki's order."""
        return self.definition.fields

    @property
    def cloze_fields(self) -> tuple[str, ...]:
        """The fields whose clozes make cards; none in a standard type."""
        return cloze_fields_of(self.definition)


def cloze_fields_of(model: ModelDef) -> tuple[str, ...]:
    """The fields of a model whose clozes make cards; none in a standard model."""
    if model.model_type != "cloze":
        return ()
    return find_cloze_fields(model.fields, (template.front for template in model.templates))


def read_notetypes(col: Collection, ids: Iterable[int]) -> dict[int, NotetypeFacts]:
    """The note types with these ids that exist."""
    found = {}
    for id_ in ids:
        data = col.models.get(cast("NotetypeId", id_))
        if data is not None:
            found[id_] = NotetypeFacts(id_, define_model(data))
    return found


def find_notetype(
    col: Collection, name: str, known: Optional[ModelEntry]
) -> Optional[NotetypeFacts]:
    """The note type with a declared model's name, or else the renamed one that the base knows."""
    data = col.models.by_name(clean_type_name(name))
    if data is None and known is not None:
        data = col.models.get(cast("NotetypeId", known.notetype))
    return NotetypeFacts(int(data["id"]), define_model(data)) if data else None


def define_model(notetype: Mapping[str, Any], markdown_fields: Iterable[str] = ()) -> ModelDef:
    """A note type as a file would declare it."""
    fields = tuple(field["name"] for field in notetype["flds"])
    sort_field = notetype["sortf"]
    wanted = set(markdown_fields)
    return ModelDef(
        name=notetype["name"],
        fields=fields,
        templates=tuple(
            TemplateDef(template["name"], template["qfmt"], template["afmt"])
            for template in notetype["tmpls"]
        ),
        sort_field=fields[sort_field if sort_field < len(fields) else 0],
        model_type="cloze" if notetype["type"] == 1 else "standard",
        markdown_fields=tuple(name for name in fields if name in wanted),
        css=notetype["css"],
    )


def model_digest(model: ModelDef) -> bytes:
    """Bytes that change with a model. Its name and Markdown fields do not count."""
    templates = name_templates(model).templates
    return digest(model.fields, templates, model.sort_field, model.model_type, model.css)


def plan_model(
    model: ModelDef,
    anki: Optional[NotetypeFacts],
    known: Optional[ModelEntry],
    options: DeckOptions,
) -> Optional[ModelChange]:
    """Plan a declared model; None when both sides are the same."""
    if anki is None:
        wanted = model if options.pushes else None
        return ModelChange(model.name, ("Anki has no such note type",), toml=model, to_anki=wanted)
    model = name_templates(model)
    details, full_sync = _differences(model, anki.definition)
    if not details:
        return None
    to_anki = to_toml = None
    winner = _find_winner(model, anki, known, options)
    if winner == "toml":
        merged = _merge_models(model, anki.definition)
        if _differences(merged, anki.definition)[0]:  # else Anki only has more, which stays
            to_anki = merged
    elif winner == "anki":
        to_toml = _as_declared(anki.definition, model)
    return ModelChange(model.name, details, full_sync, model, anki.id, to_anki, to_toml)


def name_templates(model: ModelDef) -> ModelDef:
    """A model with the names of its card templates as Anki stores them: by these they are found."""
    templates = (replace(each, name=clean_type_name(each.name)) for each in model.templates)
    return replace(model, templates=tuple(templates))


def _find_winner(
    model: ModelDef, anki: NotetypeFacts, known: Optional[ModelEntry], options: DeckOptions
) -> Optional[Side]:
    if not options.change_models or model.model_type != anki.definition.model_type:
        return None
    in_toml = known is None or known.toml_digest != model_digest(model)
    in_anki = known is None or known.anki_digest != model_digest(anki.definition)
    return options.rule.winner(in_toml, in_anki)


def _as_declared(anki: ModelDef, model: ModelDef) -> ModelDef:
    """Anki's definition with the file's name, and with the fields that only the file has."""
    more = tuple(name for name in model.fields if name not in anki.fields)
    return replace(
        anki,
        name=model.name,
        fields=(*anki.fields, *more),
        templates=anki.templates if model.templates else (),
        markdown_fields=model.markdown_fields,
    )


def add_fields(model: ModelDef, anki: ModelDef) -> ModelDef:
    """The file's model with the fields that only Anki has: pulled notes need them."""
    more = tuple(name for name in anki.fields if name not in model.fields)
    return replace(model, fields=(*model.fields, *more))


def _merge_models(model: ModelDef, anki: ModelDef) -> ModelDef:
    """The note type after a push: the file's model, with what only Anki has at the end."""
    names = {template.name for template in model.templates}
    return replace(
        add_fields(model, anki),
        name=anki.name,
        templates=(*model.templates, *(t for t in anki.templates if t.name not in names)),
        css=anki.css if model.css is None else model.css,
    )


def _differences(model: ModelDef, anki: ModelDef) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What differs, in words; and those differences that force a full sync in Anki."""
    details: list[str] = []
    costly: list[str] = []
    if model.model_type != anki.model_type:
        details.append(
            f"the file declares a {model.model_type} type, Anki's is {anki.model_type}; a type "
            "cannot become the other, give one of them another name"
        )
    for name in model.fields:
        if name not in anki.fields:
            costly.append(f"field “{name}” is only in the file")
    details += [
        f"field “{name}” is only in Anki" for name in anki.fields if name not in model.fields
    ]
    if not costly and _reordered(model.fields, anki.fields):
        costly.append("the fields are in another order")
    if model.sort_field != anki.sort_field:
        costly.append(f"sort field “{model.sort_field}” in the file, “{anki.sort_field}” in Anki")
    _compare_templates(model, anki, details, costly)
    if model.css is not None and model.css != anki.css:
        details.append("the styling (css) differs")
    return (*costly, *details), tuple(f"{model.name}: {reason}" for reason in costly)


def _compare_templates(
    model: ModelDef, anki: ModelDef, details: list[str], costly: list[str]
) -> None:
    if not model.templates:  # the file declares none
        return
    ours = {template.name: template for template in model.templates}
    theirs = {template.name: template for template in anki.templates}
    for name, template in ours.items():
        if name not in theirs:
            costly.append(f"card template “{name}” is only in the file")
        elif template != theirs[name]:
            details.append(f"card template “{name}” differs")
    details += [f"card template “{name}” is only in Anki" for name in theirs if name not in ours]
    if _reordered(tuple(ours), tuple(theirs)):
        costly.append("the card templates are in another order")


def _reordered(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return [name for name in some if name in others] != [name for name in others if name in some]


def make_notetype(col: Collection, model: ModelDef) -> int:
    """Add a note type; returns its id."""
    notetype = col.models.new(model.name)
    notetype["type"] = int(model.model_type == "cloze")
    if model.css is not None:
        notetype["css"] = model.css
    elif model.model_type == "cloze":
        notetype["css"] += "\n.cloze { font-weight: bold; color: blue; }\n"
    _fill(col, notetype, model if model.templates else replace(model, templates=_usual(model)))
    return int(col.models.add_dict(notetype).id)


def _usual(model: ModelDef) -> tuple[TemplateDef]:
    """The template of a cloze type, as Anki makes it: the first field, then all others."""
    first, *others = model.fields
    below = "".join(f"<br>\n{{{{{name}}}}}" for name in others)
    return (TemplateDef("Cloze", f"{{{{cloze:{first}}}}}", f"{{{{cloze:{first}}}}}{below}"),)


def check_notetype(col: Collection, id_: int, seen: Optional[ModelDef]) -> NotetypeDict:
    """A note type, if it is still as the plan has ``seen`` it; else raises ``NotetypeChanged``.

    A field or a template that came since would go with all its texts and cards.
    """
    notetype = col.models.get(cast("NotetypeId", id_))
    if notetype is None or define_model(notetype) != seen:
        raise NotetypeChanged(seen.name if seen else str(id_))
    return notetype


def change_notetype(col: Collection, id_: int, model: ModelDef, seen: Optional[ModelDef]) -> None:
    """Change a note type to what ``model`` says. Finds fields and templates by their names.

    ``seen`` is how the plan has seen it. Raises what ``check_notetype`` raises.
    """
    notetype = copy.deepcopy(check_notetype(col, id_, seen))
    if model.css is not None:
        notetype["css"] = model.css
    _fill(col, notetype, model)
    col.models.update_dict(notetype)


def _fill(col: Collection, notetype: NotetypeDict, model: ModelDef) -> None:
    fields = {field["name"]: field for field in notetype["flds"]}
    notetype["flds"] = [fields.get(name) or col.models.new_field(name) for name in model.fields]
    templates = {template["name"]: template for template in notetype["tmpls"]}
    notetype["tmpls"] = []
    for wanted in model.templates:
        template = templates.get(wanted.name) or col.models.new_template(wanted.name)
        template.update(qfmt=wanted.front, afmt=wanted.back)
        notetype["tmpls"].append(template)
    notetype["sortf"] = model.fields.index(model.sort_field)
