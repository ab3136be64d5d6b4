"""What a list of purchases is told to have come to, beside the counts of its rows."""

from pydantic import Field

from regulars.kernel.api import Shape


class Tallied(Shape):
    """Only there where the rows are purchases."""

    purchases: int | None = Field(None, description="Documents that sell.")
    lines: int | None = None
    cancellations: int | None = Field(None, description="Documents that give back.")
    returns: int | None = Field(None, description="Lines that give back.")
    unmatched: int | None = Field(None, description="Of the returns, those that fit nothing bought before.")
    without_customer: int | None = Field(None, description="Rows without a customer.")
    zero_prices: int | None = Field(None, description="Rows with the price nought.")
    negative_quantities: int | None = Field(None, description="Rows of a quantity below nought.")
    customers_created: int | None = None
    customers_updated: int | None = None
    proposed: int | None = Field(None, description="What orders say otherwise, proposed on cards.")
