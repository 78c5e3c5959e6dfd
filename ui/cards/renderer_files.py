"""Installs the files that render dynamic notes' cards each time a profile is opened."""

from __future__ import annotations

import html

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.utils import tooltip


def set_up(mw: AnkiQt) -> None:
    """Put this version's files into the media folder each time a profile is opened.

    Only for profiles with the dynamic note type. Replaces files of an older version. A tooltip
    says if the media folder cannot be used.
    """

    def install() -> None:
        from ...sync.collection.dynamic_type import find_notetype

        if mw.col is None or find_notetype(mw.col) is None:
            return
        from ...sync.collection.renderer import MediaUnavailable, install_renderer

        try:
            install_renderer(mw.col)
        except MediaUnavailable as error:
            tooltip(html.escape(str(error)), parent=mw)

    gui_hooks.profile_did_open.append(install)
