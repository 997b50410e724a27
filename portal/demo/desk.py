"""Things close by: books, papers, screens, hands."""

import math

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, curve, mix
from portal.demo.decor import WOOD, potted_plant, room, star, window
from portal.demo.people import SKIN
from portal.demo.scenery import sky


def books(canvas: Canvas) -> None:
    """Books and a lamp on a desk by the window."""
    palette, rng = canvas.palette, canvas.rng
    room(canvas, 700)
    window(canvas, 840, 90, 520, 430)
    canvas.shaded(
        [(0, 740), (WIDTH, 740), (WIDTH, HEIGHT), (0, HEIGHT)],
        [mix(WOOD, "#FFE2B8", 0.3), mix(WOOD, palette.dark, 0.3)],
    )
    canvas.rectangle((0, 736, WIDTH, 748), mix(WOOD, "#FFE2B8", 0.6))
    tones = ["#B3151B", "#1F6B62", "#E0A526", "#2F3E66", "#D97A4A", "#6F9C94", "#7A2E3B"]
    rng.shuffle(tones)
    x = 130.0
    for tone in tones:
        _upright_book(canvas, x, 740, 60 + rng.uniform(-8, 16), rng.uniform(250, 340), tone)
        x += 70
    for level, tone in enumerate(tones[:4]):
        _lying_book(canvas, 950 + rng.uniform(-24, 24), 742 - level * 46, 330 - level * 22, tone)
    potted_plant(canvas, 1340, 745, 190)
    _open_book(canvas, 700, 900)
    _lamp(canvas, 720, 740)


def _upright_book(
    canvas: Canvas, left: float, base: float, width: float, height: float, tone: str
) -> None:
    canvas.rectangle((left, base - height, left + width, base), tone, radius=5)
    canvas.rectangle(
        (left + width * 0.76, base - height, left + width, base), "#000000", 0.14, radius=5
    )
    for share in (0.12, 0.2, 0.84):
        canvas.rectangle(
            (left, base - height * (1 - share), left + width, base - height * (1 - share) + 7),
            "#F6D88A",
            0.85,
        )


def _lying_book(canvas: Canvas, x: float, base: float, width: float, tone: str) -> None:
    canvas.rectangle((x - width / 2, base - 44, x + width / 2, base), tone, radius=7)
    canvas.rectangle(
        (x - width / 2 + 22, base - 36, x + width / 2 + 3, base - 8), "#FBF3DF", radius=3
    )
    for y in (28, 20, 14):
        canvas.rectangle(
            (x - width / 2 + 30, base - y - 4, x + width / 2, base - y - 2), "#BBA77F", 0.6
        )


def _open_book(canvas: Canvas, x: float, y: float) -> None:
    canvas.oval(x, y + 44, 320, 26, "#2A1408", 0.28)
    canvas.polygon(
        [(x - 310, y + 38), (x, y + 58), (x + 310, y + 38), (x + 300, y + 20), (x - 300, y + 20)],
        canvas.palette.accent,
    )
    for side in (-1, 1):
        page = [
            (x, y + 40),
            *curve((x, y - 50), (x + side * 130, y - 100), (x + side * 270, y - 62)),
            *curve((x + side * 300, y + 28), (x + side * 140, y + 2), (x, y + 40)),
        ]
        canvas.shaded(page, ["#FFFDF6", "#EBDDBE"])
        for line in range(5):
            rise = line * 17
            text = curve(
                (x + side * 30, y - 42 + rise),
                (x + side * 130, y - 78 + rise),
                (x + side * 256, y - 44 + rise),
                10,
            )
            canvas.line(text, 3.2, "#9C8A68", 0.75)


def _lamp(canvas: Canvas, x: float, base: float) -> None:
    metal = mix("#1F4E53", canvas.palette.dark, 0.2)
    canvas.oval(x, base, 78, 18, metal)
    canvas.line([(x, base), (x - 52, base - 200), (x + 70, base - 356)], 13, metal)
    canvas.oval(x - 52, base - 200, 15, 15, canvas.palette.gold)
    canvas.polygon(
        [(x + 30, base - 380), (x + 112, base - 338), (x + 128, base - 220), (x - 50, base - 312)],
        canvas.palette.accent,
    )
    canvas.oval(x + 40, base - 264, 46, 26, "#FFF2C2")
    canvas.glow(x + 40, base - 200, 420, "#FFE9A8", 0.55)


