"""Words for what may go wrong, or is told at the shell, before the settings stand."""

import gettext as catalogues
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import translation

_FOLDER = Path(__file__).parents[1] / "locale"
_spoken: list[tuple[str, catalogues.NullTranslations]] = []


def gettext(text: str) -> str:
    """The text in the language at hand; before Django can say it, in the language of `speaking`, else in English."""
    if settings.configured:
        return translation.gettext(text)
    return _spoken[0][1].gettext(text) if _spoken and text else text


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """What is said within, until Django speaks, is said in this language; None is English."""
    _spoken[:] = [(language, catalogues.translation("django", _FOLDER, [language], fallback=True))] if language else []
    try:
        yield
    finally:
        _spoken.clear()
        if settings.configured:
            translation.deactivate()


def django_speaks() -> None:
    """From here on Django's words are in that language, too: to be called when the settings have come to stand."""
    for language, _catalogue in _spoken:
        translation.activate(language)


def language_of(environment: Mapping[str, str]) -> str | None:
    """The language of messages by POSIX' order (LC_ALL, LC_MESSAGES, LANG: the first that says something).

    None for `C`, `POSIX`, none at all and what the program does not speak.
    """
    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = named.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return code if code == "en" or (code.isalpha() and (_FOLDER / code).is_dir()) else None
