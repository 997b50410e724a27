"""Landscapes of the province: water, fields, trees, the pagoda, the bridge."""

import math

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, curve, mix
from portal.demo.people import standing
from portal.demo.scenery import birds, boat, palm, ridge, sky, tree, treeline, water


def river(canvas: Canvas) -> None:
    """Sampans on a broad river between coconut palms."""
    palette, rng = canvas.palette, canvas.rng
    sun_x, _ = sky(canvas, 520)
    treeline(canvas, 522, 70, mix(palette.far, palette.mid, 0.3))
    water(canvas, 520, sun_x)
    birds(canvas, rng.uniform(700, 1000), rng.uniform(120, 220))
    boat(canvas, rng.uniform(880, 1080), 610, 190)
    boat(canvas, rng.uniform(560, 760), 740, 430)
    bank = [(0, 800), *curve((0, 800), (330, 790), (640, HEIGHT), 20), (0, HEIGHT)]
    canvas.shaded(bank, [palette.near, palette.dark])
    for x, height in ((60, 820), (230, 620), (-30, 560)):
        palm(
            canvas,
            x + rng.uniform(-20, 20),
            880,
            height,
            palette.dark,
            mix(palette.dark, palette.near, 0.35),
        )


def coconuts(canvas: Canvas) -> None:
    """A canal with a footbridge under coconut palms."""
    palette, rng = canvas.palette, canvas.rng
    sun_x, _ = sky(canvas, 560)
    treeline(canvas, 560, 110, palette.far)
    water(canvas, 560, sun_x)
    for side in (-1, 1):
        edge = 750 + side * 750
        bank = [
            (edge, 560),
            (750 + side * 190, 562),
            *curve((750 + side * 190, 562), (750 + side * 330, 720), (750 + side * 700, HEIGHT)),
            (edge, HEIGHT),
        ]
        canvas.shaded(bank, [palette.mid, palette.near])
    arch = curve((480, 640), (750, 520), (1020, 640))
    canvas.line([(x, y + 26) for x, y in arch], 9, palette.dark)
    canvas.line([(x, y - 34) for x, y in arch], 5, palette.dark)
    for x, y in arch[::3]:
        canvas.line([(x, y - 34), (x, y + 90)], 5, palette.dark)
    rows: list[tuple[float, float, float]] = [
        (430, 590, 260),
        (1090, 600, 290),
        (300, 680, 430),
        (1230, 700, 470),
        (110, 830, 640),
        (1410, 850, 690),
    ]
    for x, base, height in rows:
        depth = (base - 560) / 300
        leaves = mix(palette.mid, palette.dark, depth)
        palm(canvas, x + rng.uniform(-25, 25), base, height, mix(leaves, palette.dark, 0.4), leaves)


def rice_fields(canvas: Canvas) -> None:
    """Rice fields running to the horizon, with farmers at work."""
    palette, rng = canvas.palette, canvas.rng
    sky(canvas, 470)
    ridge(canvas, 475, 60, [palette.far, palette.far])
    treeline(canvas, 480, 60, mix(palette.far, palette.mid, 0.6))
    canvas.gradient(
        (0, 478, WIDTH, HEIGHT),
        [mix("#CFC457", palette.mid, 0.35), mix("#7FA03F", palette.near, 0.35)],
    )
    vanishing = rng.uniform(550, 950)
    for strip in range(-9, 10):
        near, wide = 750 + strip * 330, 170
        field = [
            (vanishing + strip * 46, 480),
            (vanishing + strip * 46 + 23, 480),
            (near + wide, HEIGHT),
            (near, HEIGHT),
        ]
        canvas.polygon(field, mix("#A9B64A", palette.mid, 0.25), 0.75)
    for y in (516, 580, 690, 850):
        depth = (y - 480) / 520
        ripple = [
            (float(x), y + math.sin(x / 190 + y) * 10 * depth) for x in range(0, WIDTH + 20, 20)
        ]
        lower = [(x, top + 5 + depth * 18) for x, top in reversed(ripple)]
        canvas.polygon([*ripple, *lower], mix("#6F8F3C", palette.near, 0.3), 0.8)
        canvas.line(ripple, 1.5 + depth * 4, "#E6E2A0", 0.7)
    for x, y, height in (
        (rng.uniform(300, 480), 690, 120),
        (rng.uniform(980, 1200), 715, 145),
        (rng.uniform(560, 820), 860, 250),
    ):
        standing(canvas, x, y, height, rng.choice(["#7A3E6B", "#355C7D", "#2F6F73"]), hat=True)
    for index in range(90):
        _tuft(canvas, index * 17 + rng.uniform(-8, 8), HEIGHT + 8, rng.uniform(40, 95))


