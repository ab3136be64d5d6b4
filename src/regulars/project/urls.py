"""Every address of the house. A room that has pages lists them in its `urls.py`; here they get their place."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from regulars.interfaces.web import assets
from regulars.interfaces.web.start import start
from regulars.kernel.http import for_everyone_signed_in, open_to_all

Route = URLPattern | URLResolver


def _rooms() -> list[Route]:
    apps = [app for app in settings.INSTALLED_APPS if app.startswith("regulars.areas.")]
    return [path("", include(f"{app}.urls")) for app in apps if find_spec(f"{app}.urls")]


urlpatterns: list[Route] = [
    path("static/<str:name>", open_to_all(require_safe(assets.serve)), name="asset"),
    path("", for_everyone_signed_in(start), name="start"),
    path("", include("regulars.interfaces.api.urls")),
    *_rooms(),
]

handler400 = "regulars.interfaces.web.errors.bad_request"
handler403 = "regulars.interfaces.web.errors.forbidden"
handler404 = "regulars.interfaces.web.errors.not_found"
handler500 = "regulars.interfaces.web.errors.broken"
