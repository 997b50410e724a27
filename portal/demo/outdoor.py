"""What people do out of doors: holidays, work, planting, cycling, broadcasting."""

import math

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, curve, mix
from portal.demo.decor import flag
from portal.demo.people import SHIRTS, standing
from portal.demo.scenery import cloud, ridge, sky, tree


def street_of_flags(canvas: Canvas) -> None:
    """A street on a holiday, flags on every mast."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, 640)
    for side in (-1, 1):
        for place in range(5):
            _shop_house(canvas, side, place)
    canvas.polygon(
        [(690, 640), (810, 640), (1500, HEIGHT), (0, HEIGHT)], mix("#6C6F78", palette.near, 0.45)
    )
    for share in (0.08, 0.22, 0.42, 0.7):
        reach, y = 3 + share * 16, 640 + share * 360
        canvas.polygon(
            [
                (750 - reach * 0.6, y),
                (750 + reach * 0.6, y),
                (750 + reach, y + 14 + share * 60),
                (750 - reach, y + 14 + share * 60),
            ],
            palette.light,
            0.8,
        )
    for side in (-1, 1):
        canvas.polygon(
            [
                (750 + side * 60, 640),
                (750 + side * 110, 640),
                (750 + side * 1000, HEIGHT),
                (750 + side * 740, HEIGHT),
            ],
            mix("#D9CBB2", palette.near, 0.25),
        )
    _flags_and_trees(canvas)
    _scooter(canvas, rng.uniform(640, 860), 850, 150)


def _flags_and_trees(canvas: Canvas) -> None:
    palette = canvas.palette
    for place in range(5):
        near = (place / 4) ** 1.9
        for side in (-1, 1):
            x, base = 750 + side * (95 + near * 560), 648 + near * 300
            height = 90 + near * 640
            tree(
                canvas,
                x + side * (40 + near * 90),
                base,
                height * 0.5,
                mix(palette.mid, palette.near, near),
            )
            canvas.line(
                [(x, base), (x, base - height)], 3 + near * 7, mix(palette.dark, palette.light, 0.3)
            )
            flag(canvas, x, base - height, 46 + near * 290)


def _shop_house(canvas: Canvas, side: int, place: int) -> None:
    palette, rng = canvas.palette, canvas.rng
    far, near = 90 * 1.75**place - 20, 90 * 1.75 ** (place + 1) - 20
    tall = rng.uniform(1.0, 1.45)
    wall = mix(
        rng.choice(["#F0D9A8", "#E7B98A", "#CFE0D6", "#F3EBDD", "#D9A48F", "#B9CFD4"]),
        palette.far,
        0.18,
    )
    inner, outer = 750 + side * far, 750 + side * near
    face = [
        (inner, 640 - far * tall),
        (outer, 640 - near * tall),
        (outer, 640 + near * 0.42),
        (inner, 640 + far * 0.42),
    ]
    canvas.polygon(face, wall if side < 0 else mix(wall, palette.dark, 0.13))
    for level in (0.3, 0.72):
        for share in (0.2, 0.6):
            a, b = far + (near - far) * share, far + (near - far) * (share + 0.22)
            top, low = level * tall, (level - 0.24) * tall
            window: list[tuple[float, float]] = [
                (750 + side * a, 640 - a * top),
                (750 + side * b, 640 - b * top),
                (750 + side * b, 640 - b * low),
                (750 + side * a, 640 - a * low),
            ]
            canvas.polygon(window, mix(wall, palette.near, 0.6))


def _scooter(canvas: Canvas, x: float, y: float, size: float) -> None:
    rng, dark = canvas.rng, "#23262F"
    canvas.oval(x, y, size * 0.3, size * 0.05, dark, 0.4)
    canvas.rectangle(
        (x - size * 0.06, y - size * 0.32, x + size * 0.06, y), dark, radius=size * 0.05
    )
    canvas.rectangle(
        (x - size * 0.13, y - size * 0.5, x + size * 0.13, y - size * 0.16),
        rng.choice(["#B3151B", "#2F6F73"]),
        radius=size * 0.07,
    )
    canvas.rectangle(
        (x - size * 0.17, y - size * 0.86, x + size * 0.17, y - size * 0.38),
        rng.choice(SHIRTS),
        radius=size * 0.1,
    )
    canvas.oval(x, y - size * 0.98, size * 0.12, size * 0.14, "#F4EFE4")
    canvas.rectangle(
        (x - size * 0.12, y - size * 0.97, x + size * 0.12, y - size * 0.92), "#B3151B"
    )


def factory(canvas: Canvas) -> None:
    """An enterprise: saw-toothed halls, tanks, panels and a yard with trees."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, 700)
    ridge(canvas, 700, 90, [palette.far, palette.far])
    _chimneys(canvas)
    _hall(canvas)
    _tanks(canvas)
    canvas.gradient(
        (0, 766, WIDTH, HEIGHT),
        [mix("#B9B09C", palette.near, 0.3), mix("#7A7568", palette.near, 0.5)],
    )
    for x in range(60, WIDTH, 210):
        tree(
            canvas,
            x + rng.uniform(-40, 40),
            812,
            rng.uniform(120, 190),
            mix(palette.mid, palette.near, 0.4),
        )
    for index in range(rng.randint(3, 5)):
        standing(
            canvas,
            300 + index * 210 + rng.uniform(-40, 40),
            930 + rng.uniform(-20, 25),
            215,
            rng.choice(["#355C7D", "#2F6F73", "#E08E45"]),
        )


