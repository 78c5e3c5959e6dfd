"""What is done in Anki with an image occlusion note and its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aqt.qt import QColor, QUrl, QWebEngineView, qconnect
from preview_scripts import read_dom
from scripts import press_sync_now
from two_way_scripts import choose_row, open_preview, placed
from window import Steps, Window

SIZE = (400, 200)  # of the picture


def show_masks(
    window: Window, vault: str, masks: str, picture: str, folder: str
) -> Steps[dict[str, Any]]:
    """Add a note, look at the preview, sync; the colours of places on the drawing."""
    yield from window.ready()
    col = window.mw.col
    assert col is not None
    col.add_image_occlusion_notetype()
    kind = col.models.by_name("Image Occlusion")
    assert kind is not None
    col.add_image_occlusion_note(kind["id"], picture, masks, "The heart", "", [])
    dialog: Any = yield from open_preview(window)
    yield from placed(window)
    yield from choose_row(window, dialog, page="The heart", change="create")
    shown = yield from read_dom(window, dialog, "The heart", pictures=2)
    dialog.grab().save(f"{folder}/preview.png")
    dialog.reject()
    yield from window.closed(dialog)
    yield from press_sync_now(window)
    (drawing,) = Path(vault).rglob("occlusion-*.svg")
    colours = yield from read_colours(window, drawing, Path(folder))
    return {"shown": shown, "colours": colours}


def read_colours(window: Window, drawing: Path, folder: Path) -> Steps[list[str]]:
    """The colours at four places of the drawing, one in each quarter, as a page shows it."""
    page = folder / "page.html"
    page.write_text(f'<body style="margin: 0"><img src="{drawing.as_uri()}">', "utf-8")
    view = QWebEngineView()
    view.resize(*SIZE)
    loaded: list[bool] = []
    qconnect(view.loadFinished, loaded.append)
    view.load(QUrl.fromLocalFile(str(page)))
    view.show()
    yield from window.until(lambda: loaded, "the page")
    places = [(100, 30), (300, 50), (120, 150), (300, 150)]

    def look() -> list[str]:
        image = view.grab().toImage()
        scale = image.width() / SIZE[0]
        return [QColor(image.pixel(int(x * scale), int(y * scale))).name() for x, y in places]

    yield from window.until(lambda: look()[3] != "#ffffff", "the picture to be painted")
    view.grab().save(f"{folder}/drawing.png")
    seen = look()
    view.close()
    view.deleteLater()
    return seen
