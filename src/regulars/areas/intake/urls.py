from django.urls import path

from regulars.areas.intake import pages
from regulars.kernel.http import needs, open_to_all

_MAY = "customers.import"

urlpatterns = [
    path("imports/", needs(_MAY, pages.imports), name="imports"),
    path("imports/mappings/", needs(_MAY, pages.mappings), name="import_mappings"),
    path("imports/<str:token>/", needs(_MAY, pages.one), name="import"),
    path("imports/<str:token>/columns/", needs(_MAY, pages.columns), name="import_columns"),
    path("imports/<str:token>/try/", needs(_MAY, pages.trial), name="import_try"),
    path("imports/<str:token>/go/", needs(_MAY, pages.go), name="import_go"),
    path("imports/<str:token>/stop/", needs(_MAY, pages.stop), name="import_stop"),
    path("imports/<str:token>/back/", needs("journal.undo", pages.back), name="import_back"),
    path("imports/<str:token>/forget/", needs(_MAY, pages.forget), name="import_forget"),
    path("imports/<str:token>/refused.csv", needs(_MAY, pages.refused), name="import_refused"),
    path("shops/", needs("house.settings", pages.shops), name="shops"),
    # open to all: a shop has no account here; what it sends is believed by its signature alone
    path("p/shops/<str:token>/", open_to_all(pages.call), name="shop_call"),
]
