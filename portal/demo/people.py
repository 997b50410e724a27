"""People, alone: seen from behind, standing, at a table."""

from portal.demo.canvas import Canvas, Colour, curve, mix

SKIN = ("#D9A07A", "#C68B66", "#E0AE8A", "#B97C5A")
HAIR = ("#241F26", "#2E2629", "#1D1B22")
SHIRTS = ("#F4EFE4", "#DCE7EA", "#2F6F73", "#B8CDD3", "#E9D9B8", "#355C7D", "#8FB3A9")


def conical_hat(canvas: Canvas, x: float, y: float, reach: float, colour: Colour) -> None:
    """A nón lá whose rim is at y."""
    canvas.polygon([(x - reach, y), (x, y - reach * 0.78), (x + reach, y)], colour)
    canvas.polygon([(x + reach * 0.1, y), (x, y - reach * 0.78), (x + reach, y)], "#7A4B21", 0.22)


def face(canvas: Canvas, x: float, y: float, reach: float, skin: Colour) -> None:
    """A head without features about (x, y), half as wide as twice the reach; hair as it falls."""
    hair = canvas.rng.choice(HAIR)
    if canvas.rng.random() < 0.4:
        canvas.rectangle(
            (x - reach * 1.16, y - reach * 0.4, x + reach * 1.16, y + reach * 1.5),
            hair,
            radius=reach * 0.6,
        )
    canvas.oval(x, y - reach * 0.22, reach * 1.14, reach * 1.2, hair)
    canvas.oval(x, y + reach * 0.24, reach * 0.95, reach * 1.02, skin)
    canvas.oval(x - reach * 0.35, y - reach * 0.74, reach * 0.72, reach * 0.46, hair)


def from_behind(canvas: Canvas, x: float, base: float, height: float, shirt: Colour) -> None:
    """Head and shoulders of a seated person seen from behind, cut off at `base`."""
    shoulder, half = base - height * 0.56, height * 0.36
    torso = [
        (x - half, base),
        *curve(
            (x - half, shoulder + height * 0.2),
            (x - half, shoulder),
            (x - half * 0.3, shoulder - height * 0.05),
            8,
        ),
    ]
    torso += [
        *curve(
            (x + half * 0.3, shoulder - height * 0.05),
            (x + half, shoulder),
            (x + half, shoulder + height * 0.2),
            8,
        ),
        (x + half, base),
    ]
    canvas.shaded(torso, [shirt, mix(shirt, "#20304A", 0.22)])
    _back_of_head(canvas, x, shoulder, height)


def _back_of_head(canvas: Canvas, x: float, shoulder: float, height: float) -> None:
    rng = canvas.rng
    skin, hair = rng.choice(SKIN), rng.choice(HAIR)
    canvas.rectangle(
        (
            x - height * 0.075,
            shoulder - height * 0.14,
            x + height * 0.075,
            shoulder + height * 0.02,
        ),
        skin,
        radius=height * 0.05,
    )
    head = shoulder - height * 0.25
    for side in (-1, 1):
        canvas.oval(
            x + side * height * 0.165, head + height * 0.02, height * 0.03, height * 0.05, skin
        )
    canvas.oval(x, head, height * 0.17, height * 0.21, hair)
    if rng.random() < 0.45:
        canvas.rectangle(
            (x - height * 0.165, head, x + height * 0.165, head + height * 0.38),
            hair,
            radius=height * 0.09,
        )


def standing(
    canvas: Canvas, x: float, foot: float, height: float, shirt: Colour, *, hat: bool = False
) -> None:
    """A person on their feet at (x, foot), facing us without features."""
    rng, dark = canvas.rng, "#26324A"
    canvas.oval(x, foot, height * 0.2, height * 0.03, canvas.palette.dark, 0.25)
    for side in (-1, 1):
        leg = [
            (x + side * height * 0.02, foot - height * 0.48),
            (x + side * height * 0.125, foot - height * 0.48),
        ]
        canvas.polygon(
            [*leg, (x + side * height * 0.105, foot), (x + side * height * 0.035, foot)], dark
        )
    shoulder = foot - height * 0.8
    for side in (-1, 1):
        arm = curve(
            (x + side * height * 0.12, shoulder + height * 0.04),
            (x + side * height * 0.21, shoulder + height * 0.16),
            (x + side * height * 0.17, shoulder + height * 0.34),
            8,
        )
        canvas.line(arm, height * 0.065, mix(shirt, "#20304A", 0.15))
    canvas.rectangle(
        (x - height * 0.13, shoulder, x + height * 0.13, foot - height * 0.44),
        shirt,
        radius=height * 0.06,
    )
    skin = rng.choice(SKIN)
    canvas.rectangle(
        (x - height * 0.03, shoulder - height * 0.06, x + height * 0.03, shoulder + height * 0.03),
        skin,
        radius=height * 0.02,
    )
    head = shoulder - height * 0.1
    face(canvas, x, head, height * 0.068, skin)
    if hat:
        conical_hat(canvas, x, head - height * 0.02, height * 0.17, "#EBD29B")


def bust(canvas: Canvas, x: float, base: float, height: float) -> None:
    """Head and shoulders of a person facing us."""
    rng = canvas.rng
    suit = rng.choice(["#22304A", "#2B3A55", "#F4EFE4", "#1F4E53"])
    half, shoulder = height * 0.36, base - height * 0.5
    torso = [
        (x - half, base),
        *curve(
            (x - half, shoulder + height * 0.2),
            (x - half, shoulder),
            (x, shoulder - height * 0.04),
            8,
        ),
    ]
    torso += [
        *curve(
            (x, shoulder - height * 0.04),
            (x + half, shoulder),
            (x + half, shoulder + height * 0.2),
            8,
        ),
        (x + half, base),
    ]
    canvas.polygon(torso, suit)
    canvas.polygon(
        [(x - height * 0.1, shoulder), (x + height * 0.1, shoulder), (x, shoulder + height * 0.3)],
        "#FFFFFF",
    )
    canvas.polygon(
        [
            (x - height * 0.025, shoulder + height * 0.04),
            (x + height * 0.025, shoulder + height * 0.04),
            (x, shoulder + height * 0.3),
        ],
        canvas.palette.accent,
    )
    skin = rng.choice(SKIN)
    canvas.rectangle(
        (x - height * 0.06, shoulder - height * 0.1, x + height * 0.06, shoulder + height * 0.05),
        skin,
        radius=height * 0.04,
    )
    head = shoulder - height * 0.2
    face(canvas, x, head, height * 0.145, skin)
