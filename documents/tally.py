"""How many documents there are of each type, issuer, year, force and field.

The triggers of migration 0005 keep the counts, so that the options of /van-ban/ are counted from
some thousands of rows, however many documents there are. Force changes with the calendar: the
counts are those of one day (`TallyDay`), and whoever first asks on another has them made anew.
"""

from datetime import date

from django.db import connection, models

# What stands in for a year, or a field, that a row is not about.
UNKNOWN_YEAR = 0
ANY_FIELD = 0


class Tally(models.Model):
    """How many live documents agree in all of this.

    A document counts in the row of ANY_FIELD, and in one row for each of its fields. The keys are
    plain numbers: checking them would cost more than the counts.
    """

    internal = models.BooleanField("lưu hành nội bộ")
    type = models.BigIntegerField("loại văn bản")
    issuer = models.BigIntegerField("cơ quan ban hành")
    year = models.SmallIntegerField("năm ban hành", help_text="0: không rõ.")
    status = models.CharField("hiệu lực", max_length=13)
    field = models.BigIntegerField("lĩnh vực", help_text="0: mọi lĩnh vực.")
    documents = models.PositiveIntegerField("số văn bản")

    class Meta:
        verbose_name = "số văn bản"
        verbose_name_plural = "số văn bản"
        constraints = (
            models.UniqueConstraint(
                fields=("field", "internal", "type", "issuer", "year", "status"),
                name="tally_unique",
                include=("documents",),
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.issuer} {self.year} {self.status} {self.field}: {self.documents}"


class TallyDay(models.Model):
    """The day (Asia/Ho_Chi_Minh) on which documents have the force that they are counted under."""

    day = models.DateField("ngày")

    class Meta:
        verbose_name = "ngày của số văn bản"
        verbose_name_plural = "ngày của số văn bản"

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


def recount(day: date) -> None:
    """Count all documents anew under the force that they have on `day`, unless that is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT documents_recount(%s)", [day])
