"""The drawn pictures of the demonstration."""

import io

import pytest
from PIL import Image, ImageStat

from portal.demo.illustrations import PICTURES, SCENES, Picture, draw, encoded

SMALL = 90


def test_there_are_enough_scenes_and_pictures_each_described():
    assert len(SCENES) >= 16
    assert len(PICTURES) >= 48
    alts = [scene.alt for scene in SCENES.values()]
    assert len(set(alts)) == len(alts)
    assert all(alt.startswith("Tranh vẽ") for alt in alts)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_fills_its_whole_sheet(name):
    picture = draw(Picture(name, 0), SMALL)
    assert picture.size == (SMALL, 60)
    # Untouched canvas is black; the corners would show it first.
    left, top, right, bottom = 0, 0, SMALL - 1, 59
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    assert all(sum(picture.getpixel(corner)) > 20 for corner in corners)
    assert min(ImageStat.Stat(picture.convert("L")).stddev) > 12


def test_the_same_picture_is_drawn_every_time():
    assert draw(Picture("river", 1), SMALL).tobytes() == draw(Picture("river", 1), SMALL).tobytes()


def test_no_two_pictures_are_the_same():
    drawn = {draw(picture, SMALL).tobytes() for picture in PICTURES}
    assert len(drawn) == len(PICTURES)


def test_a_picture_is_encoded_as_a_jpeg_of_the_asked_width():
    with Image.open(io.BytesIO(encoded(Picture("bridge", 0), 200))) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (200, 133)
