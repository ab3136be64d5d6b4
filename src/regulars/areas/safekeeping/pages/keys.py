"""The keys of the house on screen: since when each is in use, and all of them changed."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.safekeeping.actions import rotating
from regulars.kernel import keyfile, takeover
from regulars.kernel.http import actor_of, show


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Each key, what it is for and when it was changed; changing them all, while everybody waits."""
    if request.method == "POST":
        answer = rotating.ask_for_fresh_keys(by=actor_of(request))
        return redirect(f"{reverse('safekeeping:going')}?{urlencode({'answer': answer, 'what': takeover.KEYS})}")
    changed = keyfile.changed_at()
    kept = [(title, what, changed.get(kind)) for kind, title, what in _told()]
    return show(request, "safekeeping/keys.html", keys=kept)


def _told() -> list[tuple[str, str, str]]:
    return [
        ("database", _("The register"), _("Enciphers the whole file. On PostgreSQL: the keys of the customers.")),
        ("fields", _("Sealed values"), _("Identity numbers and bank accounts, enciphered once more for themselves.")),
        ("sign", _("Signature"), _("Signs the journal, so that nobody can write it anew unnoticed.")),
        ("session", _("Browsers"), _("Signs what a browser keeps. Whoever is signed in stays so.")),
    ]