def _chimneys(canvas: Canvas) -> None:
    palette = canvas.palette
    for x, height in ((1080, 420), (1190, 350)):
        canvas.shaded(
            [(x - 24, 720), (x - 16, 720 - height), (x + 16, 720 - height), (x + 24, 720)],
            [mix(palette.light, palette.mid, 0.2), palette.mid],
        )
        canvas.rectangle((x - 19, 740 - height, x + 19, 764 - height), palette.accent)


def _hall(canvas: Canvas) -> None:
    palette, rng = canvas.palette, canvas.rng
    hall = mix("#EDE3CF", palette.mid, 0.18)
    for tooth in range(6):
        left = 120 + tooth * 142
        canvas.polygon(
            [(left, 560), (left, 440), (left + 142, 560)], mix(palette.near, palette.mid, 0.35)
        )
        canvas.polygon(
            [(left, 560), (left, 462), (left + 20, 478), (left + 20, 560)], palette.sun, 0.85
        )
    canvas.shaded(
        [(120, 556), (972, 556), (972, 770), (120, 770)], [hall, mix(hall, palette.mid, 0.3)]
    )
    for window in range(10):
        left = 150 + window * 82
        canvas.rectangle(
            (left, 604, left + 54, 664),
            mix(palette.near, palette.far, rng.choice([0.1, 0.35])),
            radius=4,
        )
    canvas.rectangle((120, 700, 972, 716), palette.accent)


def _tanks(canvas: Canvas) -> None:
    palette = canvas.palette
    for x in (1080, 1260, 1420):
        tank = mix("#F2ECDF", palette.mid, 0.15)
        canvas.rectangle((x - 70, 540, x + 70, 770), tank, radius=26)
        canvas.rectangle((x + 20, 540, x + 70, 770), palette.near, 0.22, radius=26)
        canvas.rectangle((x - 70, 610, x + 70, 622), palette.gold)


