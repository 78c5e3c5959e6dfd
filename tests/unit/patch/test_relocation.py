"""Vendored libraries import themselves and each other relatively, and all else as before."""

from __future__ import annotations

import ast

import pytest

from ankivault.vendor.fetch import relocate

OURS = frozenset({"yaml", "mdurl"})


@pytest.mark.parametrize(
    ("written", "level", "relocated"),
    [
        ("from yaml import load", 2, "from ..yaml import load"),
        ("from yaml.nodes import Node as N, Mark", 3, "from ...yaml.nodes import Node as N, Mark"),
        ("import yaml", 2, "from .. import yaml"),
        ("import mdurl as m", 2, "from .. import mdurl as m"),
        ("import yaml.nodes as nodes", 2, "from ..yaml import nodes as nodes"),
        ("import os, mdurl", 2, "import os; from .. import mdurl"),
        ("from mdurl import (\n    decode,  # comment\n    encode,\n)", 2, None),
        ("if True:\n    from yaml import *", 2, "if True:\n    from ..yaml import *"),
        ("'ü'; import yaml; x = 1", 2, "'ü'; from .. import yaml; x = 1"),
    ],
)
def test_imports_of_vendored_libraries_become_relative(
    written: str, level: int, relocated: str | None
) -> None:
    found = relocate(written, level, OURS)
    assert found == (relocated or "from ..mdurl import decode, encode")


@pytest.mark.parametrize(
    "source",
    ["import os.path", "from . import nodes", "from .yaml import x", "import yamllint", "yaml = 1"],
)
def test_everything_else_stays_byte_for_byte(source: str) -> None:
    assert relocate(source, 2, OURS) == source


def test_an_import_without_a_relative_form_is_refused() -> None:
    with pytest.raises(ValueError, match=r"import yaml\.nodes"):
        relocate("import yaml.nodes", 2, OURS)


def test_the_result_compiles_where_several_imports_share_a_line() -> None:
    ast.parse(relocate("import yaml; import mdurl, os; from yaml import a, b\n", 2, OURS))
