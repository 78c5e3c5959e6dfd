"""A field for Markdown, into which pictures and sounds can be pasted or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import (
    QBuffer,
    QFocusEvent,
    QImage,
    QIODevice,
    QKeySequence,
    QMimeData,
    QPlainTextEdit,
    QShortcut,
    Qt,
    QTextCursor,
    QTextDocument,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ..app.messages import say
from ..app.reading import read_for
from .clipboard_html import cut_fragment
from .pasting import Pasted, read_html
from .wrapped_lines import join_wrapped

_MEDIA = frozenset(
    ".jpg .jpeg .png .gif .svg .webp .avif .bmp .ico .tif .tiff"
    " .mp3 .ogg .oga .opus .wav .flac .m4a .aac .spx .wma .3gp"
    " .mp4 .m4v .webm .ogv .mov .mkv .avi .mpg .mpeg".split()
)
_CURSOR = "ankivaultCursor"
_FROM_CODE = "vscode-editor-data"
_MOST_HTML = 20_000_000  # characters; more is pasted as plain text
_MANY_TAGS = 500  # more are read in the background: it takes longer than a blink


class MarkdownEdit(QPlainTextEdit):
    """Edits Markdown. Tab moves to the next field.

    Pasted or dropped files are copied into Anki's media and embedded; formatted text becomes
    Markdown, its pictures media. Ctrl+Shift+V pastes plain text.
    """

    focused = pyqtSignal()

    def __init__(self, mw: AnkiQt, name: str, placeholder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._mw = mw
        self._as_text = False
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        for keys, marks in (("Ctrl+B", "**"), ("Ctrl+I", "*"), ("Ctrl+Shift+X", "`")):
            self._add_shortcut(keys, lambda marks=marks: self._surround(marks))
        self._add_shortcut("Ctrl+Shift+M", lambda: self._surround("$"))
        self._add_shortcut("Ctrl+Shift+V", self._paste_text)

    def _add_shortcut(self, keys: str, act: object) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        qconnect(shortcut.activated, act)  # type: ignore[arg-type]

    def show_document(self, document: QTextDocument) -> None:
        """Show ``document`` for editing, with the cursor where it was last time.

        ``textChanged`` is not emitted, because nothing was typed.
        """
        before = self.document()
        if document is before:
            return
        if before:
            before.setProperty(_CURSOR, self.textCursor().position())
        document.setDefaultFont(self.font())
        self.blockSignals(True)
        self.setDocument(document)
        self.blockSignals(False)
        cursor = self.textCursor()
        cursor.setPosition(min(document.property(_CURSOR) or 0, document.characterCount() - 1))
        self.setTextCursor(cursor)

    def focusInEvent(self, event: Optional[QFocusEvent]) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def canInsertFromMimeData(self, source: Optional[QMimeData]) -> bool:
        return bool(source and (source.hasImage() or source.hasUrls() or source.hasText()))

    def insertFromMimeData(self, source: Optional[QMimeData]) -> None:
        if source is None:
            return
        if self._as_text:
            super().insertFromMimeData(source)
            return
        files = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if files:
            self._insert(" ".join(self._add_files(files)))
        elif source.hasImage() and not source.hasText():
            self._insert(self._add_image(QImage(source.imageData())))
        elif not self._insert_formatted(source):
            self._insert_plain(source)

    def _insert_plain(self, source: QMimeData) -> None:
        """Insert plain text. Lines that a PDF or a mail has broken are joined."""
        text = source.text()
        joined = text if source.hasFormat(_FROM_CODE) else join_wrapped(text)
        if joined == text:
            super().insertFromMimeData(source)
        else:
            self._insert(joined)

    def _insert_formatted(self, source: QMimeData) -> bool:
        """Insert formatted text as Markdown. Returns whether there is any."""
        if not source.hasHtml() or source.hasFormat(_FROM_CODE):
            return False
        html, plain = cut_fragment(source.html()), source.text()
        if len(html) > _MOST_HTML:
            return False
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.selectionStart() - cursor.block().position()]

        def read(_: object) -> Optional[tuple[str, int]]:
            try:
                pasted = read_html(html, plain)
            except Exception:  # elements in elements without an end, or what no parser reads
                return None
            if pasted is None:
                return None
            return pasted.write(self._add_pictures(pasted), before), pasted.missing

        if html.count("<") > _MANY_TAGS:
            say("Reading what you paste…", parent=self)
            show = partial(self._insert_read, cursor, plain)
            read_for(self, self._mw, read, show)
            return True
        found = read(None)
        if found is not None:
            self._insert_read(cursor, plain, found)
        return found is not None

    def _insert_read(
        self, cursor: QTextCursor, plain: str, found: Optional[tuple[str, int]]
    ) -> None:
        """Insert what was read, or else the ``plain`` text, where the cursor was then.

        The text that it is in may not be shown any more: it is another card's.
        """
        text, missing = found or (plain, 0)
        if text:
            cursor.insertText(text)  # one step for Undo
        if cursor.document() is self.document():
            self.ensureCursorVisible()
        if missing:
            what = "One picture" if missing == 1 else f"{missing} pictures"
            each = "it" if missing == 1 else "each"
            say(f"{what} did not come along: copy {each} by itself, and paste it.", parent=self)

    def _add_pictures(self, pasted: Pasted) -> dict[str, str]:
        """Put the pictures within what is pasted into Anki's media. Returns the names they got."""
        names: dict[str, str] = {}
        for name, data in pasted.pictures.items():
            wanted = f"paste-{sha1(data).hexdigest()}.{name.rpartition('.')[2]}"
            names[name] = self._mw.col.media.write_data(wanted, data)
        return names

    def _insert(self, text: str) -> None:
        if text:
            self.textCursor().insertText(text)  # one step for Undo
            self.ensureCursorVisible()

    def _paste_text(self) -> None:
        self._as_text = True
        self.paste()
        self._as_text = False

    def _surround(self, marks: str) -> None:
        """Put ``marks`` around the selected text, or remove them."""
        cursor = self.textCursor()
        text = cursor.selectedText()
        size = len(marks)
        if len(text) > 2 * size and text.startswith(marks) and text.endswith(marks):
            cursor.insertText(text[size:-size])
            return
        cursor.insertText(f"{marks}{text}{marks}")
        if not text:
            cursor.movePosition(cursor.MoveOperation.Left, cursor.MoveMode.MoveAnchor, size)
            self.setTextCursor(cursor)

    def _add_files(self, files: list[Path]) -> Iterator[str]:
        others = [file.name for file in files if file.suffix.lower() not in _MEDIA]
        for file in files:
            if file.suffix.lower() in _MEDIA:
                try:
                    yield f"![[{self._mw.col.media.add_file(str(file))}]]"
                except Exception as error:
                    say(f"“{file.name}” could not be added: {error}", parent=self)
        if others:
            names = ", ".join(others)
            say(f"Only pictures, sounds and films can be added, not: {names}", parent=self)

    def _add_image(self, image: QImage) -> str:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.ReadWrite)
        if not image.save(buffer, "PNG"):
            return ""
        data = bytes(buffer.data())  # type: ignore[call-overload]
        name = f"paste-{sha1(data).hexdigest()}.png"
        return f"![[{self._mw.col.media.write_data(name, data)}]]"
