"""The box that has Anki open the links of pages on this computer, and takes that back."""

from __future__ import annotations

from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import QCheckBox, QWidget
from aqt.utils import ask_user, show_warning

from ..app.messages import TITLE, say
from ..app.scheme import LinkScheme, SchemeError, find_scheme

_TIP = (
    "A click on “anki_link” in Obsidian shows the note in Anki, and starts Anki if need be.\n"
    "This is for all profiles, and for your user of this computer alone."
)
_NOT_HERE = "Not on this system: an add-on cannot ask it for such links."


class SchemeBox(QCheckBox):
    """Shows whether Anki opens such links. What is ticked is done when it is saved."""

    def __init__(self, mw: AnkiQt, parent: Optional[QWidget] = None) -> None:
        super().__init__("Have An&ki open these links on this computer", parent)
        self._mw = mw
        self._scheme = find_scheme(mw.pm.base)
        self.setEnabled(self._scheme is not None)
        self.setToolTip(_TIP if self._scheme else _NOT_HERE)
        self._is_ours = False
        self.look()

    def look(self) -> None:
        """Show how it is now."""
        self._is_ours = self._scheme is not None and self._scheme.is_ours()
        self.setChecked(self._is_ours)

    @property
    def is_edited(self) -> bool:
        """Whether anything else is ticked than how it is."""
        return self.isChecked() != self._is_ours

    def save(self) -> None:
        """Do what is ticked. Links that another program opens are taken only after a question."""
        scheme, wanted = self._scheme, self.isChecked()
        if scheme is None or not self.is_edited:
            return
        other = scheme.find_other() if wanted else ""

        def answered(takes: bool) -> None:
            if takes:
                self._change(scheme, wanted=wanted)
            else:
                self._look_again()

        self._is_ours = wanted  # until it is known
        if other:
            text = (
                f"“{other}” opens the links “anki://…” on this computer now.\n\n"
                "Have Anki open them instead? Untick the box, and the other program does again."
            )
            ask_user(text, answered, parent=self._mw, title=TITLE, defaults_yes=False)
        else:
            answered(True)

    def _change(self, scheme: LinkScheme, *, wanted: bool) -> None:
        mw = self._mw

        def work() -> Optional[str]:
            try:
                (scheme.register if wanted else scheme.unregister)()
            except SchemeError as error:
                return str(error)
            return None

        def done(fault: Optional[str]) -> None:
            if fault:
                show_warning(fault, parent=mw, title=TITLE)
            elif wanted:
                say("Anki opens links “anki://…” on this computer now.", parent=mw)
            else:
                say("Links “anki://…” are as they were before.", parent=mw)
            self._look_again()

        mw.taskman.run_in_background(
            work, lambda future: done(future.result()), uses_collection=False
        )

    def _look_again(self) -> None:
        try:
            self.look()
        except RuntimeError:  # Qt has deleted the window meanwhile
            return
