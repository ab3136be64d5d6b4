"""What comes in over HTTP: lists, and purchases one by one."""

from regulars.areas.intake.endpoints.imports import routes as lists
from regulars.areas.intake.endpoints.purchases import routes as purchases
from regulars.areas.intake.endpoints.shops import routes as shops

__all__ = ["lists", "purchases", "shops"]
