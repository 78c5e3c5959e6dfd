"""The masks of an image occlusion note on its page, in real Anki."""

from __future__ import annotations

from pathlib import Path

from ..sample.media import draw
from .anki_app import AnkiApp
from .test_window_corners import with_settings

MASKS = (
    "{{c1::image-occlusion:rect:left=.1:top=.05:width=.2:height=.3}}<br>"
    "{{c2::image-occlusion:ellipse:left=.15:top=.6:rx=.2:ry=.15:fill=#88ccff}}<br>"
    "{{c3::image-occlusion:polygon:left=.65:top=.6:points=.65,.6 .9,.6 .9,.9 .65,.9}}"
)


def test_a_page_shows_them_on_the_picture_and_the_preview_the_picture(
    any_anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "heart.png"
    picture.write_bytes(draw(400, 200, lambda x, y: (0, 128, 0)))
    anki = with_settings(any_anki, vault, live=False)

    seen = anki.play(
        "show_masks", vault=str(vault), masks=MASKS, picture=str(picture), folder=str(tmp_path)
    ).value

    assert seen["shown"][2] == 2  # pictures: the drawing's place and the picture itself
    assert seen["colours"] == ["#ffeba2", "#008000", "#88ccff", "#ffeba2"]
