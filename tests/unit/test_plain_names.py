"""No name of a deck, a page or a file is taken for HTML: the windows' code cannot say it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
PLAIN = {"plain_tip", "plain_title", "shortcut", "escape"}
# What Qt or Anki would draw as HTML, or may: the functions of ``app`` stand before them.
OWNERS = {
    "tooltip": "app/messages.py",
    "showInfo": "",
    "showWarning": "",
    "showCritical": "",
    "showText": "",
    "askUser": "",
    "QLabel": "app/labels.py",
}


def modules() -> Iterator[tuple[str, ast.AST]]:
    for file in sorted(UI.rglob("*.py")):
        yield file.relative_to(UI).as_posix(), ast.parse(file.read_text("utf-8"))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_ours(text: ast.expr) -> bool:
    """Whether a text is written in the code, or made plain."""
    if isinstance(text, ast.IfExp):
        return is_ours(text.body) and is_ours(text.orelse)
    if isinstance(text, ast.Call):
        return name_of(text) in PLAIN
    constant = isinstance(text, ast.Name) and text.id.strip("_").isupper()
    return constant or isinstance(text, ast.Constant)


def calls_of(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of these methods, each with its place."""
    for path, tree in modules():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and name_of(call) in names:
                yield f"{path}:{call.lineno}", call


def test_a_tooltip_with_a_name_is_made_plain() -> None:
    bare = [
        place
        for place, call in calls_of("setToolTip", "setStatusTip", "setWhatsThis")
        if not is_ours(call.args[-1])
    ]
    assert bare == [], "give these through plain_tip of app/labels.py"


def test_a_window_title_keeps_its_names_as_they_are() -> None:
    bare = [
        place
        for place, call in calls_of("setWindowTitle")
        if not is_ours(call.args[-1])
        and "{" in ast.unparse(call)
        and "[*]" not in ast.unparse(call)  # the mark of unsaved changes, where it is meant
    ]
    assert bare == [], "give these through plain_title of app/labels.py"


@pytest.mark.parametrize("name", OWNERS)
def test_labels_and_messages_are_made_in_one_place(name: str) -> None:
    made = {
        path
        for path, tree in modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and name_of(call) == name
        and not all(map(is_ours, call.args[:1]))
    }
    assert made <= {OWNERS[name]}, "use plain_label of app/labels.py, or say of app/messages.py"


def test_every_question_says_what_enter_presses() -> None:
    """The way out, except where the answer only shows something: see ``tests/app/boxes.py``."""
    told = {"ask_user": "defaults_yes", "ask_user_dialog": "default_button"}
    silent = [
        place
        for name, key in told.items()
        for place, call in calls_of(name)
        if key not in {keyword.arg for keyword in call.keywords}
    ]
    assert silent == [], f"say {told}"
