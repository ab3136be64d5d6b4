"""Words for what may go wrong before the settings stand: translated when Django can, in English until then."""

from django.conf import settings
from django.utils import translation


def gettext(text: str) -> str:
    """The text in the language at hand."""
    return translation.gettext(text) if settings.configured else text
