from django.urls import path, re_path
from django.views.decorators.http import require_safe

from regulars.interfaces.rescue import pages
from regulars.interfaces.web import assets

# No route asks for a right: there are no accounts. The pages ask for the link or the sheet themselves.
urlpatterns = [
    path("static/<str:name>", require_safe(assets.serve), name="asset"),
    path("healthz", pages.healthz, name="healthz"),
    path("rescue/letters/", pages.letters, name="rescue_letters"),
    path("rescue/restore/", pages.restore, name="rescue_restore"),
    path("rescue/<str:token>/", pages.come_in, name="rescue_come_in"),
    path("", pages.rescue, name="rescue"),
    re_path("", pages.elsewhere),
]
handler500 = "regulars.interfaces.web.errors.broken"
