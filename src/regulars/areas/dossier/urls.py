from django.urls import path

from regulars.areas.dossier import pages
from regulars.kernel.http import needs

app_name = "dossier"
_CARD = "customers/<int:number>/"

urlpatterns = [
    path("customers/new/", needs("customers.edit", pages.new), name="new"),
    path("customers/new/alike/", needs("customers.edit", pages.alike_new), name="alike_new"),
    path("customers/pick/", needs("customers.view", pages.pick), name="pick"),
    path("till/", needs("customers.view", pages.till), name="till"),
    path("till/caller/", needs("customers.edit", pages.caller), name="caller"),
    path("till/caller/alike/", needs("customers.edit", pages.alike_caller), name="alike_caller"),
    path("customers/to-check/", needs("customers.view", pages.stale), name="stale"),
    path(f"{_CARD}still-right/", needs("customers.edit", pages.still_right), name="still_right"),
    path("till/purchase/", needs("trade.record", pages.sale), name="sale"),
    path("search/", needs("customers.view", pages.search), name="search"),
    path(_CARD, needs("customers.view", pages.card), name="card"),
    path(f"{_CARD}history/", needs("journal.view", pages.history), name="history"),
    path(f"{_CARD}block/<slug:name>/", needs("customers.view", pages.block), name="block"),
    path(f"{_CARD}edit/<slug:name>/", needs("customers.edit", pages.edit), name="edit"),
    path(f"{_CARD}edit/<slug:name>/<path:key>/", needs("customers.edit", pages.item), name="item"),
    path(f"{_CARD}remove/<slug:name>/<path:key>/", needs("customers.edit", pages.remove), name="remove"),
    path(f"{_CARD}proposals/<str:token>/", needs("customers.edit", pages.proposal), name="proposal"),
    path(f"{_CARD}archive/", needs("customers.archive", pages.archive), name="archive"),
    path(f"{_CARD}unarchive/", needs("customers.archive", pages.unarchive), name="unarchive"),
    path(f"{_CARD}mark/<slug:kind>/", needs("customers.edit", pages.standing), name="standing"),
    path(f"{_CARD}delete/", needs("customers.archive", pages.delete), name="delete"),
    path(f"{_CARD}forget/", needs("customers.forget", pages.forget), name="forget"),
    path(f"{_CARD}show/<str:fact>/", needs("customers.unmask", pages.unmask), name="unmask"),
    path(f"{_CARD}show/<str:fact>/<path:key>/", needs("customers.unmask", pages.unmask), name="unmask_row"),
]
