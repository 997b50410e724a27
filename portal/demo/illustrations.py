"""The demonstration's pictures: scenes of the province and of party work, drawn from a seed."""

import io
import random
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from portal.demo import desk, landscapes, meetings, outdoor, voices
from portal.demo.canvas import Canvas, Palette

FULL_WIDTH = 1600

DAWN = Palette(
    sky=("#F0936B", "#F8BE8C", "#FDE6C2"),
    sun="#FFF6DD",
    far="#E2A78C",
    mid="#A9695F",
    near="#5C4257",
    dark="#2A2439",
    water=("#F6C79A", "#C98A78", "#5F4A63"),
    light="#FFF3DF",
)
MORNING = Palette(
    sky=("#6FB7BE", "#B5DAD1", "#F6EFD8"),
    sun="#FFF9E8",
    far="#9CC7B5",
    mid="#4E9984",
    near="#1E655D",
    dark="#123D40",
    water=("#BFDFD4", "#6FB0AC", "#25696E"),
    light="#FFFDF4",
)
AFTERNOON = Palette(
    sky=("#E0A24E", "#F2C873", "#FBEBBF"),
    sun="#FFF8DF",
    far="#CDB06C",
    mid="#8C8647",
    near="#3F5A40",
    dark="#22352F",
    water=("#F3D48E", "#B79B5A", "#4B5D45"),
    light="#FFF6DC",
)
DUSK = Palette(
    sky=("#2E2F63", "#7C4A7E", "#F08F63"),
    sun="#FFDDA8",
    far="#7E4F7D",
    mid="#4C3A6C",
    near="#2B2850",
    dark="#161632",
    water=("#EA9168", "#7A4C7C", "#262650"),
    light="#FFD9B0",
)


class Scene(NamedTuple):
    """How a scene is drawn, its text for who cannot see it, and the hours that suit it."""

    draw: Callable[[Canvas], None]
    alt: str
    palettes: tuple[Palette, ...]


class Picture(NamedTuple):
    """One drawing: the name of its scene and which of its variations, without end."""

    scene: str
    variation: int


SCENES = {
    "river": Scene(
        landscapes.river,
        "Tranh vẽ xuồng ba lá trên sông, hàng dừa ven bờ",
        (DAWN, MORNING, DUSK),
    ),
    "coconuts": Scene(
        landscapes.coconuts,
        "Tranh vẽ cây cầu nhỏ bắc qua kênh giữa hai hàng dừa",
        (MORNING, AFTERNOON, DAWN),
    ),
    "rice_fields": Scene(
        landscapes.rice_fields,
        "Tranh vẽ nông dân đội nón lá trên cánh đồng lúa",
        (MORNING, AFTERNOON),
    ),
    "wind_turbines": Scene(
        landscapes.wind_turbines,
        "Tranh vẽ các trụ điện gió ngoài biển",
        (MORNING, DAWN, DUSK),
    ),
    "ao_ba_om": Scene(
        landscapes.ao_ba_om,
        "Tranh vẽ ao sen dưới bóng hàng cây cổ thụ",
        (MORNING, AFTERNOON),
    ),
    "pagoda": Scene(
        landscapes.pagoda,
        "Tranh vẽ ngôi chùa Khmer mái cong nhiều tầng",
        (MORNING, DUSK, AFTERNOON),
    ),
    "bridge": Scene(
        landscapes.bridge,
        "Tranh vẽ cầu dây văng bắc qua sông rộng",
        (MORNING, DUSK, DAWN),
    ),
    "street_of_flags": Scene(
        outdoor.street_of_flags,
        "Tranh vẽ tuyến phố hai bên treo cờ đỏ sao vàng",
        (MORNING, AFTERNOON, DAWN),
    ),
    "factory": Scene(
        outdoor.factory,
        "Tranh vẽ công nhân trước nhà máy",
        (MORNING, DAWN, AFTERNOON),
    ),
    "tree_planting": Scene(
        outdoor.tree_planting,
        "Tranh vẽ nhóm người cầm xẻng trồng cây xanh",
        (MORNING, AFTERNOON),
    ),
    "cycling": Scene(
        outdoor.cycling,
        "Tranh vẽ đoàn người đạp xe trên đường ven đồng",
        (MORNING, AFTERNOON),
    ),
    "conference": Scene(
        meetings.conference,
        "Tranh vẽ hội trường với các đại biểu nhìn về sân khấu có phông đỏ sao vàng",
        (MORNING, DAWN, AFTERNOON),
    ),
    "classroom": Scene(
        meetings.classroom,
        "Tranh vẽ lớp học, học viên nhìn lên giảng viên bên bảng",
        (AFTERNOON, MORNING, DAWN),
    ),
    "voting": Scene(
        meetings.voting,
        "Tranh vẽ nhiều cánh tay giơ thẻ biểu quyết trước phông đỏ",
        (MORNING, DAWN),
    ),
    "meeting": Scene(
        meetings.meeting,
        "Tranh vẽ buổi họp chi bộ quanh chiếc bàn dài",
        (MORNING, AFTERNOON, DAWN),
    ),
    "books": Scene(
        desk.books,
        "Tranh vẽ sách và ngọn đèn trên bàn cạnh cửa sổ",
        (DAWN, MORNING, DUSK),
    ),
    "microphones": Scene(
        voices.microphones,
        "Tranh vẽ micrô trên bục phát biểu trước hội trường đông người",
        (DAWN, MORNING),
    ),
    "loudspeakers": Scene(
        voices.loudspeakers,
        "Tranh vẽ loa truyền thanh và lá cờ trên cột cao giữa hàng dừa",
        (MORNING, DAWN),
    ),
    "blood_donation": Scene(
        desk.blood_donation,
        "Tranh vẽ hai bàn tay nâng giọt máu có hình trái tim",
        (DAWN, AFTERNOON),
    ),
    "document": Scene(
        desk.document,
        "Tranh vẽ văn bản, cây bút và tách trà trên bàn làm việc",
        (MORNING, AFTERNOON, DUSK),
    ),
    "laptop": Scene(
        desk.laptop,
        "Tranh vẽ máy tính đang mở một trang tin",
        (AFTERNOON, MORNING),
    ),
    "phone": Scene(
        desk.phone,
        "Tranh vẽ bàn tay cầm điện thoại đọc tin",
        (MORNING, DAWN),
    ),
}

PICTURES = tuple(
    Picture(name, variation)
    for name, scene in SCENES.items()
    for variation in range(len(scene.palettes))
)


def draw(picture: Picture, width: int = FULL_WIDTH) -> Image.Image:
    """Draw the picture, `width` pixels wide and two thirds as high; the same one every time."""
    scene = SCENES[picture.scene]
    rng = random.Random(f"{picture.scene} {picture.variation}")
    canvas = Canvas(width, scene.palettes[picture.variation % len(scene.palettes)], rng)
    scene.draw(canvas)
    return canvas.finished(mirrored=picture.variation % 2 == 1)


def encoded(picture: Picture, width: int = FULL_WIDTH) -> bytes:
    """The picture as a JPEG of high quality."""
    buffer = io.BytesIO()
    draw(picture, width).save(buffer, "JPEG", quality=94, subsampling=0)
    return buffer.getvalue()
