"""Where each route of the house is visited, on the cast's things. A route that is not here takes no visits.

A new page without a line fails `test_every_page.py`, and is missing in the gallery.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from regulars.areas.matching.models import Pair
from tests.gallery.cast import Cast

# What a browser is handed to keep, or a program reads: no page to look at.
FILES = {
    "asset", "customers:file", "import_refused", "undo_conflicts", "safekeeping:healthz", "metrics", "api:openapi",
    "api:v1",
}  # fmt: skip
SIGNED_OUT = {"sign_in"}  # who is signed in is sent on
NOWHERE, SLIP = "nowhere", "slip"  # no routes: a page that is not there, and one that marks a slip of the pen
EXPECTED = {
    NOWHERE: 404,
    SLIP: 422,
    "sign_in_second": 422,
    "forgotten": 404,
}  # all others answer 200; nobody is half way in here, and no mail goes out
SEGMENT, FIXED, FIELD = "Crime readers", "Harbour festival helpers", "favourite_genre"
CRITERIA = 'gender = female and (city = "Marrowbridge" or tag "newsletter")'


def visits(cast: Cast) -> Iterator[tuple[str, str]]:
    """(route, address), in the order in which a visitor would look."""
    plain = (
        "start", "customers", "segments", "completeness", "dossier:new", "imports", "import_mappings", "journal",
        "proof", "house", "customers:fields", "people", "person_add", "account", "token_make", "recovery_sheet",
        "api:docs", "api:shapes", "customers_builder", "customers_columns", "customers_words", "compare",
        "dossier:pick", "dossier:search", "dossier:till", "factors", "code_add", "prove", "who_may_what", "signed_in",
        "sign_in", "sign_in_second", "health", "forgotten", "safekeeping:restore", "safekeeping:going",
        "safekeeping:versions", "safekeeping:arrange", "safekeeping:keys",
        "matching:duplicates", "matching:near", "dossier:stale", "matching:merged",
        "trade:agreements", "trade:agree", "trade:donations",
        "trade:purchases", "trade:deliveries", "trade:products", "trade:places", "trade:reservations",
        "trade:reserve", "dossier:sale", "shops",
    )  # fmt: skip
    yield from ((name, reverse(name)) for name in plain)
    yield from _of_the_list(cast)
    card = {"number": cast.full}
    for name in ("card", "history", "delete", "forget"):
        yield f"dossier:{name}", reverse(f"dossier:{name}", kwargs=card)
    for block in ("name", "reach", "about"):
        yield "dossier:block", reverse("dossier:block", kwargs={**card, "name": block})
        yield "dossier:edit", reverse("dossier:edit", kwargs={**card, "name": block})
    bank = {**card, "name": "bank_accounts", "key": cast.account_key}
    yield "dossier:item", reverse("dossier:item", kwargs=bank)
    yield "dossier:standing", reverse("dossier:standing", kwargs={**card, "kind": "deceased"})
    yield "dossier:unmask", reverse("dossier:unmask", kwargs={**card, "fact": "birth_date"})
    bank = {**card, "fact": "iban", "key": cast.account_key}
    yield "dossier:unmask_row", reverse("dossier:unmask_row", kwargs=bank)
    yield "matching:whom", reverse("matching:whom", kwargs=card)
    yield "matching:merge", reverse("matching:merge", kwargs={"keep": cast.full, "absorb": cast.double})
    yield "matching:apart", reverse("matching:apart", kwargs={"changeset": cast.merge})
    yield "consent:answer", reverse("consent:answer", kwargs=card)
    yield "customers:files", reverse("customers:files", kwargs=card)
    yield "customers:field", reverse("customers:field", kwargs={"name": FIELD})
    yield "matching:pair", reverse("matching:pair", args=_pair(cast))
    yield "matching:group", f"{reverse('matching:group')}?of={cast.full},{cast.double}"
    for token in (cast.waiting, cast.tried, cast.done):
        yield "import", reverse("import", kwargs={"token": token})
    yield "journal_change", reverse("journal_change", kwargs={"number": cast.deed})
    yield "undo", reverse("undo", kwargs={"number": cast.deed})
    yield "person", reverse("person", kwargs={"public": cast.colleague.public})
    yield "safekeeping:restore_copy", reverse("safekeeping:restore_copy", kwargs={"name": cast.copy})
    yield "first_start", reverse("first_start", kwargs={"given": cast.first})
    yield "join", reverse("join", kwargs={"given": cast.invited})
    yield "come_in", reverse("come_in", kwargs={"given": cast.come_in})
    yield "trade:purchase", reverse("trade:purchase", kwargs={"serial": cast.purchase})
    yield "trade:lines", reverse("trade:lines", kwargs={"serial": cast.purchase})
    yield "trade:agree", f"{reverse('trade:agree')}?customer={cast.full}"
    yield "trade:agreement", reverse("trade:agreement", kwargs={"serial": cast.agreed})
    yield "trade:agreements", f"{reverse('trade:agreements')}?customer={cast.agreed}&kind=pledge"
    yield "trade:receipt", reverse("trade:receipt", kwargs={"year": cast.year, "number": cast.full})
    yield "trade:receipts", reverse("trade:receipts", kwargs={"year": cast.year})
    yield "dossier:card", reverse("dossier:card", kwargs={"number": cast.kept})
    yield "dossier:till", f"{reverse('dossier:till')}?customer={cast.kept}"
    yield "trade:reservation", reverse("trade:reservation", kwargs={"serial": 2})  # of the demo: one that waits
    yield "trade:product", reverse("trade:product", kwargs={"number": "B101"})
    yield "trade:place", reverse("trade:place", kwargs={"code": "main"})
    yield NOWHERE, "/nowhere/"


def _pair(cast: Cast) -> tuple[int, int]:
    """A pair that stands now: a scan may have found others since, and dropped the cast's own."""
    return Pair.objects.filter(state="open").order_by("-bits").values_list("a", "b").first() or cast.pair


def _of_the_list(cast: Cast) -> Iterator[tuple[str, str]]:
    asked = urlencode({"criteria": CRITERIA})
    yield "customers", f"{reverse('customers')}?{asked}"
    yield SLIP, f"{reverse('customers')}?{urlencode({'criteria': 'citty = Berlin'})}"
    yield "customers", f"{reverse('customers')}?{urlencode({'at': cast.before})}"
    yield "customers_builder", f"{reverse('customers_builder')}?{asked}"
    yield "customers_export", f"{reverse('customers_export')}?{asked}"
    yield "segment_save", f"{reverse('segment_save')}?{asked}"
    yield "customers_why", f"{reverse('customers_why')}?{asked}&number={cast.full}"
    yield "customers_many", f"{reverse('customers_many')}?{asked}&all=yes"
    yield "customers_done", reverse("customers_done", kwargs={"token": cast.bulk})
    yield "segment_rename", f"{reverse('segment_rename')}?{urlencode({'name': SEGMENT})}"
    yield "fixed_list", f"{reverse('fixed_list')}?{urlencode({'name': FIXED})}"
    yield "dossier:search", f"{reverse('dossier:search')}?q=smi"
    yield "dossier:till", f"{reverse('dossier:till')}?customer={cast.full}"
    yield "dossier:sale", f"{reverse('dossier:sale')}?customer={cast.full}"
    yield "dossier:till", f"{reverse('dossier:till')}?q=nobody+of+this+name"
