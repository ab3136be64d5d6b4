"""The shape of what is asked of purchases and reservations, and of what is typed about them."""

from regulars.areas.trade.forms.purchases import (
    Correction,
    PlaceForm,
    ProductForm,
    VoidWhy,
    WhatGoesBack,
    WhichDeliveries,
    WhichPurchases,
    figure_told,
    price_told,
)
from regulars.areas.trade.forms.reserving import CameForm, KeepForm, WhichReservations, WishForm

__all__ = [
    "CameForm",
    "Correction",
    "KeepForm",
    "PlaceForm",
    "ProductForm",
    "VoidWhy",
    "WhatGoesBack",
    "WhichDeliveries",
    "WhichPurchases",
    "WhichReservations",
    "WishForm",
    "figure_told",
    "price_told",
]
