"""The shape of what is asked of purchases, reservations and agreements, and of what is typed about them."""

from regulars.areas.trade.forms.agreeing import AgreementForm, EndForm, WhichAgreements, WhichYear
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
    "AgreementForm",
    "CameForm",
    "Correction",
    "EndForm",
    "KeepForm",
    "PlaceForm",
    "ProductForm",
    "VoidWhy",
    "WhatGoesBack",
    "WhichAgreements",
    "WhichDeliveries",
    "WhichPurchases",
    "WhichReservations",
    "WhichYear",
    "WishForm",
    "figure_told",
    "price_told",
]
