"""What carries a voice: microphones and loudspeakers."""

import math

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Point, curve, mix
from portal.demo.decor import WOOD, flag
from portal.demo.people import from_behind
from portal.demo.scenery import palm, ridge, sky, tree


def microphones(canvas: Canvas) -> None:
    """Microphones on a speaker's stand before a full hall."""
    palette, rng = canvas.palette, canvas.rng
    canvas.gradient(
        (0, 0, WIDTH, HEIGHT), [mix(palette.dark, "#3A0A10", 0.5), "#A3161C", "#E0683C"]
    )
    for _ in range(46):
        depth = rng.random()
        canvas.glow(
            rng.uniform(0, WIDTH),
            330 + depth * 330,
            26 + depth * 60,
            rng.choice(["#FFD27A", "#FFF0CC", "#FF9C5A"]),
            0.3 + depth * 0.35,
        )
    for index in range(15):
        from_behind(
            canvas,
            index * 110 + rng.uniform(-20, 20),
            810,
            190,
            mix("#4A0D15", "#B0402E", rng.random() * 0.4),
        )
    canvas.shaded(
        [(150, 860), (1350, 860), (1500, HEIGHT), (0, HEIGHT)],
        [mix(WOOD, "#FFE2B8", 0.25), mix(WOOD, "#2A1408", 0.5)],
    )
    canvas.rectangle((150, 850, 1350, 872), mix(WOOD, "#FFE2B8", 0.55), radius=8)
    for x, tip, height in ((470, 560, 440), (1020, 930, 400), (760, 740, 560)):
        _microphone(canvas, x, tip + rng.uniform(-14, 14), 860, height)


def _microphone(canvas: Canvas, x: float, tip: float, base: float, height: float) -> None:
    dark = "#191B24"
    canvas.oval(x, base + 4, 70, 16, dark)
    neck = curve((x, base), (x, base - height * 0.55), (tip, base - height * 0.8), 24)
    canvas.line(neck, 13, dark)
    canvas.line([(px - 3, py) for px, py in neck], 3, "#6E7487")
    turn = math.atan2(neck[-1][1] - neck[-4][1], neck[-1][0] - neck[-4][0])
    across, up = math.cos(turn), math.sin(turn)

    def along(reach: float, side: float) -> Point:
        return tip + across * reach - up * side, base - height * 0.8 + up * reach + across * side

    canvas.line([along(0, 0), along(70, 0)], 46, "#2A2E3C")
    canvas.line([along(58, 0), along(132, 0)], 74, "#343949")
    canvas.line([along(60, -14), along(128, -14)], 20, "#8C93A8")
    canvas.line([along(44, -30), along(44, 30)], 9, canvas.palette.gold)


def loudspeakers(canvas: Canvas) -> None:
    """Public loudspeakers on a mast above the trees."""
    palette = canvas.palette
    sky(canvas, 900)
    ridge(canvas, 840, 120, [palette.far, palette.mid])
    for x in (60, 250, 1280, 1440):
        palm(canvas, x, 1010, canvas.rng.uniform(330, 520), palette.near, palette.near)
    for x in (150, 1350):
        tree(canvas, x, 1010, 260, mix(palette.mid, palette.near, 0.6))
    canvas.rectangle((738, 180, 764, HEIGHT), mix(palette.near, palette.light, 0.15))
    canvas.rectangle((754, 180, 764, HEIGHT), palette.dark, 0.3)
    for side, y, size in ((-1, 330, 1.0), (1, 390, 1.0), (-1, 590, 0.72)):
        _horn(canvas, 751, y, side, size)
    flag(canvas, 764, 130, 210)
    canvas.rectangle((742, 110, 760, 190), palette.gold, radius=8)


def _horn(canvas: Canvas, x: float, y: float, side: int, size: float) -> None:
    body = mix("#E9E4D6", canvas.palette.near, 0.12)
    _sound(canvas, x, y, side, size)
    canvas.rectangle(
        (min(x, x + side * 90 * size), y - 30 * size, max(x, x + side * 90 * size), y + 30 * size),
        mix("#3B4254", canvas.palette.near, 0.3),
        radius=12,
    )
    bell = [
        (x + side * 70 * size, y - 34 * size),
        *curve(
            (x + side * 180 * size, y - 44 * size),
            (x + side * 270 * size, y - 70 * size),
            (x + side * 310 * size, y - 150 * size),
            12,
        ),
    ]
    bell += [
        *curve(
            (x + side * 310 * size, y + 150 * size),
            (x + side * 270 * size, y + 70 * size),
            (x + side * 180 * size, y + 44 * size),
            12,
        ),
        (x + side * 70 * size, y + 34 * size),
    ]
    canvas.shaded(bell, [mix(body, "#FFFFFF", 0.5), body, mix(body, canvas.palette.near, 0.5)])
    canvas.oval(
        x + side * 310 * size, y, 42 * size, 152 * size, mix(body, canvas.palette.dark, 0.25)
    )
    canvas.oval(
        x + side * 312 * size,
        y,
        31 * size,
        128 * size,
        mix(canvas.palette.near, canvas.palette.dark, 0.5),
    )
    canvas.oval(x + side * 308 * size, y, 15 * size, 46 * size, canvas.palette.accent)


def _sound(canvas: Canvas, x: float, y: float, side: int, size: float) -> None:
    for ring in range(1, 4):
        reach = (340 + ring * 62) * size
        arc = curve(
            (x + side * reach * 0.93, y - reach * 0.3),
            (x + side * reach * 1.08, y),
            (x + side * reach * 0.93, y + reach * 0.3),
            16,
        )
        canvas.line(arc, 9, canvas.palette.light, 0.62 - ring * 0.13)
