from django.urls import path

from regulars.areas.trade import pages
from regulars.kernel.http import needs

app_name = "trade"
_ONE, _AGREED = "purchases/<int:serial>/", "purchases/agreements/<int:serial>/"
_YEAR = "purchases/donations/<int:year>/"
_KEPT = "purchases/reservations/<int:serial>/"

urlpatterns = [
    path("purchases/", needs("trade.view", pages.purchases), name="purchases"),
    path("purchases/deliveries/", needs("trade.view", pages.deliveries), name="deliveries"),
    path("purchases/agreements/", needs("trade.view", pages.agreements), name="agreements"),
    path("purchases/agreements/new/", needs("trade.record", pages.agree), name="agree"),
    path(_AGREED, needs("trade.view", pages.agreement), name="agreement"),
    path(f"{_AGREED}change/", needs("trade.correct", pages.agreement_change), name="agreement_change"),
    path(f"{_AGREED}end/", needs("trade.record", pages.agreement_end), name="agreement_end"),
    path("purchases/donations/", needs("trade.view", pages.donations), name="donations"),
    path(f"{_YEAR}receipts/", needs("trade.correct", pages.receipts), name="receipts"),
    path(f"{_YEAR}receipts/give/", needs("trade.correct", pages.receipts_give), name="receipts_give"),
    path(f"{_YEAR}<int:number>/", needs("trade.view", pages.receipt), name="receipt"),
    path(f"{_YEAR}<int:number>/give/", needs("trade.record", pages.receipt_give), name="receipt_give"),
    path(_ONE, needs("trade.view", pages.purchase), name="purchase"),
    path(f"{_ONE}return/", needs("trade.record", pages.take_back), name="return"),
    path(f"{_ONE}correct/", needs("trade.correct", pages.correct), name="correct"),
    path(f"{_ONE}lines/", needs("trade.correct", pages.lines), name="lines"),
    path(f"{_ONE}void/", needs("trade.correct", pages.void), name="void"),
    path("purchases/reservations/", needs("trade.view", pages.reservations), name="reservations"),
    path("purchases/reservations/new/", needs("trade.record", pages.reserve), name="reserve"),
    path("purchases/reservations/came/", needs("trade.record", pages.came), name="came"),
    path(_KEPT, needs("trade.view", pages.reservation), name="reservation"),
    path(f"{_KEPT}change/", needs("trade.record", pages.change), name="change"),
    path(f"{_KEPT}ready/", needs("trade.record", pages.ready), name="ready"),
    path(f"{_KEPT}fetched/", needs("trade.record", pages.fetched), name="fetched"),
    path(f"{_KEPT}dropped/", needs("trade.record", pages.dropped), name="dropped"),
    path("products/", needs("trade.goods", pages.products), name="products"),
    path("products/<path:number>/", needs("trade.goods", pages.product), name="product"),
    path("places/", needs("trade.goods", pages.places), name="places"),
    path("places/<path:code>/", needs("trade.goods", pages.place), name="place"),
]