def _tuft(canvas: Canvas, x: float, base: float, height: float) -> None:
    tone = mix(canvas.palette.near, "#B9A63A", canvas.rng.uniform(0.1, 0.6))
    for lean in (-0.35, 0.05, 0.4):
        tip = (x + lean * height, base - height)
        canvas.polygon(
            [(x - 5, base), *curve((x - 4, base), (x, base - height * 0.6), tip, 6), (x + 5, base)],
            tone,
        )


def wind_turbines(canvas: Canvas) -> None:
    """Wind turbines standing in the sea off the coast."""
    palette, rng = canvas.palette, canvas.rng
    sun_x, _ = sky(canvas, 660)
    water(canvas, 660, sun_x)
    canvas.rectangle((0, 656, WIDTH, 662), palette.light, 0.35)
    for index in range(5):
        _turbine(canvas, 1410 - index * 150, 664 + index * 2, 170 + index * 18, 0.55)
    for x, base, height in ((1180, 700, 430), (820, 740, 560), (330, 800, 740)):
        _turbine(canvas, x + rng.uniform(-50, 50), base, height, 1)
    shore = [(0, 930), *curve((0, 930), (700, 850), (WIDTH, 960), 30), (WIDTH, HEIGHT), (0, HEIGHT)]
    canvas.shaded(shore, [mix(palette.near, palette.sun, 0.35), palette.dark])
    for index in range(7):
        palm(canvas, 1130 + index * 62, 975, rng.uniform(120, 230), palette.dark, palette.dark)


def _turbine(canvas: Canvas, x: float, base: float, height: float, presence: float) -> None:
    white = mix(canvas.palette.far, "#FBF7EE", presence * 0.85)
    shade = mix(white, canvas.palette.near, 0.35)
    hub, girth = base - height * 0.68, height * 0.014
    canvas.polygon([(x - girth, base), (x - girth * 0.5, hub), (x, hub), (x, base)], white)
    canvas.polygon([(x + girth, base), (x + girth * 0.5, hub), (x, hub), (x, base)], shade)
    canvas.rectangle(
        (x - girth * 2.4, base - 4, x + girth * 2.4, base + height * 0.02), canvas.palette.gold
    )
    turn = canvas.rng.uniform(0, 120)
    for blade in range(3):
        angle = math.radians(turn + blade * 120)
        across, up = math.cos(angle), math.sin(angle)
        reach = height * 0.34
        tip = (x + across * reach, hub + up * reach)
        side = (
            x + across * reach * 0.22 - up * girth * 1.5,
            hub + up * reach * 0.22 + across * girth * 1.5,
        )
        canvas.polygon([(x, hub), side, tip], white)
        canvas.polygon([(x, hub), tip, (x + up * girth * 0.5, hub - across * girth * 0.5)], shade)
    canvas.oval(x, hub, girth * 1.4, girth * 1.4, shade)


def ao_ba_om(canvas: Canvas) -> None:
    """The square pond Ao Bà Om under its old trees, with lotus."""
    palette, rng = canvas.palette, canvas.rng
    sun_x, _ = sky(canvas, 520)
    ridge(canvas, 500, 130, [palette.far, mix(palette.far, palette.mid, 0.5)])
    canvas.gradient((0, 500, WIDTH, 570), [mix(palette.mid, palette.light, 0.2), palette.near])
    water(canvas, 566, sun_x)
    for index in range(9):
        x = index * 185 + rng.uniform(-30, 30)
        height = rng.uniform(300, 460)
        leaves = mix(palette.mid, palette.near, rng.random())
        for shift in (0, 14):
            canvas.oval(x + shift, 566 + height * 0.42, height * 0.3, height * 0.38, leaves, 0.12)
        tree(canvas, x, 560, height, leaves)
    for _ in range(16):
        _lotus_leaf(canvas, rng.uniform(0, WIDTH), 760 + rng.random() ** 0.7 * 250)
    for _ in range(4):
        _lotus(canvas, rng.uniform(80, WIDTH - 80), rng.uniform(830, 960))


