"""The built package: what is in it, and that it lives under any name beside any other add-on."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from ankivault.sync.vault.settings import Settings

from .anki_app import OLDEST_PYTHON, PACKAGE

ROOT = PACKAGE.parent.parent
PYTHONS = [Path(sys.executable), *OLDEST_PYTHON]


def test_holds_the_addon_and_nothing_else() -> None:
    with zipfile.ZipFile(PACKAGE) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        *("__init__.py", "__main__.py", "manifest.json", "CHANGELOG.md", "LICENSE"),
        *("config.json", "config.md", "config.schema.json"),
        *("cli", "convert", "docs", "model", "sync", "ui", "vendor"),
    }
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".so"))]


def test_every_vendored_library_comes_with_its_licence() -> None:
    with zipfile.ZipFile(PACKAGE) as archive:
        names = archive.namelist()
    libraries = {name.split("/")[2] for name in names if name.startswith("vendor/lib/")}
    libraries -= {"__init__.py"}
    assert libraries >= {"yaml", "wcwidth", "tomli", "tomlkit", "markdown_it", "mdurl"}
    assert libraries >= {"dompurify", "watchdog", "oauthlib"}
    for library in libraries:
        assert any(n.startswith(f"vendor/lib/{library}/LICEN") for n in names), library


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: python.parent.parent.name)
@pytest.mark.parametrize("folder", ["ankivault", "1234567890"])
def test_imports_only_itself_whatever_its_folder_is_called(
    python: Path, folder: str, tmp_path: Path
) -> None:
    """Every module of the engine imports, and none of the vendored ones from outside.

    Two of them are for Windows alone.
    """
    with zipfile.ZipFile(PACKAGE) as archive:
        archive.extractall(tmp_path / folder)
    program = """
import importlib, pathlib, sys
foreign = {"yaml", "wcwidth", "tomli", "tomlkit", "markdown_it", "mdurl", "oauthlib", "watchdog",
    "ankivault"}
foreign -= {sys.argv[1]}
windows = {"winapi", "read_directory_changes"}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in foreign:
            raise AssertionError("imported from outside: " + name)
sys.meta_path.insert(0, Refuse())
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    if "ui" not in path.parts and path.stem not in {"__main__", *windows}:
        importlib.import_module(".".join(path.with_suffix("").parts).replace(".__init__", ""))
assert "aqt" not in sys.modules
"""
    done = subprocess.run(
        [str(python), "-B"]
        + ["-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}", folder],
        capture_output=True,
        cwd=tmp_path,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_default_settings_are_the_engines_and_fit_their_schema() -> None:
    config = json.loads((ROOT / "config.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "config.schema.json").read_text(encoding="utf-8"))
    assert config == Settings().as_dict()
    jsonschema.validate(config, schema)
    explained = (ROOT / "config.md").read_text(encoding="utf-8")
    assert all(f"`{key}`" in explained for key in config)
