from django.urls import path

from regulars.areas.house import pages
from regulars.kernel.http import needs

urlpatterns = [
    path("settings/", needs("house.settings", pages.settings), name="house"),
]
