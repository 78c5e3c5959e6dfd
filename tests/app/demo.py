"""`make demo`: the built package in real Anki, one press on Sync Now, and the vault it makes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from .anki_app import PACKAGE, AnkiApp, AnkiFailed

FOLDER = PACKAGE.parent / "demo"
PAGES = ("What is a cell membrane made of", "Definition of the poverty line")


def main() -> int:
    """Exit status 0 only when everything went well."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    vault = FOLDER / "My Vault" / "Anki"
    vault.mkdir(parents=True)
    (vault.parent / ".obsidian").mkdir()
    anki = AnkiApp(FOLDER / "anki")
    try:
        anki.add_sample_collection()
        anki.install()
        played = anki.play("sync", settings={"vault_folder": str(vault)})
    except AnkiFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Vault: {vault}\n")
    print("\n".join(tree(vault)))
    shown = [next(vault.rglob(f"{title}*.md"), None) for title in PAGES]
    for page in filter(None, shown):
        print(f"\n{'─' * 20} {page.relative_to(vault)} {'─' * 20}\n")
        print(page.read_text(encoding="utf-8"))
    print(f"{'─' * 20} Summary {'─' * 20}\n\n{played.value['summary']}")
    for level, text, page_path in played.value["messages"]:
        print(f"{level}: {text} {page_path}")
    failed = None in shown or any(level == "Error" for level, *_ in played.value["messages"])
    if failed:
        print("\nThe demonstration did not go as it should.", file=sys.stderr)
    return 1 if failed else 0


def tree(folder: Path, indent: str = "") -> Iterator[str]:
    """The files below a folder, drawn as a tree; hidden ones are left out."""
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in entries:
        last = path == entries[-1]
        yield f"{indent}{'└── ' if last else '├── '}{path.name}{'/' if path.is_dir() else ''}"
        if path.is_dir():
            yield from tree(path, indent + ("    " if last else "│   "))


if __name__ == "__main__":
    sys.exit(main())
