"""Trade over HTTP. A purchase is taken down by `intake`, which finds its buyer."""

from regulars.areas.trade.endpoints.figures import routes as figures
from regulars.areas.trade.endpoints.goods import routes as goods
from regulars.areas.trade.endpoints.purchases import routes as purchases
from regulars.areas.trade.endpoints.reservations import routes as reservations

__all__ = ["figures", "goods", "purchases", "reservations"]
