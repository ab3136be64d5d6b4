"""The deeds of trade: taking purchases down, taking them back, correcting them; reservations; what is agreed, receipts
for what was given; keeping products and places."""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.trade.actions.agreeing import (
        NewAgreement,
        agree,
        agreed_already,
        change_agreement,
        end_agreement,
    )
    from regulars.areas.trade.actions.book import Book
    from regulars.areas.trade.actions.bulk import record_many
    from regulars.areas.trade.actions.correcting import as_told, correct_purchase, void_purchase
    from regulars.areas.trade.actions.giving import give_receipt, give_receipts
    from regulars.areas.trade.actions.goods import remove_place, remove_product, set_place, set_product
    from regulars.areas.trade.actions.recording import record_purchase
    from regulars.areas.trade.actions.reserving import (
        Wish,
        change_reservation,
        drop,
        fetch,
        goods_came,
        make_ready,
        reserve,
        reserved_already,
    )
    from regulars.areas.trade.actions.returning import return_lines
    from regulars.areas.trade.actions.rolling import fill, roll
    from regulars.areas.trade.actions.shapes import Many, NewLine, NewPurchase, Recorded
else:
    __getattr__ = late(__name__)

__all__ = [
    "Book",
    "Many",
    "NewAgreement",
    "NewLine",
    "NewPurchase",
    "Recorded",
    "Wish",
    "agree",
    "agreed_already",
    "as_told",
    "change_agreement",
    "change_reservation",
    "correct_purchase",
    "drop",
    "end_agreement",
    "fetch",
    "fill",
    "give_receipt",
    "give_receipts",
    "goods_came",
    "make_ready",
    "record_many",
    "record_purchase",
    "remove_place",
    "remove_product",
    "reserve",
    "reserved_already",
    "return_lines",
    "roll",
    "set_place",
    "set_product",
    "void_purchase",
]
