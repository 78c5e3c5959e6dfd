"""What a first run would do, in numbers and plain words."""

from __future__ import annotations

from ...sync.run.done import count_words
from ...sync.vault.changes import VaultPlan
from ..preview.vault_words import explain_plan

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif", ".tiff")


def tell_numbers(plan: VaultPlan) -> str:
    """“3,613 pages, 42 index pages, 214 pictures, in 42 folders. Nothing of yours is touched.”

    A folder that holds pages already is told as the preview does.
    """
    if not {page.kind for page in plan.pages} <= {"create"} or plan.unchanged:
        return explain_plan(plan)
    pages = [page.path for page in plan.pages]
    if not pages:
        return (
            "No page yet: the chosen decks have no notes. Each note that you add to them gets one."
        )
    names = [media.name for media in plan.media]
    pictures = sum(name.lower().endswith(_PICTURES) for name in names)
    others = len(names) - pictures
    parts = [count_words(len(pages), "page")]
    parts += [count_words(len(plan.indexes), "index page")] if plan.indexes else []
    parts += [count_words(pictures, "picture")] if pictures else []
    parts += [count_words(others, "other media file" if pictures else "media file")] * bool(others)
    written = [*pages, *(index.path for index in plan.indexes)]
    folders = len({path.rpartition("/")[0] for path in written})
    return f"{', '.join(parts)}, in {count_words(folders, 'folder')}. Nothing of yours is touched."
