"""Rooms with people: a congress, a class, a vote, a cell's meeting."""

from portal.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, curve, mix
from portal.demo.decor import WOOD, drapes, flag, flowers, potted_plant, room, star, window
from portal.demo.people import SHIRTS, SKIN, bust, from_behind


def conference(canvas: Canvas) -> None:
    """A conference hall: rows of delegates, a rostrum and a red backdrop with a gold star."""
    palette, rng = canvas.palette, canvas.rng
    wall = room(canvas, 560)
    for side in (0, 1):
        for panel in range(3):
            left = side * 1195 + panel * 105
            canvas.rectangle((left, 60, left + 86, 520), mix(wall, palette.mid, 0.16), radius=6)
            canvas.glow(left + 43, 90, 110, "#FFF3CF", 0.55)
    drapes(canvas, 330, 1170, 40, 560)
    canvas.rectangle((310, 24, 1190, 62), "#7A0B12", radius=5)
    canvas.glow(750, 240, 420, "#FFB347", 0.34)
    star(canvas, 750, 250, 118, palette.gold)
    canvas.polygon(
        [(250, 560), (1250, 560), (1320, 620), (180, 620)], mix(WOOD, palette.light, 0.25)
    )
    canvas.rectangle((180, 616, 1320, 652), mix(WOOD, palette.dark, 0.35))
    _presidium(canvas)
    _rostrum(canvas, 1090, 612)
    for x in (300, 1200):
        potted_plant(canvas, x, 612, 150)
    for row in range(4):
        _row_of_delegates(canvas, 690 + row * 108, 92 + row * 36, rng.uniform(-30, 30))


def _presidium(canvas: Canvas) -> None:
    for x in (560, 680, 800):
        bust(canvas, x, 562, 110)
    canvas.rectangle((470, 528, 890, 612), mix("#F7F1E3", canvas.palette.far, 0.15), radius=5)
    canvas.rectangle((470, 528, 890, 544), canvas.palette.accent, radius=5)
    for x in (600, 760):
        flowers(canvas, x, 528, 30)


def _rostrum(canvas: Canvas, x: float, base: float) -> None:
    bust(canvas, x, base - 96, 150)
    canvas.polygon(
        [(x - 74, base - 120), (x + 74, base - 120), (x + 58, base), (x - 58, base)],
        mix(WOOD, "#5A3320", 0.3),
    )
    canvas.rectangle((x - 84, base - 134, x + 84, base - 116), mix(WOOD, "#FFE2B8", 0.3), radius=6)
    star(canvas, x, base - 62, 24, canvas.palette.gold)
    canvas.line(
        curve((x - 34, base - 134), (x - 40, base - 168), (x - 16, base - 182), 8), 4, "#20232D"
    )
    canvas.oval(x - 14, base - 184, 9, 7, "#20232D")


def _row_of_delegates(canvas: Canvas, base: float, height: float, shift: float) -> None:
    rng, step = canvas.rng, height * 1.12
    x = -step + shift
    while x < WIDTH + step:
        if not 750 - step * 0.6 < x < 750 + step * 0.6:
            from_behind(canvas, x, base + height * 0.3, height * 1.25, rng.choice(SHIRTS))
            seat = (x - step * 0.43, base - height * 0.12, x + step * 0.43, base + height * 0.8)
            canvas.rectangle(seat, mix("#7C1F22", canvas.palette.dark, 0.35), radius=height * 0.16)
            canvas.rectangle(
                (seat[0] + 6, seat[1] + 6, seat[2] - 6, seat[1] + 14), "#FFB9A0", 0.2, radius=5
            )
        x += step


def classroom(canvas: Canvas) -> None:
    """A political theory class seen from the back row."""
    palette, rng = canvas.palette, canvas.rng
    wall = room(canvas, 600)
    board = mix("#1F5A52", palette.dark, 0.2)
    canvas.rectangle((330, 120, 1000, 480), mix(WOOD, palette.dark, 0.15), radius=8)
    canvas.gradient((346, 136, 984, 464), [mix(board, "#FFFFFF", 0.1), board])
    for line, reach in enumerate((420, 300, 360, 220)):
        canvas.rectangle(
            (400, 200 + line * 62, 400 + reach, 212 + line * 62), "#E9F2EA", 0.65, radius=6
        )
    flag(canvas, 130, 130, 150, droop=0.02)
    window(canvas, 1090, 110, 330, 370)
    bust(canvas, rng.choice((250, 1045)), 600, 270)
    desk = mix(WOOD, palette.light, 0.2)
    for row in range(3):
        base, height, seats = 690 + row * 140, 170 + row * 62, 6 - row
        for seat in range(seats):
            x = (seat + 0.5) * WIDTH / seats + rng.uniform(-18, 18)
            canvas.rectangle(
                (x - height * 0.62, base - height * 0.2, x + height * 0.62, base - height * 0.1),
                desk,
                radius=5,
            )
            canvas.polygon(
                [
                    (x - height * 0.2, base - height * 0.2),
                    (x + height * 0.26, base - height * 0.2),
                    (x + height * 0.22, base - height * 0.28),
                    (x - height * 0.16, base - height * 0.28),
                ],
                wall,
            )
            from_behind(canvas, x, base + height * 0.36, height, rng.choice(SHIRTS))


