"""Bars as whole numbers, and the words for who does not see them."""

import pytest

from stats.charts import HEIGHT, Chart, Mark, Place


def chart(*values, before=None):
    earlier = before or [None] * len(values)
    places = [
        Place(f"{n}", value, old)
        for n, (value, old) in enumerate(zip(values, earlier, strict=True))
    ]
    return Chart("ngay", "Theo ngày", "Ngày", places)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, ["2", "1", "0"]),
        (2, ["2", "1", "0"]),
        (3, ["5", "2,5", "0"]),
        (7, ["10", "5", "0"]),
        (146_205, ["200.000", "100.000", "0"]),
    ],
)
def test_the_scale_ends_in_a_round_figure_above_the_highest(highest, scale):
    assert chart(highest).scale == scale


def test_bars_stand_on_the_ground_within_the_drawing():
    for bar in chart(0, 5, 10).bars:
        assert bar.y + bar.height == HEIGHT
        assert 0 <= bar.x < bar.x + bar.width <= 30
    assert [bar.height for bar in chart(0, 5, 10).bars] == [0, 500, 1000]


def test_a_year_before_stands_behind_and_sets_the_scale_too():
    compared = chart(5, 6, before=[80, None])
    assert compared.compares
    assert compared.top == 100
    assert [bar.is_before for bar in compared.bars] == [True, False, False]
    assert "năm trước: 80" in compared.bars[0].label


@pytest.mark.parametrize(
    ("value", "before", "change"),
    [(150, 100, "+50,0%"), (1, 3, "-66,7%"), (5, 0, ""), (5, None, "")],
)
def test_a_change_is_told_in_percent_where_there_was_something(value, before, change):
    assert Place("2023", value, before).change == change


def test_labels_stand_below_their_own_bars_in_equal_steps():
    assert [mark.label for mark in chart(*range(90)).marks] == ["0", "15", "30", "45", "60", "75"]
    assert [mark.label for mark in chart(*range(12)).marks] == ["0", "2", "4", "6", "8", "10"]
    assert chart(1, 2).marks == [Mark("0", "25.00%"), Mark("1", "75.00%")]
    assert chart(1).marks == [Mark("0", "50.00%")]
    assert chart().marks == []


def test_the_description_tells_sum_and_peak():
    assert chart(3, 1_200, 7).description.startswith("Tổng cộng 1.210; cao nhất 1.200 (1).")
    assert chart().description == "Chưa có số liệu."
