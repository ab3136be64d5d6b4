"""Tags that stand in for Django's say and write what Django's do."""

import pytest
from django.template import Context, Engine
from django.urls import NoReverseMatch
from django.utils.translation import override

OURS = "regulars.interfaces.web.templatetags.frame"
THEIRS = Engine(builtins=["django.templatetags.i18n"])
TEXTS = [
    '{% translate "Customers" %}',
    '{% translate "100 % & <b>" %}',
    '{% translate "Customers" as said %}[{{ said }}]',
    '{% translate "Customers"|upper %}',
    "{% translate named %}",
    '{% translate "May" context "month name" %}',
    '{% translate "Customers" noop %}',
    '{% url "customers" %}',
    '{% url "customers" as where %}[{{ where }}]',
    '{% url "no_such_place" as where %}[{{ where }}]',
    '{% url "dossier:card" 10001 %}',
    "{% url route %}",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_same_as_django(text: str, language: str) -> None:
    told = {"named": "Customers", "route": "customers"}
    ours = Engine(builtins=["django.templatetags.i18n", OURS])
    with override(language):
        assert ours.from_string(text).render(Context(told)) == THEIRS.from_string(text).render(Context(told))


def test_a_place_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        Engine(builtins=[OURS]).from_string('{% url "no_such_place" %}').render(Context())
