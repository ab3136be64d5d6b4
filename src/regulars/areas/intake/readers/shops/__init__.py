"""What shops send of an order, in their own JSON, becomes one plain order: figures exact, who bought as a card.

An order that never became a purchase (cancelled, failed, a test) is None.
"""

from collections.abc import Callable, Mapping
from typing import Any

from regulars.areas.intake.readers.shops.shopify import order_of as _shopify
from regulars.areas.intake.readers.shops.told import Told
from regulars.areas.intake.readers.shops.woocommerce import order_of as _woocommerce

__all__ = ["READERS", "Told"]
READERS: Mapping[str, Callable[[Mapping[str, Any]], Told | None]] = {"shopify": _shopify, "woocommerce": _woocommerce}