def blood_donation(canvas: Canvas) -> None:
    """Two hands holding a drop with a heart."""
    palette, rng = canvas.palette, canvas.rng
    canvas.gradient((0, 0, WIDTH, HEIGHT), [mix("#FBE3D6", palette.sky[0], 0.3), "#FFF4EA"])
    for reach, alpha in ((620, 0.35), (470, 0.4), (330, 0.5)):
        canvas.oval(750, 450, reach, reach, "#FFFFFF", alpha)
    for _ in range(12):
        _heart(
            canvas,
            rng.uniform(40, 1460),
            rng.uniform(60, 720),
            rng.uniform(12, 34),
            mix("#F4B6A6", palette.light, rng.random() * 0.5),
        )
    drop = [
        *curve((750, 90), (760, 240), (895, 430), 20),
        *curve((895, 430), (985, 620), (750, 640), 20),
        *curve((750, 640), (515, 620), (605, 430), 20),
        *curve((605, 430), (740, 240), (750, 90), 20),
    ]
    canvas.shaded(drop, ["#E0343A", "#B3151B", "#8B0C14"])
    canvas.polygon(
        [
            *curve((650, 440), (590, 560), (680, 596), 14),
            *curve((680, 596), (632, 540), (650, 440), 14),
        ],
        "#FF9C92",
        0.6,
    )
    _heart(canvas, 750, 470, 82, "#FFF6EE")
    sleeves = [
        rng.choice(["#2F6F73", "#F2B632", "#355C7D"]),
        rng.choice(["#B3151B", "#DCE7EA", "#4E9984"]),
    ]
    for side, sleeve, skin in ((-1, sleeves[0], SKIN[0]), (1, sleeves[1], SKIN[1])):
        _cupped_hand(canvas, side, sleeve, skin)


def _heart(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    points = []
    for step in range(48):
        t = step / 48 * 2 * math.pi
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x + across * size / 16, y - up * size / 16))
    canvas.polygon(points, colour)


def _cupped_hand(canvas: Canvas, side: int, sleeve: str, skin: str) -> None:
    def at(x: float, y: float) -> Point:
        return 750 + side * x, y

    shade = mix(skin, "#5A2A18", 0.14)
    canvas.line([at(330, 760), at(620, HEIGHT + 60)], 132, skin)
    canvas.line([at(440, 870), at(640, HEIGHT + 90)], 196, sleeve)
    canvas.line([at(392, 800), at(470, 880)], 30, mix(sleeve, "#FFFFFF", 0.5))
    hand = [
        at(14, 742),
        *curve(at(14, 690), at(120, 720), at(225, 640), 14),
        *curve(at(290, 600), at(360, 640), at(400, 760), 14),
        *curve(at(330, 860), at(140, 850), at(14, 742), 14),
    ]
    canvas.polygon(hand, skin)
    for finger in range(4):
        start, end = (
            at(240 + finger * 8, 700 + finger * 26),
            at(30 + finger * 34, 704 + finger * 34),
        )
        canvas.line([start, end], 46, shade if finger % 2 else skin)
    canvas.line([at(330, 690), at(262, 560)], 58, skin)


def document(canvas: Canvas) -> None:
    """Papers, a pen, a stamp and a cup on a desk, seen from above."""
    palette, rng = canvas.palette, canvas.rng
    canvas.gradient(
        (0, 0, WIDTH, HEIGHT),
        [mix(palette.near, palette.mid, 0.45), mix(palette.near, palette.dark, 0.25)],
    )
    canvas.glow(350, 150, 900, palette.light, 0.28)
    _tilted_sheet(canvas, 980, 470, 470, 640, 0.16, "#EFE3C8")
    _tilted_sheet(canvas, 690, 520, 560, 780, rng.uniform(-0.12, -0.05), "#FFFDF6")
    canvas.oval(875, 790, 62, 62, palette.accent, 0.82)
    canvas.oval(875, 790, 50, 50, "#FFFDF6", 0.9)
    star(canvas, 875, 788, 34, palette.accent)
    _pen(canvas, (1010, 860), (1290, 420))
    _cup_from_above(canvas, 220, 250)
    canvas.oval(1300, 800, 96, 96, palette.dark, 0.2)
    canvas.oval(1290, 786, 92, 92, palette.accent)
    canvas.oval(1290, 786, 70, 70, mix(palette.accent, "#FFFFFF", 0.16))
    for x, y, tone in ((150, 700, palette.gold), (178, 758, "#F3E6C6"), (140, 820, palette.accent)):
        canvas.rectangle((x, y, x + 190, y + 40), tone, radius=6)
        canvas.rectangle((x, y + 30, x + 190, y + 40), "#000000", 0.14, radius=6)


