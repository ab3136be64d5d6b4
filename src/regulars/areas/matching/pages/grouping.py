"""One person on three cards or more: which card stays, and the others merged into it one by one."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulars.areas.customers.queries import cards_json
from regulars.areas.house.queries import house
from regulars.areas.matching import queries
from regulars.areas.matching.pages.side_by_side import lines_of
from regulars.areas.matching.queries.groups import MOST
from regulars.kernel.http import actor_of, number_in, show


@require_safe
def group(request: HttpRequest) -> HttpResponse:
    """The cards named in `of`, side by side; `keep` is the one that stays, the oldest where none is chosen."""
    actor = actor_of(request)
    numbers = queries.left_of(actor, numbers_in(request.GET.get("of", "")))
    if len(numbers) < 2:
        to = reverse("dossier:card", args=numbers) if numbers else reverse("matching:duplicates")
        return HttpResponse(status=303, headers={"Location": to})
    keep = number_in(request.GET, "keep")
    keep = keep if keep in numbers else numbers[0]
    cards = sorted(cards_json(actor, numbers), key=lambda card: (card["number"] != keep, card["number"]))
    return show(
        request,
        "matching/group.html",
        cards=cards,
        keep=cards[0],
        others=cards[1:],
        of=",".join(map(str, numbers)),
        lines=list(lines_of(cards, house().country)),
        may_merge=actor.may("customers.merge"),
    )


def numbers_in(text: str) -> list[int]:
    """The numbers in `10001,10002`, so many at most as a group has; what is none is left out."""
    return [int(each) for each in text.split(",")[:MOST] if each.isascii() and each.isdecimal() and len(each) < 16]
