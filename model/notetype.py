"""The parts of the dynamic note type: its name, fields, templates and style.

A type in a collection is never changed: a breaking change is a type with a new name.
"""

from __future__ import annotations

NAME = "Ankivault 0.1.0"  # in Anki; the version is the one that introduced the type
DISPLAY_NAME = "Ankivault"  # in TOML
SLOTS = 100
NOTETYPE_ID = 1_795_000_000_100  # the same in every collection, so that devices share one type

LINK, NOTE, DATA, MEDIA = 0, 1, 2, 3  # positions in FIELDS
FIRST_SLOT_FIELD = 4
CARD_NAMES = tuple(f"Card {slot}" for slot in range(1, SLOTS + 1))
FIELDS = ("Link", "Note", "Data", "Media", *CARD_NAMES)
SORT_FIELD = NOTE

CSS = '@import url("_ankivault_0_1_0.css");\n'

_KEPT = "Do not edit: Ankivault keeps this. In the browser: Notes ▸ Edit Dynamic Note…"
_DESCRIPTIONS = {
    "Link": "Where this note comes from",
    "Note": "What all cards of this note are about",
}


def describe_field(name: str) -> str:
    """The hint that Anki's editor shows in the empty field."""
    return _DESCRIPTIONS.get(name, _KEPT)


def front_template(slot: int) -> str:
    """The front of a slot's card: empty when the slot's field is empty, so that no card is made."""
    return _template(slot, "front", "")


def back_template(slot: int) -> str:
    """The back of a slot's card. Only here are the note and its link: they may show the answer."""
    return _template(slot, "back", _MORE)


def browser_template(slot: int) -> str:
    """The text in the question and answer columns of Anki's browser, which runs no scripts."""
    return f"{{{{{CARD_NAMES[slot - 1]}}}}}"


_MORE = """\
<div class="ankivault-more">
{{#Note}}<details><summary class="tappable">Note</summary>
<div class="ankivault-note" dir="auto">{{Note}}</div></details>{{/Note}}
{{#Link}}<div class="ankivault-link">{{Link}}</div>{{/Link}}
</div>
"""


def _template(slot: int, side: str, more: str) -> str:
    # All that a later version might change is in the script and its style. The user's HTML comes
    # last, so that broken HTML there breaks nothing else.
    name = CARD_NAMES[slot - 1]
    return f"""\
{{{{#{name}}}}}
<div id="ankivault" class="ankivault" data-side="{side}">
<p class="ankivault-unready">Card “<span id="ankivault-id">{{{{{name}}}}}</span>”:
its text shows where scripts run and the file _ankivault_0_1_0.js is in the media folder.</p>
</div>
<script type="application/json" id="ankivault-data">{{{{Data}}}}</script>
<script type="text/plain" id="ankivault-media">{{{{Media}}}}</script>
<script src="_ankivault_0_1_0.js"></script>
{more}{{{{/{name}}}}}
"""
