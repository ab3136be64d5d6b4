"""What a customer's lines come to: worked out from them, not journaled, made anew at any time.

A row is right for every house day from `day` until before `until`: the first day on which a line leaves one of its
windows, or one that is dated ahead comes into them. On other days the lines are asked (decision 60).
"""

from django.db import models


class Rollup(models.Model):
    """One narrow row for each customer who has a line. Amounts are worth, in 1/10,000 of the house's currency: sales
    less returns and refunds, donations apart. Windows are those of the criteria, `last 30 days`: the day and the 29
    before; `year` is the last 12 months. `count` counts purchases, `first` and `last` are the days of the outermost."""

    number = models.BigIntegerField(primary_key=True)  # the customer's
    day = models.DateField()
    until = models.DateField()
    spent = models.BigIntegerField(default=0)
    spent_30 = models.BigIntegerField(default=0)
    spent_90 = models.BigIntegerField(default=0)
    spent_year = models.BigIntegerField(default=0)
    count = models.IntegerField(default=0)
    count_30 = models.IntegerField(default=0)
    count_90 = models.IntegerField(default=0)
    count_year = models.IntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    returned_year = models.BigIntegerField(default=0)
    donated = models.BigIntegerField(default=0)
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["until"], name="rollup_until"),
            models.Index(fields=["day"], name="rollup_day"),
            models.Index(fields=["spent", "number"], name="rollup_spent"),
            models.Index(fields=["spent_year", "number"], name="rollup_year"),
            models.Index(fields=["spent_90", "number"], name="rollup_90"),
            models.Index(fields=["spent_30", "number"], name="rollup_30"),
            models.Index(fields=["last", "number"], name="rollup_last"),
        ]


class TypeRollup(models.Model):
    """What one customer bought of one type of goods, ever."""

    pk = models.CompositePrimaryKey("type", "number")
    type = models.BigIntegerField()
    number = models.BigIntegerField()
    count = models.IntegerField(default=0)  # lines sold
    spent = models.BigIntegerField(default=0)
    last = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["number", "type"], name="type_rollup_number")]