def tree_planting(canvas: Canvas) -> None:
    """People planting saplings on a slope in the morning."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, 560)
    ridge(canvas, 560, 130, [palette.far, palette.far])
    ridge(canvas, 640, 120, [palette.mid, palette.near])
    soil: list[Colour] = [mix("#B98A55", palette.near, 0.25), mix("#7C5632", palette.dark, 0.35)]
    canvas.shaded(
        [(0, 720), *curve((0, 720), (800, 640), (WIDTH, 740), 30), (WIDTH, HEIGHT), (0, HEIGHT)],
        soil,
    )
    for row, y in enumerate((745, 800)):
        for x in range(60 + row * 60, WIDTH, 150):
            _sapling(canvas, x + rng.uniform(-20, 20), y, 60 + row * 24)
    places = [190, 470, 790, 1090, 1340][: rng.randint(4, 5)]
    for x in places:
        left = x + rng.uniform(-30, 30)
        standing(
            canvas,
            left,
            905 + rng.uniform(-25, 25),
            330,
            rng.choice(["#3C7A9E", "#3C7A9E", "#F4EFE4", "#2F6F73"]),
            hat=rng.random() < 0.5,
        )
        _sapling(canvas, left + 112, 925, 165)
        _spade(canvas, left - 74, 918)


def _spade(canvas: Canvas, x: float, base: float) -> None:
    canvas.line([(x - 6, base - 210), (x, base - 40)], 9, mix("#8A5A32", canvas.palette.dark, 0.1))
    canvas.line(
        [(x - 26, base - 212), (x + 14, base - 212)], 9, mix("#8A5A32", canvas.palette.dark, 0.1)
    )
    canvas.polygon(
        [
            (x - 24, base - 58),
            (x + 24, base - 62),
            (x + 22, base - 16),
            (x + 2, base + 6),
            (x - 20, base - 14),
        ],
        "#9AA3AE",
    )
    canvas.polygon(
        [(x + 2, base - 60), (x + 24, base - 62), (x + 22, base - 16), (x + 2, base + 6)], "#6F7884"
    )


def _sapling(canvas: Canvas, x: float, base: float, height: float) -> None:
    palette = canvas.palette
    green = mix("#4E9A57", palette.near, 0.2)
    canvas.oval(x, base, height * 0.3, height * 0.07, palette.dark, 0.4)
    canvas.line(
        [(x, base), (x, base - height * 0.8)],
        max(3, height * 0.035),
        mix("#6B4A2B", palette.dark, 0.2),
    )
    for side, level in ((-1, 0.42), (1, 0.55), (-1, 0.7), (1, 0.82)):
        root, tip = (
            (x, base - height * level),
            (x + side * height * 0.34, base - height * (level + 0.22)),
        )
        leaf = [
            *curve(root, (x + side * height * 0.05, tip[1]), tip, 8),
            *curve(tip, (x + side * height * 0.3, root[1]), root, 8),
        ]
        canvas.polygon(leaf, mix(green, "#B7D98B", 0.25 if side < 0 else 0))


def cycling(canvas: Canvas) -> None:
    """Cyclists on a road along the fields."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, 560)
    ridge(canvas, 560, 120, [palette.far, palette.far])
    ridge(canvas, 650, 110, [palette.mid, palette.mid])
    for x in range(40, WIDTH, 190):
        tree(
            canvas,
            x + rng.uniform(-50, 50),
            690,
            rng.uniform(170, 280),
            mix(palette.mid, palette.near, rng.random()),
        )
    canvas.gradient(
        (0, 684, WIDTH, 760),
        [mix("#B8C26A", palette.near, 0.25), mix("#7FA04F", palette.near, 0.4)],
    )
    canvas.gradient(
        (0, 752, WIDTH, HEIGHT),
        [mix("#8B8D94", palette.near, 0.25), mix("#5E606B", palette.near, 0.35)],
    )
    canvas.rectangle((0, 752, WIDTH, 764), palette.light)
    for x in range(-40, WIDTH, 240):
        canvas.polygon(
            [(x, 936), (x + 130, 936), (x + 116, 950), (x - 18, 950)], palette.light, 0.85
        )
    for index, x in enumerate((270, 640, 1010, 1330)[: rng.randint(3, 4)]):
        _cyclist(
            canvas,
            x + rng.uniform(-30, 30),
            890 + (index % 2) * 28,
            330,
            rng.choice(["#B3151B", "#F2B632", "#2F6F73", "#F4EFE4"]),
        )
    cloud(canvas, rng.uniform(200, 1300), 120, 1.2)


def _cyclist(canvas: Canvas, x: float, ground: float, size: float, shirt: Colour) -> None:
    dark, wheel = "#20232D", size * 0.2
    canvas.oval(x, ground, size * 0.5, 9, dark, 0.3)
    for side in (-1, 1):
        rim = [
            (
                x + side * size * 0.29 + math.cos(a / 16 * math.pi) * wheel,
                ground - wheel + math.sin(a / 16 * math.pi) * wheel,
            )
            for a in range(33)
        ]
        canvas.line(rim, 7, dark)
    crank, saddle, bars = (
        (x - 8, ground - wheel),
        (x - size * 0.12, ground - size * 0.47),
        (x + size * 0.2, ground - size * 0.52),
    )
    frame = [
        (x - size * 0.29, ground - wheel),
        crank,
        (x + size * 0.18, ground - size * 0.42),
        (x - size * 0.11, ground - size * 0.42),
        (x - size * 0.29, ground - wheel),
    ]
    canvas.line(frame, 7, canvas.palette.accent)
    canvas.line([crank, saddle], 7, canvas.palette.accent)
    canvas.line([bars, (x + size * 0.29, ground - wheel)], 7, canvas.palette.accent)
    knee, shoulder = (
        (x + size * 0.13, ground - size * 0.38),
        (x + size * 0.05, ground - size * 0.83),
    )
    canvas.line([saddle, knee, (x + 4, ground - size * 0.13)], size * 0.085, "#26324A")
    canvas.line([saddle, shoulder], size * 0.15, shirt)
    canvas.line([shoulder, (x + size * 0.16, ground - size * 0.66), bars], size * 0.05, "#C68B66")
    canvas.oval(x + size * 0.09, ground - size * 0.98, size * 0.07, size * 0.085, "#C68B66")
    cap = curve(
        (x + size * 0.0, ground - size * 0.99),
        (x + size * 0.08, ground - size * 1.17),
        (x + size * 0.18, ground - size * 1.0),
        12,
    )
    canvas.polygon(cap, mix(shirt, "#20232D", 0.3))
