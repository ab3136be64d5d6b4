from django.urls import path

from regulars.areas.trade import pages
from regulars.kernel.http import needs

app_name = "trade"
_ONE = "purchases/<int:serial>/"
_KEPT = "reservations/<int:serial>/"

urlpatterns = [
    path("purchases/", needs("trade.view", pages.purchases), name="purchases"),
    path("purchases/deliveries/", needs("trade.view", pages.deliveries), name="deliveries"),
    path(_ONE, needs("trade.view", pages.purchase), name="purchase"),
    path(f"{_ONE}return/", needs("trade.record", pages.take_back), name="return"),
    path(f"{_ONE}correct/", needs("trade.correct", pages.correct), name="correct"),
    path(f"{_ONE}lines/", needs("trade.correct", pages.lines), name="lines"),
    path(f"{_ONE}void/", needs("trade.correct", pages.void), name="void"),
    path("reservations/", needs("trade.view", pages.reservations), name="reservations"),
    path("reservations/new/", needs("trade.record", pages.reserve), name="reserve"),
    path("reservations/came/", needs("trade.record", pages.came), name="came"),
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
