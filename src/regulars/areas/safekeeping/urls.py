from django.urls import path

from regulars.areas.safekeeping import pages
from regulars.kernel.http import open_to_all

app_name = "safekeeping"
urlpatterns = [path("healthz", open_to_all(pages.healthz), name="healthz")]