def _turned(x: float, y: float, turn: float, points: list[Point]) -> list[Point]:
    across, up = math.cos(turn), math.sin(turn)
    return [(x + px * across - py * up, y + px * up + py * across) for px, py in points]


def _tilted_sheet(
    canvas: Canvas, x: float, y: float, width: float, height: float, turn: float, colour: str
) -> None:
    half, tall = width / 2, height / 2
    corners: list[Point] = [(-half, -tall), (half, -tall), (half, tall), (-half, tall)]
    canvas.polygon(_turned(x + 16, y + 20, turn, corners), "#0B1620", 0.25)
    canvas.polygon(_turned(x, y, turn, corners), colour)
    for line in range(13):
        top, left = -tall + 70 + line * (height - 200) / 13, -half + 60
        reach = width - 120 if line % 4 else (width - 120) * 0.6
        bar: list[Point] = [
            (left, top),
            (left + reach, top),
            (left + reach, top + 10),
            (left, top + 10),
        ]
        tone = canvas.palette.accent if line == 0 else "#A7A08F"
        canvas.polygon(_turned(x, y, turn, bar), tone, 0.75)


def _pen(canvas: Canvas, tip: Point, end: Point) -> None:
    turn = math.atan2(end[1] - tip[1], end[0] - tip[0])
    length = math.dist(tip, end)
    canvas.polygon(
        _turned(
            tip[0] + 16,
            tip[1] + 18,
            turn,
            [(0, 0), (60, -18), (length, -18), (length, 18), (60, 18)],
        ),
        "#0B1620",
        0.25,
    )
    canvas.polygon(_turned(*tip, turn, [(0, 0), (62, -18), (62, 18)]), canvas.palette.gold)
    canvas.polygon(
        _turned(*tip, turn, [(62, -18), (length, -18), (length, 18), (62, 18)]), "#1E2233"
    )
    canvas.polygon(
        _turned(*tip, turn, [(62, -12), (length, -12), (length, -4), (62, -4)]), "#7F88A6"
    )
    canvas.polygon(
        _turned(
            *tip,
            turn,
            [(length * 0.6, -18), (length * 0.64, -18), (length * 0.64, 18), (length * 0.6, 18)],
        ),
        canvas.palette.gold,
    )


def _cup_from_above(canvas: Canvas, x: float, y: float) -> None:
    canvas.oval(x + 18, y + 22, 150, 150, "#0B1620", 0.22)
    canvas.oval(x, y, 150, 150, mix("#FFFFFF", canvas.palette.far, 0.18))
    canvas.oval(x, y, 98, 98, "#FFFFFF")
    canvas.line([(x + 80, y - 60), (x + 132, y - 100)], 30, "#FFFFFF")
    canvas.oval(x, y, 82, 82, "#7B4A22")
    canvas.oval(x - 20, y - 22, 46, 40, "#A8703A", 0.55)


def laptop(canvas: Canvas) -> None:
    """A laptop showing a page of news, by a window."""
    palette, rng = canvas.palette, canvas.rng
    room(canvas, 690)
    window(canvas, 70, 80, 330, 400)
    canvas.shaded(
        [(0, 720), (WIDTH, 720), (WIDTH, HEIGHT), (0, HEIGHT)],
        [mix(WOOD, "#FFE2B8", 0.45), mix(WOOD, palette.dark, 0.15)],
    )
    potted_plant(canvas, 1320, 800, 330)
    canvas.oval(750, 868, 560, 34, "#2A1408", 0.3)
    canvas.rectangle((380, 190, 1120, 740), "#232838", radius=26)
    _news_page(canvas, 404, 214, 692, 490)
    canvas.shaded([(380, 738), (1120, 738), (1240, 850), (260, 850)], ["#C9CCD6", "#9A9EAE"])
    canvas.rectangle((260, 846, 1240, 868), "#70758A", radius=10)
    for row in range(4):
        y, reach = 752 + row * 17, 330 + row * 15
        canvas.rectangle((750 - reach, y, 750 + reach, y + 11), "#3A4055", 0.8, radius=4)
    mug = rng.choice([palette.accent, palette.gold, "#2F6F73"])
    canvas.oval(1205, 905, 34, 30, mug)
    canvas.oval(1205, 905, 20, 17, mix(WOOD, "#FFE2B8", 0.3))
    canvas.rectangle((1080, 850, 1200, 965), mug, radius=22)
    canvas.oval(1140, 855, 60, 15, mix(mug, "#000000", 0.3))


