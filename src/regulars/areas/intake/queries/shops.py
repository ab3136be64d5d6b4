"""The shops that are joined."""

from django.utils.translation import gettext as _

from regulars.areas.intake.models import Shop, ShopCall
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed

RIGHT = "house.settings"  # shops are joined by whoever may change the settings
_LATEST = 10


def shops(by: Actor) -> list[tuple[Shop, list[ShopCall]]]:
    """Each shop with what came of its latest calls. Raises NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Only who may change the settings joins shops."), right=RIGHT)
    calls = ShopCall.objects.order_by("-id")
    return [(shop, list(calls.filter(token=shop.token)[:_LATEST])) for shop in Shop.objects.order_by("name")]
