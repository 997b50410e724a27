"""Stars, flags, and what stands and hangs in rooms."""

import math

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, curve, mix

WOOD = "#A9714B"


def star(canvas: Canvas, x: float, y: float, radius: float, colour: Colour) -> None:
    """A five-pointed star standing on two points."""
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(36 * corner - 90)
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    canvas.polygon(points, colour)


def flag(canvas: Canvas, x: float, y: float, width: float, *, droop: float = 0.06) -> None:
    """A red flag with a gold star flying to the right of its mast's top at (x, y)."""
    height, phase = width * 2 / 3, canvas.rng.uniform(0, 6)

    def wave(share: float) -> float:
        return math.sin(share * 5.2 + phase) * width * droop * share**0.5

    steps = [step / 20 for step in range(21)]
    top = [(x + s * width, y + wave(s)) for s in steps]
    bottom = [(px, py + height) for px, py in reversed(top)]
    canvas.polygon([*top, *bottom], "#C4191F")
    for fold in (0.28, 0.78):
        band = [(x + s * width, y + wave(s)) for s in (fold - 0.1, fold - 0.04, fold + 0.03)]
        low = [(px, py + height) for px, py in reversed(band)]
        canvas.polygon([*band, *low], "#7E0D14", 0.28)
    star(canvas, x + width * 0.5, y + height * 0.5 + wave(0.5), height * 0.31, "#FFCD2E")


def potted_plant(canvas: Canvas, x: float, base: float, height: float) -> None:
    """A leafy plant in a pot."""
    green = mix("#2F6B55", canvas.palette.near, 0.3)
    for angle in (-150, -125, -100, -80, -55, -30):
        turn = math.radians(angle)
        tip = (
            x + math.cos(turn) * height * 0.6,
            base - height * 0.3 + math.sin(turn) * height * 0.7,
        )
        rise = (x + math.cos(turn) * height * 0.12, base - height * 0.7)
        lower = (x + math.cos(turn) * height * 0.4, base - height * 0.35)
        leaf = [
            *curve((x, base - height * 0.25), rise, tip, 10),
            *curve(tip, lower, (x, base - height * 0.25), 10),
        ]
        canvas.polygon(leaf, mix(green, "#8CC2A0", (angle + 150) / 300))
    pot = [(x - height * 0.17, base - height * 0.3), (x + height * 0.17, base - height * 0.3)]
    canvas.polygon([*pot, (x + height * 0.12, base), (x - height * 0.12, base)], "#B4653F")


def room(canvas: Canvas, floor: float) -> Colour:
    """A lit wall above a floor; answers the wall's colour."""
    palette = canvas.palette
    wall = mix(palette.light, palette.far, 0.3)
    canvas.gradient((0, 0, WIDTH, floor), [mix(wall, palette.mid, 0.22), wall])
    canvas.gradient(
        (0, floor, WIDTH, HEIGHT), [mix(WOOD, palette.far, 0.45), mix(WOOD, palette.dark, 0.4)]
    )
    return wall


def drapes(canvas: Canvas, left: float, right: float, top: float, bottom: float) -> None:
    """A red backdrop hanging in folds."""
    canvas.gradient((left, top, right, bottom), ["#C21D22", "#8F0F16"])
    folds = round((right - left) / 44)
    for fold in range(folds):
        x = left + fold * (right - left) / folds
        canvas.rectangle((x, top, x + 12, bottom), "#5E060C", 0.22)
        canvas.rectangle((x + 18, top, x + 25, bottom), "#F0564C", 0.16)


def window(canvas: Canvas, left: float, top: float, width: float, height: float) -> None:
    """A window on the sky, its left top at (left, top)."""
    palette = canvas.palette
    canvas.rectangle(
        (left - 14, top - 14, left + width + 14, top + height + 14),
        mix(WOOD, palette.light, 0.35),
        radius=5,
    )
    canvas.gradient((left, top, left + width, top + height), palette.sky)
    canvas.glow(left + width / 2, top + height * 0.4, min(width, height) * 0.48, palette.sun, 0.8)
    for index in range(5):
        x = left + width * (index + 0.5) / 5
        reach = width * 0.1
        canvas.oval(
            x, top + height - reach * 0.9, reach, reach * 0.9, mix(palette.mid, palette.far, 0.4)
        )
    for share in (0.333, 0.667):
        canvas.rectangle(
            (left + width * share - 5, top, left + width * share + 5, top + height),
            mix(WOOD, palette.light, 0.35),
        )
    canvas.rectangle(
        (left, top + height * 0.4, left + width, top + height * 0.4 + 9),
        mix(WOOD, palette.light, 0.35),
    )


def flowers(canvas: Canvas, x: float, base: float, size: float) -> None:
    """A low bunch of flowers standing on `base`."""
    for dx, dy in ((-0.7, 0.5), (0.7, 0.5), (0, 0.45), (-0.4, 1), (0.4, 1), (0, 1.25)):
        canvas.oval(x + dx * size * 1.2, base - dy * size * 0.8, size * 0.5, size * 0.36, "#3F7D5A")
    for dx, dy, tone in (
        (-0.8, 0.8, "#F4C542"),
        (0.8, 0.8, "#E4574C"),
        (0, 0.8, "#FFF4E0"),
        (-0.35, 1.3, "#E4574C"),
        (0.4, 1.3, "#F4C542"),
    ):
        canvas.oval(x + dx * size, base - dy * size * 0.8, size * 0.27, size * 0.27, tone)
