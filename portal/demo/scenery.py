"""Sky, land, water, trees and boats."""

import math
from collections.abc import Sequence

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, curve, mix
from portal.demo.people import SKIN, conical_hat


def sky(canvas: Canvas, horizon: float) -> Point:
    """The sky with its sun or moon and clouds down to the horizon; answers where the sun is."""
    palette, rng = canvas.palette, canvas.rng
    canvas.gradient((0, 0, WIDTH, horizon + 2), palette.sky)
    x, y = rng.uniform(0.25, 0.75) * WIDTH, horizon - rng.uniform(130, 330)
    for index in range(rng.randint(2, 4)):
        across = (index + rng.random()) * WIDTH / 3
        cloud(canvas, across, rng.uniform(60, horizon * 0.5), rng.uniform(0.7, 1.4))
    canvas.glow(x, y, 620, palette.sun, 0.55)
    canvas.oval(x, y, 82, 82, palette.sun)
    return x, y


def cloud(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A long flat cloud about (x, y)."""
    tone = mix(canvas.palette.sky[1], canvas.palette.light, 0.42)
    for row, (shift, reach) in enumerate(((40, 80), (-10, 190), (50, 130))):
        middle, top = x + shift * size, y + row * 22 * size
        box = (middle - reach * size, top, middle + reach * size, top + 26 * size)
        canvas.rectangle(box, tone, radius=13 * size)


def birds(canvas: Canvas, x: float, y: float) -> None:
    """A small flock."""
    for index in range(canvas.rng.randint(4, 7)):
        left = x + index * 42 + canvas.rng.uniform(-12, 12)
        top = y + abs(index - 2) * 16 + canvas.rng.uniform(-8, 8)
        for side in (-1, 1):
            wing = curve((left, top), (left + side * 8, top - 12), (left + side * 19, top - 5), 6)
            canvas.line(wing, 3, canvas.palette.dark)


def ridge(canvas: Canvas, base: float, height: float, colours: Sequence[Colour]) -> None:
    """A rolling ridge across the whole width, from `base` up by `height` and filled below."""
    first, second = canvas.rng.uniform(0, 6), canvas.rng.uniform(0, 6)
    top = []
    for x in range(0, WIDTH + 20, 20):
        wave = math.sin(x / 230 + first) * 0.6 + math.sin(x / 97 + second) * 0.25
        top.append((float(x), base - height * (0.5 + wave * 0.5)))
    canvas.shaded([*top, (WIDTH, HEIGHT), (0, HEIGHT)], colours)


def treeline(canvas: Canvas, base: float, height: float, colour: Colour) -> None:
    """A far bank of round trees and palms standing on `base`."""
    x = -30.0
    while x < WIDTH + 40:
        radius = height * canvas.rng.uniform(0.3, 0.6)
        canvas.oval(x, base - radius * 0.5, radius * 1.25, radius, colour)
        if canvas.rng.random() < 0.22:
            palm(canvas, x, base, height * canvas.rng.uniform(1.4, 2.1), colour, colour)
        x += radius * 1.3
    canvas.rectangle((0, base - height * 0.2, WIDTH, base + 2), colour)


def water(canvas: Canvas, horizon: float, sun_x: float) -> None:
    """Water from the horizon down, with the sun's path and ripples."""
    palette, rng = canvas.palette, canvas.rng
    canvas.gradient((0, horizon, WIDTH, HEIGHT), palette.water)
    for step in range(26):
        y = horizon + 10 + (step / 26) ** 1.5 * (HEIGHT - horizon)
        reach = (26 + step * 9) * rng.uniform(0.5, 1.2)
        x = sun_x + rng.uniform(-14, 14) * (1 + step / 5)
        box = (x - reach, y, x + reach, y + 4 + step * 0.35)
        canvas.rectangle(box, palette.sun, 0.5, radius=4)
    for _ in range(34):
        x, depth = rng.uniform(-60, WIDTH), rng.random() ** 1.4
        y, reach = horizon + 14 + depth * (HEIGHT - horizon), 24 + depth * 130
        canvas.rectangle((x, y, x + reach, y + 2 + depth * 4), palette.light, 0.2, radius=3)


def palm(
    canvas: Canvas, x: float, base: float, height: float, trunk: Colour, leaves: Colour
) -> None:
    """A coconut palm rooted at (x, base), leaning a little."""
    lean = canvas.rng.uniform(-0.22, 0.22) * height
    top = (x + lean, base - height * 0.86)
    stem = curve((x, base), (x + lean * 0.15, base - height * 0.5), top, 14)
    girth = height * 0.021
    right = [(px + girth * (1.6 - i / 14), py) for i, (px, py) in enumerate(stem)]
    left = [(px - girth * (1.6 - i / 14), py) for i, (px, py) in enumerate(stem)]
    canvas.polygon([*left, *reversed(right)], trunk)
    for angle in (-168, -140, -112, -84, -58, -30, -6, 18, 196):
        _frond(canvas, top, math.radians(angle + canvas.rng.uniform(-9, 9)), height * 0.4, leaves)
    for shift in (-1, 0, 1):
        nut = height * 0.024
        canvas.oval(top[0] + shift * nut * 1.3, top[1] + nut * 1.6, nut, nut * 1.1, trunk)


def _frond(canvas: Canvas, root: Point, angle: float, length: float, colour: Colour) -> None:
    across, up = math.cos(angle) * length, math.sin(angle) * length
    tip = (root[0] + across, root[1] + up + length * 0.4)
    rib = curve(root, (root[0] + across * 0.55, root[1] + up * 1.2), tip, 18)
    comb: list[Point] = []
    for index, (x, y) in enumerate(reversed(rib[1:])):
        swell = math.sin(math.pi * min(1, (index + 2) / 19)) * length * 0.24
        comb += [(x + across * 0.07, y + swell), (x + across * 0.01, y + swell * 0.55)]
    canvas.polygon([*rib, *comb], colour)


def tree(canvas: Canvas, x: float, base: float, height: float, leaves: Colour) -> None:
    """A broad tree rooted at (x, base); its crown is lit from the upper left."""
    trunk = mix(canvas.palette.dark, leaves, 0.25)
    girth = height * 0.035
    stem = [(x - girth, base), (x - girth * 0.5, base - height * 0.6)]
    canvas.polygon([*stem, (x + girth * 0.5, base - height * 0.6), (x + girth, base)], trunk)
    blobs = [(0, 0.72, 0.25), (-0.19, 0.6, 0.19), (0.2, 0.61, 0.2), (0.05, 0.86, 0.17)]
    for dx, dy, radius in blobs:
        size = radius * height * canvas.rng.uniform(0.92, 1.08)
        canvas.oval(x + dx * height, base - dy * height, size * 1.1, size, leaves)
    lit = mix(leaves, canvas.palette.light, 0.22)
    for dx, dy, radius in blobs:
        size = radius * height * 0.62
        canvas.oval(x + (dx - 0.07) * height, base - (dy + 0.06) * height, size * 1.1, size, lit)


def boat(canvas: Canvas, x: float, y: float, length: float, *, rower: bool = True) -> None:
    """A wooden sampan whose waterline is at y, with a rower in a conical hat."""
    dark = canvas.palette.dark
    canvas.rectangle(
        (x - length * 0.5, y, x + length * 0.5, y + length * 0.045), dark, 0.22, length * 0.02
    )
    rim = curve(
        (x - length * 0.56, y - length * 0.13),
        (x, y + length * 0.02),
        (x + length * 0.56, y - length * 0.13),
    )
    keel = curve(
        (x + length * 0.56, y - length * 0.13),
        (x + length * 0.36, y + length * 0.035),
        (x, y + length * 0.03),
        12,
    )
    keel += curve(
        (x, y + length * 0.03),
        (x - length * 0.36, y + length * 0.035),
        (x - length * 0.56, y - length * 0.13),
        12,
    )
    if rower:
        _rower(canvas, x + length * 0.25, y - length * 0.04, length * 0.42)
    cover = curve(
        (x - length * 0.3, y - length * 0.04),
        (x - length * 0.08, y - length * 0.34),
        (x + length * 0.12, y - length * 0.04),
    )
    canvas.shaded(cover, [mix(dark, canvas.palette.sun, 0.5), mix(dark, canvas.palette.sun, 0.15)])
    canvas.shaded([*rim, *keel], [mix(dark, canvas.palette.accent, 0.3), dark])


def _rower(canvas: Canvas, x: float, foot: float, height: float) -> None:
    dark, sun = canvas.palette.dark, canvas.palette.sun
    canvas.line(
        [(x + height * 0.45, foot + height * 0.18), (x - height * 0.12, foot - height * 0.62)],
        5,
        dark,
    )
    body = [(x - height * 0.12, foot), (x - height * 0.1, foot - height * 0.66)]
    canvas.polygon(
        [*body, (x + height * 0.1, foot - height * 0.66), (x + height * 0.14, foot)],
        mix(dark, canvas.palette.accent, 0.55),
    )
    canvas.oval(x, foot - height * 0.76, height * 0.085, height * 0.1, SKIN[1])
    conical_hat(canvas, x, foot - height * 0.78, height * 0.25, mix(sun, "#E8C88A", 0.6))
