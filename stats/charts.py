"""Bar charts as the server draws them: whole numbers for an SVG, which also fill a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from core.templatetags.portal import number

SLOT = 10  # units of width for one place on the axis
HEIGHT = 1000
MARKS = 6  # labels below; a phone has room for every other one


@dataclass(frozen=True)
class Place:
    """One place on the axis: its label, its value, and the one of the year before if compared."""

    label: str
    value: int
    before: int | None = None

    @property
    def change(self) -> str:
        """The change against the year before in percent, with its sign; "" if there was none."""
        if not self.before:
            return ""
        return f"{100 * (self.value - self.before) / self.before:+.1f}%".replace(".", ",")


@dataclass(frozen=True)
class Bar:
    """A rectangle of the drawing, in units of its viewBox."""

    x: int
    y: int
    width: int
    height: int
    label: str
    is_before: bool = False


@dataclass(frozen=True)
class Mark:
    """A label below the drawing, its middle `at` so much of the width, such as 12.50%."""

    label: str
    at: str


@dataclass(frozen=True)
class Chart:
    """A chart over `places`, whose labels name a `unit` such as Ngày; `slug` makes its ids."""

    slug: str
    title: str
    unit: str
    places: Sequence[Place]

    @property
    def compares(self) -> bool:
        """Whether any place has a value of the year before."""
        return any(place.before is not None for place in self.places)

    @property
    def top(self) -> int:
        """The value at the upper edge: 2, 5 or 10 times a power of ten, never below the highest."""
        highest = max((max(place.value, place.before or 0) for place in self.places), default=0)
        steps = (step * 10**power for power in count() for step in (2, 5, 10))
        return next(step for step in steps if step >= highest)

    @property
    def scale(self) -> list[str]:
        """The figures beside the chart, from the upper edge down."""
        half = self.top / 2
        middle = number(int(half)) if half.is_integer() else f"{half:.1f}".replace(".", ",")
        return [number(self.top), middle, "0"]

    @property
    def marks(self) -> list[Mark]:
        """The labels of the first place and of others in equal steps, each below its own bars."""
        amount = len(self.places)
        shown = range(0, amount, ceil(amount / MARKS) or 1)
        return [Mark(self.places[i].label, f"{(i + 0.5) / amount:.2%}") for i in shown]

    @property
    def view_box(self) -> str:
        """The viewBox of the drawing."""
        return f"0 0 {max(1, len(self.places)) * SLOT} {HEIGHT}"

    @property
    def width(self) -> int:
        """The width of the drawing in its own units."""
        return len(self.places) * SLOT

    @property
    def bars(self) -> list[Bar]:
        """The rectangles, those of the year before first: this year's stand in front."""
        earlier = [bar for i, place in enumerate(self.places) for bar in self._before(i, place)]
        return earlier + [self._bar(i, place) for i, place in enumerate(self.places)]

    def _bar(self, index: int, place: Place) -> Bar:
        words = f"{place.label}: {number(place.value)}"
        left, width = (4, 5) if self.compares else (1, 8)
        return self._standing(index * SLOT + left, width, place.value, words)

    def _before(self, index: int, place: Place) -> list[Bar]:
        if place.before is None:
            return []
        words = f"{place.label}, năm trước: {number(place.before)}"
        return [self._standing(index * SLOT + 1, 4, place.before, words, is_before=True)]

    def _standing(
        self, x: int, width: int, value: int, words: str, *, is_before: bool = False
    ) -> Bar:
        height = round(HEIGHT * value / self.top)
        return Bar(x, HEIGHT - height, width, height, words, is_before)

    @property
    def description(self) -> str:
        """The chart in one sentence, for who does not see it."""
        if not self.places:
            return "Chưa có số liệu."
        total = sum(place.value for place in self.places)
        highest = max(self.places, key=lambda place: place.value)
        return (
            f"Tổng cộng {number(total)}; cao nhất {number(highest.value)} ({highest.label}). "
            "Từng con số ở bảng bên dưới."
        )
