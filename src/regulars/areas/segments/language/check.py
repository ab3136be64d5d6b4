"""Tree to meaning: each name is held against the declared facts, each value read as its type keeps it.

Nothing is ignored: a fact, a parameter, a choice, a segment that is not there is an error at its place, with the
nearest names. A sealed fact is asked only by who may unmask it.
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from regulars.areas.segments.language import kinds, measuring
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.language.meaning import (
    All,
    Both,
    Either,
    Given,
    Ground,
    Highest,
    Holds,
    Meaning,
    Neg,
)
from regulars.areas.segments.language.operators import no_such_operator, operators_of
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Asked, Defined, Fact, Ledger, Present
from regulars.kernel.text import fold

UNMASK = "customers.unmask"
DEEPEST_IN_ALL, MOST_IN_ALL = 70, 400  # of criteria with what stands in the segments that they ask for
_OF_PRESENCE = ("is empty", "is not empty")


class NotShown(CriteriaError):
    """This fact may not be asked or sorted by by this person: the answer would show it."""

    code = "not_allowed"
    status = 403


def check(tree: t.Tree, ground: Ground) -> Meaning:
    """What the tree asks. Raises CriteriaError at the place of whatever is not known or does not fit."""
    checker = _Checker(ground)
    checker.within(tree, t.NOWHERE)
    return checker.meaning(tree)


def fact_named(ask: t.Ask, ground: Ground) -> Fact:
    """The declared fact of this name that the asker may ask for."""
    fact = ground.facts.get(ask.name)
    if fact is None:
        message = _("There is no fact “%(name)s”.") % {"name": ask.name[:60]}
        raise CriteriaError(message, ask.place, nearest=_near_facts(ask.name, ground))
    if fact.protection == "sealed" and not ground.by.may(UNMASK):
        raise NotShown(_("“%(name)s” is sealed; you may not ask for it.") % {"name": ask.name}, ask.place)
    return fact


def tells(fact: Fact, by: Actor) -> bool:
    """Whether an order or a comparison by this fact would tell more of it than the asker may see. Birth dates may be
    asked for though they are masked: greeting somebody rests on it."""
    return fact.protection == "masked" and fact.type != "birthday" and not by.may(UNMASK)


def on_list(key: int) -> Fact:
    """To be on one list, as a fact that is yes or no."""
    source = Present("segments.Listing", (("list_id", key),))
    return Fact(name="list", type="yesno", label="", purpose="", source=source)


def _near_facts(word: str, ground: Ground) -> list[str]:
    """By name, else by label in the reader's language."""
    labels = {fold(str(fact.label)): fact.name for fact in ground.facts.values()}
    by_label = [labels[fold(word)]] if fold(word) in labels else []
    found = by_label + nearest(word, ground.facts) or [labels[fold(near)] for near in nearest(word, labels)]
    return list(dict.fromkeys(found))[:3]


