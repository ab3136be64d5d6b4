"""The gallery's addresses, under names the frame's navigation knows."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from regulars.interfaces.web import assets
from regulars.kernel.actor import Actor

handler404 = "regulars.interfaces.web.errors.not_found"

COMPONENTS = ("list", "card", "import", "forms", "sign-in")
NAMES = [
    ("Anna Lindqvist", "anna@lindqvist.se", "Malmö", 1204, "gold"),
    ("Sørensen & Søn ApS", "kontor@sorensen.dk", "Aarhus", 18, ""),
    ("Dr. Maximilian von der Heyde-Brömmelmeyer", "m.heyde@example.de", "Bad Oeynhausen", 310, "quiet"),
    ("अनुराधा कुलकर्णी", "anuradha@example.in", "पुणे", 77, ""),
    ("Thandiwe Nkosi", "", "Pretoria", 0, "left"),
    ("Jürgen Groß", "gross@example.de", "Köln", 5120, "gold"),
]


class Card(forms.Form):
    given_name = forms.CharField(label="Given name", initial="Anna")
    email = forms.EmailField(label="E-mail", help_text="Where she wants to be written to.")
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("SE", "Sweden")])
    born = forms.DateField(label="Birth date", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("p", "Person"), ("o", "Organisation")])
    quiet = forms.BooleanField(
        label="Do not contact", help_text="Obeyed by every send, label and list.", required=False
    )


def show(request: HttpRequest, page: str) -> HttpResponse:
    request.actor = Actor(kind="user", name="Marta Holm", id=3, rights=frozenset({"*"}))
    if page not in ("design", *COMPONENTS):
        raise Http404
    if page == "card":
        messages.success(request, "City changed to Berlin.")
    form = Card({"given_name": "Anna", "email": "anna@", "country": "SE", "kind": "p"})
    parts = [f"gallery/parts/{each}.html" for each in COMPONENTS]
    told = {"rows": NAMES * 2, "form": form, "bare": page == "sign-in", "parts": parts}
    return render(request, f"gallery/{page}.html", told)


def found(_request: HttpRequest) -> HttpResponse:
    """What the search field proposes: here nobody."""
    return HttpResponse("")


def at(page: str):
    return lambda request: show(request, page)


urlpatterns = [
    path("design/", at("design"), name="design"),
    path("static/<str:name>", assets.serve, name="asset"),
    path("customers/", at("list"), name="customers"),
    path("", include(([path("search/", found, name="search")], "dossier"))),
    path("customers/10017/", at("card"), name="card"),
    path("segments/", at("forms"), name="segments"),
    path("imports/", at("import"), name="imports"),
    path("journal/", at("card"), name="journal"),
    path("settings/", at("forms"), name="house"),
    path("sign-in/", at("sign-in"), name="sign_out"),
    path("changesets/<int:number>/undo/", at("card"), name="undo"),
]