def _lotus_leaf(canvas: Canvas, x: float, y: float) -> None:
    reach = 30 + (y - 740) * 0.28
    canvas.oval(x, y + 5, reach, reach * 0.32, canvas.palette.dark, 0.35)
    canvas.oval(x, y, reach, reach * 0.32, mix("#3F8C63", canvas.palette.near, 0.35))
    canvas.oval(
        x - reach * 0.15, y - 3, reach * 0.7, reach * 0.2, mix("#6FB384", canvas.palette.near, 0.25)
    )


def _lotus(canvas: Canvas, x: float, y: float) -> None:
    size = 26 + (y - 800) * 0.16
    canvas.line([(x, y), (x + 4, y + size * 1.6)], 5, mix("#3F8C63", canvas.palette.dark, 0.3))
    for turn, tone in (
        (-1.1, "#E58BA4"),
        (1.1, "#D97794"),
        (-0.55, "#F2A9BC"),
        (0.55, "#EE9BB2"),
        (0, "#FAD0DA"),
    ):
        tip = (x + math.sin(turn) * size * 1.35, y - math.cos(turn) * size * 1.5)
        lean = math.sin(turn) * size * 0.55
        petal = [
            *curve((x, y), (x + lean - size * 0.55, y - size * 0.7), tip, 10),
            *curve(tip, (x + lean + size * 0.55, y - size * 0.7), (x, y), 10),
        ]
        canvas.polygon(petal, tone)


def pagoda(canvas: Canvas) -> None:
    """A Khmer pagoda: tiers of concave roofs, gold edges and a spire."""
    palette = canvas.palette
    sky(canvas, 760)
    treeline(canvas, 770, 150, palette.far)
    canvas.gradient((0, 760, WIDTH, HEIGHT), [mix(palette.near, "#D8B98A", 0.45), palette.near])
    canvas.polygon(
        [(660, 790), (840, 790), (1050, HEIGHT), (450, HEIGHT)], mix("#E9D3A5", palette.near, 0.15)
    )
    for x in (140, 320, 1180, 1370):
        tree(
            canvas,
            x + canvas.rng.uniform(-30, 30),
            800,
            canvas.rng.uniform(260, 380),
            mix(palette.mid, palette.near, 0.5),
        )
    canvas.polygon([(728, 190), (746, 40), (750, 14), (754, 40), (772, 190)], palette.gold)
    for y, reach in ((190, 40), (158, 30), (128, 22), (100, 15)):
        canvas.oval(750, y, reach, 9, mix(palette.gold, "#8A4B12", 0.3))
    _temple_body(canvas, 750, 800)
    _skirt(canvas, 750, 600, 455, 320)
    _skirt(canvas, 750, 505, 375, 270)
    for half, eave, top in ((290, 430, 150), (235, 525, 270), (178, 612, 396)):
        _gable(canvas, 750, eave, top, half)


def _temple_body(canvas: Canvas, x: float, base: float) -> None:
    palette = canvas.palette
    wall = mix("#F3DFB4", palette.far, 0.15)
    canvas.shaded(
        [(x - 350, 560), (x + 350, 560), (x + 350, base), (x - 350, base)],
        [mix(wall, palette.dark, 0.45), wall],
    )
    for column in range(8):
        left = x - 350 + column * 94
        canvas.rectangle((left, 570, left + 42, base), mix(wall, "#FFFFFF", 0.35))
        canvas.rectangle((left + 28, 570, left + 42, base), palette.dark, 0.16)
        canvas.rectangle((left - 8, 570, left + 50, 596), palette.gold)
    canvas.rectangle((x - 40, 640, x + 40, base), mix("#7A2E1D", palette.dark, 0.3), radius=38)
    canvas.rectangle((x - 40, 720, x + 40, base), mix("#7A2E1D", palette.dark, 0.3))
    for step in range(4):
        reach = 380 + step * 22
        canvas.rectangle(
            (x - reach, base + step * 14, x + reach, base + step * 14 + 15),
            mix(wall, palette.near, 0.15 + step * 0.12),
        )


def _skirt(canvas: Canvas, x: float, eave: float, half: float, upper: float) -> None:
    """A low roof around the hall: concave at its ends, gold along its eave."""
    palette = canvas.palette
    tiles = mix("#B5442A", palette.near, 0.2)
    right = curve((x + upper, eave - 100), (x + upper + 30, eave - 14), (x + half, eave - 16), 14)
    left = [(2 * x - px, py) for px, py in reversed(right)]
    canvas.shaded(
        [*left, *right, (x + half - 18, eave + 14), (x - half + 18, eave + 14)],
        [mix(tiles, palette.dark, 0.3), tiles],
    )
    canvas.polygon(
        [
            (x - half, eave - 16),
            (x + half, eave - 16),
            (x + half - 18, eave + 14),
            (x - half + 18, eave + 14),
        ],
        palette.gold,
    )
    for sign in (-1, 1):
        tip = curve(
            (x + sign * (half - 30), eave - 8),
            (x + sign * (half + 26), eave - 18),
            (x + sign * (half + 30), eave - 66),
            10,
        )
        canvas.polygon([*tip, (x + sign * (half - 4), eave - 20)], palette.gold)


