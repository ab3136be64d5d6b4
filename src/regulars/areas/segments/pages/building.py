"""The criteria builder: rows and groups instead of text, and what they ask, counted while one is at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.house.forms import looking
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import looking_back
from regulars.areas.segments import queries
from regulars.areas.segments.language import CriteriaError, Tree, parse, text_of
from regulars.areas.segments.language.building import (
    Block,
    Row,
    changed,
    draft_from,
    draft_of,
    fields_of,
    leaf_of,
    tree_of,
)
from regulars.areas.segments.language.tree import And, Every, Not, Or, depth_of, tests_in
from regulars.areas.segments.models import FixedList, Segment
from regulars.areas.segments.pages.inputs import Input, Inputs, Options, fact_options
from regulars.areas.segments.pages.words import section_of
from regulars.areas.segments.queries import vocabulary
from regulars.areas.segments.queries.apart import hidden, of_the_list
from regulars.kernel import registries, saying
from regulars.kernel.http import actor_of, show, takes_at
from regulars.kernel.registries import Fact
from regulars.kernel.text import sort_key

MOST_ROWS, DEEPEST = 100, 12


@dataclass(slots=True)
class Shown:
    """A row or a group as the template has it. `problem` says why its condition cannot be asked."""

    path: str
    wanted: bool
    any: bool = False
    parts: "list[Shown]" = field(default_factory=list)
    row: bool = False
    facts: list[tuple[str, Options]] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    was: str = ""
    problem: str = ""
    focus: bool = False
    first: bool = False

    @property
    def id(self) -> str:
        return f"q{self.path}".replace(".", "-")


@require_http_methods(["GET", "HEAD", "POST"])
@takes_at
def builder(request: HttpRequest) -> HttpResponse:
    """Text becomes rows (`criteria`), rows become text; nothing is kept.

    htmx gets the whole builder, or with the target `asked` only what is asked and how many they are.
    """
    given = request.POST if request.method == "POST" else request.GET
    with looking(request, given):
        return _built(request, given)


def _built(request: HttpRequest, given: QueryDict) -> HttpResponse:
    facts = _facts(request)
    typed = "criteria" in given and not given.get("do") and not any(name.startswith("q") for name in given)
    target = request.headers.get("HX-Target", "")
    try:
        draft = _draft(parse(given.get("criteria", "")), facts) if typed else _sent(request)
    except CriteriaError as error:
        return _refused(request, str(error), given.get("criteria", ""))
    deed = given.get("do") or ("add:" if request.method == "GET" and not draft.parts else "")
    focus = changed(draft, deed) if deed else None
    problems: dict[str, str] = {}
    tree = tree_of(draft, facts, problems)
    context = _counted(request, tree, problems)
    if target == "asked":
        return show(request, "segments/builder.html", part="asked", told=not typed, **context)
    painter = _Painter(facts, request, problems, focus)
    context |= {"root": painter.shown(draft, ""), **painter.lists()}
    return show(request, "segments/builder.html", part="builder", told=not typed, **context)


def _refused(request: HttpRequest, problem: str, text: str) -> HttpResponse:
    """A text that is no criterion: said beside it, while the rows stay as they were."""
    context: dict[str, Any] = {"problems": [problem], "text": text, "told": False, "unread": True}
    answer = show(request, "segments/builder.html", part="asked", **context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#asked", "outerHTML"
    return answer


def _facts(request: HttpRequest) -> Mapping[str, Fact]:
    """The facts that this person may ask for."""
    every = registries.facts()
    return {word.name: every[word.name] for word in vocabulary(actor_of(request))}


def _draft(tree: Tree, facts: Mapping[str, Fact]) -> Block:
    if len(tests_in(tree)) > MOST_ROWS or depth_of(tree) > DEEPEST:
        raise CriteriaError(_("These criteria are too long to be shown row by row. They stay as text."))
    return draft_of(tree, facts)


def _sent(request: HttpRequest) -> Block:
    sent = ((name, value) for name, values in request.POST.lists() for value in values)
    return draft_from(sent)


def _counted(request: HttpRequest, tree: Tree, problems: Mapping[str, str]) -> dict[str, Any]:
    """The text, the sentence and the number; or why not."""
    rules, moment = house(), looking_back()
    today = rules.day(moment.at if moment else timezone.now())
    how: dict[str, Any] = {"by": actor_of(request), "today": today, "zone": rules.zone}
    hides = hidden({}, tree)
    left_out = {"hides": "archived" in hides, "apart": "prospect" in hides}
    context: dict[str, Any] = {"text": text_of(tree), **left_out, "problems": list(problems.values())}
    try:
        said = queries.sentence(tree, **how)
        count = queries.count(of_the_list({}, tree), **how)
    except CriteriaError as error:
        return {**context, "problems": [*context["problems"], error.message]}
    return {**context, "said": said, "count": count, "many": saying.count(count), "everybody": isinstance(tree, Every)}


class _Painter:
    """Rows and groups made ready for the template."""

    def __init__(
        self, facts: Mapping[str, Fact], request: HttpRequest, problems: Mapping[str, str], focus: str | None
    ) -> None:
        self.facts, self.problems, self.focus = facts, problems, focus
        self.inputs = Inputs(
            facts,
            list(Segment.objects.order_by("key").values_list("name", flat=True)),
            list(FixedList.objects.order_by("key").values_list("name", flat=True)),
        )
        self.sections: dict[str, list[tuple[str, str]]] = {}
        for word in vocabulary(actor_of(request)):
            self.sections.setdefault(section_of(word.room, word.group_label), []).append((word.name, word.label))

    def shown(self, part: Row | Block, path: str) -> Shown:
        focus = self.focus == path
        if isinstance(part, Block):
            parts = [self.shown(inner, f"{path}.{place}") for place, inner in enumerate(part.parts)]
            return Shown(path, part.wanted, part.any, parts, focus=focus, first=not path)
        fact = (part.fields.get("fact") or [""])[0]
        return Shown(
            path=path,
            wanted=part.wanted,
            row=True,
            facts=fact_options(self.sections, fact),
            inputs=self.inputs.of(part, path),
            was=self._memory(part),
            problem=self.problems.get(path, ""),
            focus=focus,
        )

    def _memory(self, row: Row) -> str:
        """The condition that the inputs now show, so that it stays to the letter while nobody touches them."""
        try:
            leaf = leaf_of(row.fields, self.facts)
        except CriteriaError:
            return ""
        if leaf is None or isinstance(leaf, Every | Not | And | Or):
            return ""
        now = {name: held for name, held in row.fields.items() if name != "was"}
        return text_of(leaf) if fields_of(leaf, self.facts) == now else ""

    def lists(self) -> dict[str, Any]:
        """Countries and languages to choose from, where a row asks for one."""
        to = (get_language() or "en")[:2]
        locale = Locale.parse(to)
        named = {"countries": locale.territories, "languages": locale.languages}
        return {
            kind: sorted((name for code, name in names.items() if len(code) == 2), key=lambda name: sort_key(name, to))
            for kind, names in named.items()
        }
