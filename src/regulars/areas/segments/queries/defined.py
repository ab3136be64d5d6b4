"""Facts that are a name for criteria, `gold`, as a value and as an order: whether a customer meets them."""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone

from regulars.areas.customers.queries import condition_on
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import looking_back
from regulars.areas.segments.language import parse
from regulars.areas.segments.language.check import check
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.language.normal import normal
from regulars.areas.segments.language.places import CUSTOMER
from regulars.areas.segments.language.relations import Relations
from regulars.areas.segments.language.sql import Compiler
from regulars.areas.segments.queries.ground import ground_of
from regulars.kernel.actor import Actor
from regulars.kernel.dialect import Sql, dialect, joined
from regulars.kernel.registries import Defined, Fact, model_named


def ground_now(by: Actor) -> Ground:
    """The ground of a question on the house's day: today's, or that of the moment looked back to."""
    rules, moment = house(), looking_back()
    return ground_of(by, rules.day(moment.at if moment else timezone.now()), rules.zone, rules=rules)


def condition_of(fact: Fact, ground: Ground, relations: Relations) -> Sql:
    """The condition on `c` that she meets the fact's criteria. Raises CriteriaError."""
    assert isinstance(fact.source, Defined)
    compiler = Compiler(relations, dialect(), condition_on(ground.by, "o"))
    asked = compiler.settled(normal(check(parse(fact.source.criteria()), ground)))
    return compiler.where(asked, probing=True, shielded=True)


def meeting(
    chosen: Sequence[Fact], numbers: Sequence[int], ground: Ground, relations: Relations
) -> Iterator[tuple[int, list[bool]]]:
    """Each of these customers with whether she meets the criteria of each fact, in one statement."""
    customers = relations.of(model_named(CUSTOMER))
    met = [condition_of(fact, ground, relations) for fact in chosen]
    asked = joined(
        ", ", [Sql("c.number"), *(Sql(f"CASE WHEN {one.text} THEN 1 ELSE 0 END", one.params) for one in met)]
    )
    hers = f"c.number IN ({', '.join(['%s'] * len(numbers))})"
    with connection.cursor() as cursor:
        text = f"SELECT {asked.text} FROM {customers.text} c WHERE {hers}"
        cursor.execute(text, (*asked.params, *customers.params, *numbers))
        for number, *each in cursor.fetchall():
            yield number, list(map(bool, each))