def _gable(canvas: Canvas, x: float, eave: float, top: float, half: float) -> None:
    """One steep pediment seen from its front, its edges gold, horns at its corners and peak."""
    palette = canvas.palette
    tiles, edge = mix("#B5442A", palette.near, 0.2), palette.gold
    inner = mix("#7E241D", palette.dark, 0.15)
    for inset, colour in (
        (0.0, tiles),
        (0.1, edge),
        (0.17, inner),
        (0.34, edge),
        (0.38, mix(inner, edge, 0.25)),
    ):
        reach, low = half * (1 - inset), eave - inset * 34
        peak = top + inset * (eave - top) * 1.05
        side = curve((x, peak), (x + reach * 0.4, low - (low - peak) * 0.36), (x + reach, low), 20)
        mirror = [(2 * x - px, py) for px, py in reversed(side)]
        canvas.polygon([*mirror, *side], colour)
    canvas.oval(x, eave - (eave - top) * 0.27, half * 0.09, half * 0.12, edge)
    for sign in (-1, 1):
        horn = curve(
            (x + sign * half * 0.9, eave),
            (x + sign * half * 1.12, eave - 10),
            (x + sign * half * 1.12, eave - 60),
            10,
        )
        canvas.polygon([*horn, (x + sign * half * 0.98, eave - 16)], edge)
    canvas.polygon(
        [
            (x - 11, top + 30),
            *curve((x - 7, top), (x, top - 26), (x + 15, top - 60), 8),
            *curve((x + 15, top - 60), (x + 10, top - 20), (x + 11, top + 30), 8),
        ],
        edge,
    )


def bridge(canvas: Canvas) -> None:
    """A cable-stayed bridge over a wide river."""
    palette, rng = canvas.palette, canvas.rng
    sun_x, _ = sky(canvas, 700)
    treeline(canvas, 702, 62, palette.far)
    water(canvas, 700, sun_x)
    for x in (455, 1045):
        for step in range(1, 12):
            for side in (-1, 1):
                anchor = x + side * step * 26.5
                canvas.line(
                    [(x, 215 + step * 13), (anchor, _deck(anchor))],
                    2.4,
                    mix(palette.light, palette.near, 0.35),
                )
    deck = [(float(x), _deck(x)) for x in range(-20, WIDTH + 40, 20)]
    canvas.polygon([*deck, *((x, y + 26) for x, y in reversed(deck))], palette.near)
    canvas.polygon(
        [*deck, *((x, y + 7) for x, y in reversed(deck))], mix(palette.light, palette.near, 0.25)
    )
    for x in (90, 240, 1260, 1410):
        canvas.rectangle((x - 13, _deck(x) + 24, x + 13, 745), palette.near)
    for x in (455, 1045):
        _pylon(canvas, x)
    for _ in range(6):
        left = rng.uniform(60, 1440)
        canvas.rectangle(
            (left, _deck(left) - 20, left + 44, _deck(left) - 2),
            rng.choice([palette.accent, palette.gold, "#F7F2E6"]),
            radius=5,
        )
    boat(canvas, rng.uniform(620, 860), 870, 330)


def _deck(x: float) -> float:
    return 610 - 62 * (1 - ((x - 750) / 750) ** 2)


def _pylon(canvas: Canvas, x: float) -> None:
    palette = canvas.palette
    stone = mix(palette.light, palette.mid, 0.25)
    for side in (-1, 1):
        leg = [
            (x + side * 6, 190),
            (x + side * 20, 190),
            (x + side * 52, _deck(x)),
            (x + side * 34, 770),
            (x + side * 14, 770),
            (x + side * 32, _deck(x)),
        ]
        canvas.polygon(leg, stone if side < 0 else mix(stone, palette.near, 0.4))
    canvas.rectangle((x - 18, 330, x + 18, 350), stone)
    canvas.rectangle((x - 58, 752, x + 58, 790), mix(palette.near, stone, 0.2), radius=8)
    canvas.rectangle((x - 20, 178, x + 20, 206), palette.accent)
