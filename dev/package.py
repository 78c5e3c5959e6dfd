"""Builds ``build/ankivault.ankiaddon``: the add-on as Anki installs it."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "ankivault.ankiaddon"
FILES = (
    "__init__.py",
    "__main__.py",
    "manifest.json",
    "config.json",
    "config.md",
    "config.schema.json",
    "CHANGELOG.md",
    "LICENSE",
    "vendor/__init__.py",
)
FOLDERS = ("cli", "convert", "model", "sync", "ui", "vendor/lib")
PICTURE = re.compile(r"\.\./([\w-]+)\.png")
EPOCH = (2020, 1, 1, 0, 0, 0)  # the same content makes the same archive


def build_package(target: Path = TARGET) -> Path:
    """Write the archive: no folder at its top, nothing but what the add-on needs.

    The file is there whole or not at all, also when several processes write it at once.
    """
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in package_files():
            entry = zipfile.ZipInfo(path.relative_to(ROOT).as_posix(), EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    os.replace(unfinished, target)
    return target


def package_files() -> Iterator[Path]:
    """Every file of the add-on, in a fixed order."""
    yield from (ROOT / name for name in FILES)
    yield from guide_files()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
            if path.is_file() and not hidden:
                yield path


def guide_files() -> Iterator[Path]:
    """The pages of the guide, and the pictures on them, each by day and by night."""
    pages = sorted((ROOT / "docs" / "guide").glob("*.md"))
    yield from pages
    pictures: set[Path] = set()
    for page in pages:
        for name in PICTURE.findall(page.read_text(encoding="utf-8")):
            stem = name.removesuffix("-night").removesuffix("-day")
            files = (ROOT / "docs" / f"{stem}{end}.png" for end in ("", "-day", "-night"))
            pictures.update(file for file in files if file.is_file())
    yield from sorted(pictures)


if __name__ == "__main__":
    built = build_package()
    print(f"{built.relative_to(ROOT)}  {built.stat().st_size:,} bytes", file=sys.stderr)
