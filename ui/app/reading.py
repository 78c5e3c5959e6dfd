"""Reads in the background for a window, which may be closed before the outcome comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional, TypeVar

from anki.collection import Collection
from aqt.main import AnkiQt
from aqt.operations import QueryOp
from aqt.qt import QWidget
from PyQt6 import sip

T = TypeVar("T")


def read_for(
    window: QWidget,
    mw: AnkiQt,
    read: Callable[[Collection], T],
    show: Callable[[T], object],
    fail: Optional[Callable[[Exception], object]] = None,
    *,
    uses_collection: bool = True,
) -> None:
    """Call ``show`` with what ``read`` brings; after an error ``fail``, or the log tells it.

    Neither is called when Qt has deleted the window, or when the profile was closed meanwhile.
    With ``uses_collection`` it waits for its turn after other operations on the collection.
    """
    opened = mw.col

    def is_there() -> bool:
        return not (sip.isdeleted(mw) or sip.isdeleted(window)) and mw.col is opened

    def use(value: T) -> None:
        if is_there():
            show(value)

    def tell(error: Exception) -> None:
        if is_there():
            (fail or mw.addonManager.get_logger(__name__).warning)(error)

    operation = QueryOp(parent=mw, op=read, success=use).failure(tell)
    (operation if uses_collection else operation.without_collection()).run_in_background()