def _news_page(canvas: Canvas, left: float, top: float, width: float, height: float) -> None:
    """A page of news without words: a red head, a picture, lines of text."""
    palette = canvas.palette
    canvas.rectangle((left, top, left + width, top + height), "#FFFEFA", radius=8)
    canvas.rectangle((left, top, left + width, top + height * 0.11), palette.accent, radius=8)
    star(canvas, left + width * 0.07, top + height * 0.056, height * 0.036, palette.gold)
    box = (left + width * 0.05, top + height * 0.16, left + width * 0.62, top + height * 0.62)
    canvas.gradient(box, palette.sky)
    canvas.glow(
        (box[0] + box[2]) / 2,
        box[3] - (box[3] - box[1]) * 0.3,
        (box[3] - box[1]) * 0.29,
        palette.sun,
        1,
    )
    canvas.gradient(
        (box[0], box[3] - (box[3] - box[1]) * 0.28, box[2], box[3]), [palette.mid, palette.near]
    )
    for line in range(9):
        y = top + height * (0.17 + line * 0.052)
        reach = width * (0.29 if line % 3 else 0.22)
        canvas.rectangle(
            (left + width * 0.66, y, left + width * 0.66 + reach, y + height * 0.018),
            "#2B3040" if line == 0 else "#B9B6AC",
            radius=3,
        )
    for line in range(4):
        y = top + height * (0.68 + line * 0.068)
        canvas.rectangle(
            (left + width * 0.05, y, left + width * (0.95 - 0.12 * (line % 2)), y + height * 0.024),
            "#2B3040" if line == 0 else "#B9B6AC",
            radius=3,
        )


def phone(canvas: Canvas) -> None:
    """A hand holding a telephone with the news, a town behind it."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, HEIGHT)
    for index in range(13):
        left, height = index * 122 - 30 + rng.uniform(-14, 14), rng.uniform(170, 430)
        canvas.shaded(
            [
                (left, HEIGHT - height),
                (left + 104, HEIGHT - height),
                (left + 104, HEIGHT),
                (left, HEIGHT),
            ],
            [palette.far, mix(palette.far, palette.mid, 0.6)],
        )
        for y in range(round(HEIGHT - height) + 30, HEIGHT, 56):
            for x in (20, 60):
                canvas.rectangle((left + x, y, left + x + 22, y + 28), palette.sun, 0.5)
    skin, sleeve = rng.choice(SKIN), rng.choice(["#355C7D", "#F4EFE4", "#2F6F73"])
    canvas.line([(900, 860), (1120, 1080)], 260, skin)
    canvas.line([(1030, 990), (1180, 1120)], 320, sleeve)
    canvas.oval(850, 700, 190, 230, skin)
    canvas.rectangle((560, 90, 920, 830), "#1C2030", radius=46)
    canvas.rectangle((578, 110, 902, 810), "#FFFEFA", radius=32)
    _phone_page(canvas, 578, 110, 324)
    for finger in range(4):
        y = 420 + finger * 92
        canvas.line([(556, y), (592, y + 6)], 64, mix(skin, "#5A2A18", 0.05 * (finger % 2)))
    canvas.line([(960, 660), (884, 470)], 84, mix(skin, "#FFFFFF", 0.06))


def _phone_page(canvas: Canvas, left: float, top: float, width: float) -> None:
    palette = canvas.palette
    canvas.rectangle((left, top, left + width, top + 84), palette.accent, radius=30)
    canvas.rectangle((left, top + 50, left + width, top + 84), palette.accent)
    star(canvas, left + 46, top + 48, 20, palette.gold)
    canvas.gradient((left + 22, top + 108, left + width - 22, top + 290), palette.sky)
    canvas.glow(left + width / 2, top + 196, 80, palette.sun, 1)
    canvas.rectangle((left + 22, top + 240, left + width - 22, top + 290), palette.near)
    for line in range(8):
        y, tone = (
            top + 316 + line * 42 + (line > 2) * 20,
            "#2B3040" if line in (0, 1) else "#BDB9AD",
        )
        canvas.rectangle(
            (left + 22, y, left + width - 22 - (line % 3) * 46, y + 16), tone, radius=6
        )
