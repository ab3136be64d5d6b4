"""Tags that stand in for Django's say and write what Django's do, also where what stands side by side is joined."""

from typing import Any

import pytest
from django.template import Context, Engine
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix
from django.utils.translation import override

from regulars.interfaces.web.still import Still

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


WHOLE = """<h1>{% translate "Customers" %}</h1>{% icon "x" %}<a href="{% url "customers" %}">{{ name }}</a>
{% if name %}<b>{% translate "Till and telephone" %}</b>{% icon name %}
{% else %}{% translate "Nobody fits" %}{% endif %}
{% for each in name %}{{ each }}{% translate "Pages" %}{% empty %}{% translate "Everybody" %}{% endfor %}
{% url "customers" as where %}[{{ where }}]
{% partialdef part inline %}<i>{% translate "Columns" %}</i>{% endpartialdef %}
{% language "da" %}{% translate "Customers" %}{% endlanguage %}{% block more %}{% translate "Next" %}{% endblock %}"""
BELOW = """{% extends "whole" %}{% block more %}{% translate "Earlier" %}{{ name }}{{ block.super }}{% endblock %}"""
LOADERS: Any = [("django.template.loaders.locmem.Loader", {"whole": WHOLE, "below": BELOW})]


def engines() -> tuple[Engine, Engine]:
    """Ours, which joins, and Django's loader over the same templates."""
    builtins = ["django.templatetags.i18n", OURS]
    ours = Engine(builtins=builtins, loaders=[("regulars.interfaces.web.still.Loader", LOADERS)])
    return ours, Engine(builtins=builtins, loaders=LOADERS)


def test_joined_it_says_the_same_in_every_language_and_to_everybody() -> None:
    ours, plain = engines()
    drawn = set()
    for _twice in range(2):
        for language in ("en", "de", "hi"):
            for told in ({"name": "<Anna>"}, {"name": ""}, {"name": "Ben"}):
                for template in ("whole", "below", "whole#part"):
                    with override(language):
                        said = ours.get_template(template).render(Context(told))
                        assert said == plain.get_template(template).render(Context(told))
                        drawn.add(said)
    assert len(drawn) == 3 * (3 + 3 + 1)


def test_joined_it_leads_where_the_house_is_served_now() -> None:
    ours, _plain = engines()
    before = get_script_prefix()
    try:
        for prefix in ("/", "/register/", "/"):
            set_script_prefix(prefix)
            assert f'<a href="{prefix}customers/">' in ours.get_template("whole").render(Context({"name": "Anna"}))
    finally:
        set_script_prefix(before)


def test_what_stands_side_by_side_is_one_node() -> None:
    ours, plain = engines()
    joined, nodes = ours.get_template("whole").nodelist, plain.get_template("whole").nodelist
    assert [type(each) for each in joined].count(Still) < len(joined) < len(nodes)
    assert isinstance(joined[0], Still) and len(joined[0].parts) == 7