class _Checker:
    """Walks the tree; remembers which segments it is inside, so that none contains itself, and how deep and how much
    all of them are: what stands in a segment is asked anew wherever it is named."""

    def __init__(self, ground: Ground, inside: tuple[str, ...] = (), outer: "_Checker | None" = None) -> None:
        self.ground = ground
        self.inside = inside
        self.deep: int = outer.deep if outer else 0
        self.conditions: list[int] = outer.conditions if outer else []

    def within(self, tree: t.Tree, place: t.Place) -> None:
        """Refuses what would be too much with all that it stands in."""
        self.deep += t.depth_of(tree)
        self.conditions.append(len(t.tests_in(tree)))
        if self.deep > DEEPEST_IN_ALL:
            raise CriteriaError(_("Segments are nested too deeply."), place)
        if sum(self.conditions) > MOST_IN_ALL:
            message = _("With the segments that are asked for, these are more than %(most)s conditions.")
            raise CriteriaError(message % {"most": saying.count(MOST_IN_ALL)}, place)

    def meaning(self, tree: t.Tree) -> Meaning:
        match tree:
            case t.Every():
                return All()
            case t.Not(part):
                return Neg(self.meaning(part))
            case t.And(parts):
                return Both(tuple(self.meaning(part) for part in parts))
            case t.Or(parts):
                return Either(tuple(self.meaning(part) for part in parts))
            case t.Segment():
                return self.segment(tree)
            case t.Listed():
                return self.listed(tree.name, tree.place)
            case t.Top():
                return self.top(tree)
            case t.Test():
                return self.test(tree)

    def test(self, test: t.Test) -> Meaning:
        fact = fact_named(test.ask, self.ground)
        if tells(fact, self.ground.by) and test.operator not in _OF_PRESENCE:
            message = _("“%(name)s” is masked; you may ask only whether it is known: is empty, is not empty.")
            raise NotShown(message % {"name": fact.name}, test.ask.place)
        if test.operator == "in list":
            return self.on_list(fact, test)
        if isinstance(fact.source, Asked):
            return self.asked(fact, fact.source, test)
        if isinstance(fact.source, Ledger):
            return measuring.measured(fact, fact.source, test, self.ground)
        if test.ask.arguments:
            place = test.ask.arguments[0].place
            raise CriteriaError(_("“%(name)s” takes nothing in brackets.") % {"name": fact.name}, place)
        if isinstance(fact.source, Defined):
            return self.defined(fact, fact.source, test)
        return kinds.reading(fact, test, self.ground)

    def defined(self, fact: Fact, source: Defined, test: t.Test) -> Meaning:
        """What the fact is a name for, asked for or asked not to be."""
        asked = kinds.reading(replace(fact, source=Present("")), test, self.ground)
        assert isinstance(asked, Holds)
        meant = _Checker(self.ground, self.inside, self).meaning(parse(source.criteria()))
        return meant if asked.values[0] is (asked.relation == "eq") else Neg(meant)

    def segment(self, segment: t.Segment) -> Meaning:
        names = {fold(name): name for name in self.ground.segments}
        name = names.get(fold(segment.name))
        if name is None:
            message = _("There is no segment “%(name)s”.") % {"name": segment.name[:60]}
            raise CriteriaError(message, segment.place, nearest=nearest(segment.name, self.ground.segments))
        if name in self.inside:
            chain = " → ".join((*self.inside, name))
            raise CriteriaError(_("The segment contains itself: %(chain)s.") % {"chain": chain}, segment.place)
        if len(self.inside) > 20:
            raise CriteriaError(_("Segments are nested too deeply."), segment.place)
        try:
            inner, tree = _Checker(self.ground, (*self.inside, name), self), parse(self.ground.segments[name])
            inner.within(tree, segment.place)
            return inner.meaning(tree)
        except CriteriaError as error:
            if self.inside or error.more.get("within"):
                raise
            message = _("In the segment “%(name)s”: %(message)s") % {"name": name, "message": error.message}
            raise type(error)(message, segment.place) from error

    def on_list(self, fact: Fact, test: t.Test) -> Meaning:
        """`number in list "x"` is `in list "x"`: on a list are customers, nothing else."""
        value = test.values[0]
        if fact.name != "number":
            message = _("On a list are customers, not “%(fact)s”. Write: in list “…”.") % {"fact": fact.name}
            raise CriteriaError(message, test.place)
        return self.listed(value.text if isinstance(value, t.Text) else "", value.place)

    def listed(self, name: str, place: t.Place) -> Meaning:
        keys = {fold(each): key for each, key in self.ground.lists.items()}
        if fold(name) not in keys:
            message = _("There is no list “%(name)s”.") % {"name": name[:60]}
            raise CriteriaError(message, place, nearest=nearest(name, self.ground.lists))
        return Holds(on_list(keys[fold(name)]), "eq", (True,))

    def top(self, top: t.Top) -> Meaning:
        fact = fact_named(top.ask, self.ground)
        if tells(fact, self.ground.by):
            message = _("“%(name)s” is masked; you may not ask who is highest.")
            raise NotShown(message % {"name": fact.name}, top.ask.place)
        if fact.type not in ("number", "decimal", "money"):
            numeric = [f.name for f in self.ground.facts.values() if f.type in ("number", "decimal", "money")]
            message = _("“%(name)s” is not a number to be highest by.") % {"name": fact.name}
            raise CriteriaError(message, top.ask.place, nearest=nearest(fact.name, numeric))
        if isinstance(fact.source, Ledger):
            of = measuring.highest(fact, fact.source, top.ask, self.ground)
            return Highest(fact, top.value, top.percent, of=of)
        if top.ask.arguments:
            place = top.ask.arguments[0].place
            raise CriteriaError(_("“%(name)s” takes nothing in brackets.") % {"name": fact.name}, place)
        currency = self.ground.currency if fact.type == "money" else None
        return Highest(fact, top.value, top.percent, currency)

    # --- facts with parameters ------------------------------------------------------------------------------------

    def asked(self, fact: Fact, source: Asked, test: t.Test) -> Meaning:
        given = Given(fact, self.parameters(fact, source, test.ask))
        if test.operator not in (known := operators_of(fact)):
            raise no_such_operator(fact, test, known)
        plain = replace(fact, source=Present(source.model))
        answer = kinds.reading(plain, test, self.ground)
        assert isinstance(answer, Holds)
        return given if answer.values[0] is (answer.relation == "eq") else Neg(given)

    def parameters(self, fact: Fact, source: Asked, ask: t.Ask) -> tuple[tuple[str, object], ...]:
        chosen: dict[str, str] = {}
        for argument in ask.arguments:
            name, word = self.parameter(fact, source, argument, chosen)
            chosen[name] = word
        for name, _column, words in source.parameters:
            if name not in chosen:
                message = _("“%(fact)s” needs its %(parameter)s in brackets.") % {"fact": fact.name, "parameter": name}
                raise CriteriaError(message, ask.place, nearest=words[:3])
        return (*source.where, *((column, chosen[name]) for name, column, _words in source.parameters))

    def parameter(self, fact: Fact, source: Asked, argument: t.Argument, chosen: dict[str, str]) -> tuple[str, str]:
        text = argument.value.text if isinstance(argument.value, t.Text | t.Word) else None
        if text is None or argument.operator != "=":
            message = _("“%(fact)s” takes words here, nothing else.") % {"fact": fact.name}
            raise CriteriaError(message, argument.place)
        names = [name for name, _column, _words in source.parameters]
        if argument.name and argument.name not in names:
            message = _("“%(fact)s” knows no “%(name)s”.") % {"fact": fact.name, "name": argument.name}
            raise CriteriaError(message, argument.place, nearest=nearest(argument.name, names) or names)
        open_ones = [
            (n, w) for n, _c, w in source.parameters if n == argument.name or (not argument.name and n not in chosen)
        ]
        for name, words in open_ones:
            exact = {fold(word): word for word in words}
            if not words or fold(text) in exact:
                return name, exact.get(fold(text), text)
        known = [word for _name, words in open_ones for word in words]
        message = _("“%(fact)s” does not know “%(word)s”.") % {"fact": fact.name, "word": text[:60]}
        raise CriteriaError(message, argument.place, nearest=nearest(text, known) or known[:3])
