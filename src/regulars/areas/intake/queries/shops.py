"""The shops that are joined."""

from django.utils.translation import gettext as _

from regulars.areas.intake.models import Shop, ShopCall
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed

RIGHT = "house.settings"  # shops are joined by whoever may change the settings
_LATEST, _REFUSED = 10, 50


def shops(by: Actor) -> list[tuple[Shop, list[ShopCall]]]:
    """Each shop with what came of its latest calls, and those before them that were refused. Raises NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Only who may change the settings joins shops."), right=RIGHT)
    return [(shop, _calls(shop)) for shop in Shop.objects.order_by("name")]


def _calls(shop: Shop) -> list[ShopCall]:
    calls = ShopCall.objects.filter(token=shop.token).order_by("-id")
    latest = list(calls[:_LATEST])
    return latest + list(calls.filter(outcome="refused", id__lt=latest[-1].pk)[:_REFUSED]) if latest else []
