"""Fetches the vendored libraries and unpacks them into ``vendor/lib`` as part of this package.

Python's come from PyPI (``requirements.txt``), the ones for the cards' page from npm (``web/``),
all of them pinned by version and hash.

Each library's imports of itself and of its neighbours become relative, because the folder of an
installed add-on may have any name and ``sys.path`` is shared with other add-ons.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

VENDOR = Path(__file__).resolve().parent
LIB = VENDOR / "lib"
WEB = VENDOR / "web"
# What of an npm package the add-on takes along: one file, and the licences.
WEB_FILES = {"dompurify": ("dist/purify.min.js", "LICENSE", "LICENSE-MPL")}
# Parts that only work with a compiled module, command lines, and a protocol that nothing of ours
# speaks: the libraries do without them.
LEFT_OUT = (
    *("_yaml/", "yaml/cyaml.py", "markdown_it/cli/"),
    *("watchdog/observers/fsevents", "watchdog/observers/kqueue.py"),
    *("watchdog/watchmedo.py", "watchdog/tricks/"),
    "oauthlib/oauth1/",
)


def fetch(requirements: Path, lib: Path) -> None:
    """Fill ``lib`` with the pinned libraries and their licences. Replaces what was there."""
    with tempfile.TemporaryDirectory(dir=VENDOR) as scratch:
        wheels = Path(scratch, "wheels")
        unpacked = Path(scratch, "lib")
        unpacked.mkdir()
        (unpacked / "__init__.py").write_text('"""Vendored libraries, relocated."""\n')
        download(requirements, wheels)
        archives = [zipfile.ZipFile(wheel) for wheel in sorted(wheels.glob("*.whl"))]
        packages = frozenset(
            PurePosixPath(name).parts[0]
            for archive in archives
            for name in archive.namelist()
            if name.endswith("/__init__.py") and not is_left_out(name)
        )
        for archive in archives:
            unpack(archive, unpacked, packages)
        fetch_web(Path(scratch, "web"), unpacked)
        shutil.rmtree(lib, ignore_errors=True)
        unpacked.rename(lib)


def download(requirements: Path, folder: Path) -> None:
    """Download one wheel of each library, the same on every machine; its hash is checked."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes"]
        + ["--only-binary=:all:", "--implementation=cp", "--python-version=3.9"]
        + ["--platform=manylinux2014_x86_64", "--dest", str(folder)]
        + ["--requirement", str(requirements)],
        check=True,
    )


def fetch_web(scratch: Path, lib: Path) -> None:
    """Fetch the packages of ``web/package-lock.json``; npm checks their hashes."""
    scratch.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(WEB / name, scratch)
    subprocess.run(
        ["npm", "ci", "--prefix", str(scratch), "--omit=optional", "--ignore-scripts"]
        + ["--silent", "--no-audit", "--no-fund"],
        check=True,
    )
    for package, files in WEB_FILES.items():
        for file in files:
            source = scratch / "node_modules" / package / file
            write(lib / package / source.name, source.read_bytes())


def unpack(archive: zipfile.ZipFile, lib: Path, packages: frozenset[str]) -> None:
    """Unpack the Python files and the licences of one wheel."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    own = next(PurePosixPath(n).parts[0] for n in names if PurePosixPath(n).parts[0] in packages)
    for name in names:
        path = PurePosixPath(name)
        if ".dist-info" in path.parts[0]:
            if path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE")):
                write(lib / own / path.name, archive.read(name))
        elif path.suffix == ".py" and not is_left_out(name):
            source = archive.read(name).decode("utf-8")
            write(lib / path, relocate(source, len(path.parts), packages).encode("utf-8"))
        elif path.name == "py.typed":
            write(lib / path, b"")


def is_left_out(name: str) -> bool:
    return name.startswith(LEFT_OUT)


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def relocate(source: str, level: int, packages: frozenset[str]) -> str:
    """``source`` with its absolute imports of ``packages`` made relative.

    ``level`` is the number of dots that lead from the module up to the folder of all packages.
    Raises ``ValueError`` for an import that has no relative form.
    """
    lines = source.encode("utf-8").splitlines(keepends=True)
    statements = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    for node in sorted(statements, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        replacement = relative_form(node, "." * level, packages)
        if replacement is None:
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        head, tail = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        lines[first : last + 1] = [head + replacement.encode("utf-8") + tail]
    return b"".join(lines).decode("utf-8")


def relative_form(
    node: ast.Import | ast.ImportFrom, dots: str, packages: frozenset[str]
) -> str | None:
    """The relative form of one import, or nothing when it is to stay as it is."""
    if isinstance(node, ast.ImportFrom):
        if node.level or (node.module or "").partition(".")[0] not in packages:
            return None
        names = ", ".join(ast.unparse(alias) for alias in node.names)
        return f"from {dots}{node.module} import {names}"
    vendored = [alias for alias in node.names if alias.name.partition(".")[0] in packages]
    if not vendored:
        return None
    parts = []
    for alias in node.names:
        parent, _, name = alias.name.rpartition(".")
        if alias not in vendored:
            parts.append(f"import {ast.unparse(alias)}")
        elif parent and not alias.asname:
            raise ValueError(f"“import {alias.name}” has no relative form")
        else:
            parts.append(
                f"from {dots}{parent} import {name}"
                + (f" as {alias.asname}" if alias.asname else "")
            )
    return "; ".join(parts)


if __name__ == "__main__":
    fetch(VENDOR / "requirements.txt", LIB)