def voting(canvas: Canvas) -> None:
    """Raised hands with voting cards before a red backdrop."""
    palette, rng = canvas.palette, canvas.rng
    drapes(canvas, 0, WIDTH, 0, HEIGHT)
    canvas.glow(750, 300, 760, "#FF9A3D", 0.42)
    star(canvas, 750, 230, 128, palette.gold)
    for row, (base, size, count) in enumerate(((760, 0.72, 8), (930, 0.9, 6), (1120, 1.15, 5))):
        for index in range(count):
            x = (index + 0.5 + (row % 2) * 0.3) * WIDTH / count + rng.uniform(-26, 26)
            sleeve: Colour = rng.choice(SHIRTS)
            _raised_arm(canvas, x, base + rng.uniform(-40, 40), size, sleeve)


def _raised_arm(canvas: Canvas, x: float, base: float, size: float, sleeve: Colour) -> None:
    rng = canvas.rng
    skin, lean = rng.choice(SKIN), rng.uniform(-26, 26)
    wrist = (x + lean, base - 330 * size)
    palm_of = (wrist[0] + lean * 0.2, wrist[1] - 40 * size)
    canvas.line([(x, base + 200), wrist], 40 * size, skin)
    cuff = (x + lean * 0.6, base - 200 * size)
    canvas.line([(x - lean * 0.4, base + 220), cuff], 78 * size, mix(sleeve, "#43101A", 0.08))
    canvas.line(
        [(x - lean * 0.4 + 22 * size, base + 220), (cuff[0] + 22 * size, cuff[1])],
        20 * size,
        "#43101A",
        0.12,
    )
    card = [
        (palm_of[0] + dx * size, palm_of[1] + dy * size)
        for dx, dy in ((-62, -150), (58, -162), (70, 4), (-50, 16))
    ]
    canvas.polygon(card, "#FFD23C" if rng.random() < 0.8 else "#FFF3D0")
    canvas.oval(*palm_of, 32 * size, 36 * size, skin)
    for finger in range(4):
        left = palm_of[0] + (-24 + finger * 15) * size
        canvas.line(
            [(left, palm_of[1] - 6 * size), (left + 2, palm_of[1] - 46 * size)],
            13 * size,
            mix(skin, "#5A2A18", 0.06 * (finger % 2)),
        )


def meeting(canvas: Canvas) -> None:
    """A party cell's meeting around a table."""
    palette, rng = canvas.palette, canvas.rng
    room(canvas, 640)
    window(canvas, 90, 110, 380, 330)
    window(canvas, 1030, 110, 380, 330)
    drapes(canvas, 560, 940, 70, 470)
    canvas.glow(750, 240, 200, "#FFB347", 0.35)
    star(canvas, 750, 240, 66, palette.gold)
    for x in range(360, 1200, 155):
        bust(canvas, x + rng.uniform(-14, 14), 660, 230)
    canvas.shaded(
        [(260, 640), (1240, 640), (1480, 860), (20, 860)],
        [mix(WOOD, "#FFE2B8", 0.4), mix(WOOD, "#FFE2B8", 0.1)],
    )
    canvas.rectangle((20, 858, 1480, 900), mix(WOOD, palette.dark, 0.3))
    for x in (430, 640, 860, 1070):
        sheet = [(x - 46, 690), (x + 50, 690), (x + 58, 740), (x - 54, 740)]
        canvas.polygon(sheet, "#FFFDF5")
        canvas.oval(x + 92, 704, 15, 7, "#FFFFFF")
        canvas.rectangle((x + 77, 704, x + 107, 726), "#FFFFFF", radius=8)
    flowers(canvas, 750, 752, 62)
    for index, x in enumerate((170, 520, 980, 1330)):
        from_behind(
            canvas, x + rng.uniform(-20, 20), 1060, 400 + (index % 2) * 14, rng.choice(SHIRTS)
        )
