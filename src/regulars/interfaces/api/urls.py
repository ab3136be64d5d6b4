"""For people and programs: the documentation, and everything below `/api/v1/`."""

from django.urls import path, re_path

from regulars.interfaces.api import pages

app_name = "api"
urlpatterns = [
    path("api/docs", pages.docs, name="docs"),
    path("api/docs/shapes", pages.shapes, name="shapes"),
    path("api/v1/openapi.json", pages.openapi, name="openapi"),
    re_path(r"^api/(?P<rest>[\s\S]*)$", pages.programs, name="v1"),
]
