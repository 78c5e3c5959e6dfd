"""Leaves a deck out of the vault or brings it in, and opens its index page: from its gear menu."""

from __future__ import annotations

from anki.decks import DeckId
from aqt.main import AnkiQt
from aqt.utils import ask_user

from ...sync.collection.decks import count_notes_by_deck
from ...sync.collection.reads import read_deck_names
from ...sync.run.done import count_words
from ...sync.vault.deck_choice import change_choice
from ...sync.vault.run import find_index
from ..app import obsidian, profile
from ..app.messages import TITLE, say
from ..app.reading import read_for
from ..runs import vault as sync_now

_LONGEST = 80  # characters of a name in a question


def leave_out(mw: AnkiQt, deck_id: int) -> None:
    """Ask whether a deck and all below it leave the vault; after a yes, sync.

    The run asks once more where many pages go.
    """
    decks = mw.col.decks
    name = decks.name(DeckId(deck_id))
    below = set(decks.deck_and_child_ids(DeckId(deck_id)))

    def ask(counts: dict[int, int]) -> None:
        notes = sum(number for deck, number in counts.items() if deck in below)
        shortened = f"{name[:_LONGEST]}…" if len(name) > _LONGEST else name
        inside = " and the decks in it" if len(below) > 1 else ""
        question = (
            f"Leave “{shortened}”{inside} out of the vault?\n\n"
            f"The pages of {count_words(notes, 'note')} go with this run. A page on which you "
            "wrote goes to the vault’s .trash. The notes in Anki stay as they are."
        )
        ask_user(question, answered, defaults_yes=False, parent=mw, title=TITLE)

    def answered(yes: bool) -> None:
        if yes:
            _change(mw, deck_id, shown=False)

    read_for(mw, mw, count_notes_by_deck, ask)


def bring_in(mw: AnkiQt, deck_id: int) -> None:
    """Give a deck and all below it pages, with a run."""
    _change(mw, deck_id, shown=True)


def open_index(mw: AnkiQt, deck_id: int) -> None:
    """Open a deck's index page in Obsidian. A tooltip says when there is none."""
    settings, _ = profile.get_settings(mw)
    name = mw.col.decks.name(DeckId(deck_id))
    page = find_index(settings, profile.state_folder(mw), name)
    if page:
        obsidian.show_file(page, mw)
    else:
        say("This deck has no index page yet: Sync Now writes it, once it has notes.", parent=mw)


def _change(mw: AnkiQt, deck_id: int, *, shown: bool) -> None:
    settings, _ = profile.get_settings(mw)
    choice = change_choice(read_deck_names(mw.col), settings.deck_choice, deck_id, shown=shown)
    profile.save_settings(mw, settings.with_decks(choice))
    sync_now.run(mw)
