from django.urls import path

from regulars.areas.customers import pages
from regulars.kernel.http import needs

app_name = "customers"
_FILES = "customers/<int:number>/files/"

urlpatterns = [
    path(_FILES, needs("customers.edit", pages.files), name="files"),
    path(f"{_FILES}<str:key>/", needs("customers.view", pages.file), name="file"),
    path(f"{_FILES}<str:key>/remove/", needs("customers.edit", pages.remove_file), name="remove_file"),
    path("settings/fields/", needs("house.settings", pages.fields), name="fields"),
    path("settings/fields/<slug:name>/", needs("house.settings", pages.field), name="field"),
]
