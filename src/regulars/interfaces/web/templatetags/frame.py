"""Template tags of the frame, in every template without loading: asset, icon, avatar, the moment that is looked back
to; the filters count, tone and breakable."""

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.contrib.messages.storage.base import Message
from django.template import defaulttags
from django.template.loader import render_to_string
from django.templatetags import i18n
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from regulars.interfaces.web import assets, frame
from regulars.kernel import saying
from regulars.kernel.names import initials

register = template.Library()
_ANEW = {"at", "day", "hour", "after", "trail", "from"}  # at another moment a list begins anew


class Said(template.Node):
    """A text of the template in the reader's language."""

    child_nodelists = ()

    def __init__(self, text: str) -> None:
        self.text = text.replace("%", "%%")  # as catalogues keep texts of templates

    def render(self, _context: Any) -> SafeString:
        return mark_safe(gettext(self.text).replace("%%", "%"))  # noqa: S308 - the template's own text


@register.tag
def translate(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Django's tag. A plain text, as nearly all are, is looked up directly: a page has forty of them."""
    node: Any = i18n.do_translate(parser, token)
    expression = node.filter_expression
    plain = not (node.noop or node.asvar or node.message_context or expression.filters)
    return Said(str(expression.var.literal)) if plain and expression.var.literal is not None else node


class Way(template.Node):
    """The address of a route without arguments, written or kept under a name as Django's tag does."""

    child_nodelists = ()

    def __init__(self, node: Any) -> None:
        self.node, self.route, self.name = node, str(node.view_name.var), node.asvar

    def render(self, context: template.Context) -> str:
        address = frame.address_of(self.route)
        if self.name:
            context[self.name] = address
            return ""
        return escape(address) if address else str(self.node.render(context))  # which says what is missing


@register.tag
def url(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Django's tag; where a route is named outright and takes nothing, its address is worked out once."""
    node = defaulttags.url(parser, token)
    plain = isinstance(node.view_name.var, str) and not (node.view_name.filters or node.args or node.kwargs)
    return Way(node) if plain else node


@register.simple_tag
def places(entries: Sequence[frame.Entry]) -> SafeString:
    """Some places of the navigation; drawn once for everybody who may enter the same and is at the same."""
    return _places(tuple(entries))


@lru_cache(500)
def _places(entries: tuple[frame.Entry, ...]) -> SafeString:
    return render_to_string("frame/places.html", {"places": entries})


@register.simple_tag
def asset(name: str) -> str:
    """The address of a bundled file: `{% asset "main.css" %}`."""
    return assets.address(name)


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """An icon of frontend/src/icons.txt, an ornament beside words: `{% icon "search" %}`, `{% icon "x" "large" %}`."""
    return _drawn(name, kind)


@lru_cache(500)
def _drawn(name: str, kind: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, assets.address("icons.svg"), name
    )


@register.simple_tag
def avatar(name: str, key: object = "", kind: str = "") -> SafeString:
    """A customer's initials on a lasting colour: `{% avatar customer.name customer.number %}`; an ornament."""
    return format_html(
        '<span class="avatar {}" data-tone="{}" aria-hidden="true">{}</span>',
        kind,
        tone(key or name),
        initials(str(name)),
    )


@register.simple_tag(takes_context=True)
def then(context: Any, mark: str = "?") -> SafeString:
    """What keeps a link at the moment that is looked back to: `?at=2026-03-03`, or with `&` before it; else nothing."""
    asked = getattr(context.get("request"), "then", "")
    return format_html("{}at={}", mark, quote(asked)) if asked else SafeString("")


@register.inclusion_tag("frame/moment.html", takes_context=True)
def moment_form(context: Any) -> dict[str, Any]:
    """The control in a page's head that chooses the day as of which it is shown."""
    request = context["request"]
    moment = getattr(request, "moment", None)
    kept = [(name, value) for name, values in request.GET.lists() if name not in _ANEW for value in values]
    at = timezone.localtime(moment.at) if moment else None
    hour = at.strftime("%H:%M") if at and "T" in request.then else ""
    day = at.date().isoformat() if at else ""
    return {"moment": moment, "kept": kept, "day": day, "hour": hour, "latest": timezone.localdate().isoformat()}


@register.simple_tag(takes_context=True)
def today_address(context: Any) -> str:
    """This page as it stands today."""
    request = context["request"]
    asked = request.GET.copy()
    for name in ("at", "after", "trail", "from"):
        asked.pop(name, None)
    return f"{request.path}?{asked.urlencode()}" if asked else str(request.path)


@register.simple_tag(takes_context=True)
def places_called(context: Any, text: str) -> list[frame.Entry]:
    """The places and deeds whose words begin as typed; all of them where nothing is."""
    return frame.called(context["request"], text)


@register.filter
def count(number: int | None) -> str:
    """A whole number as the language writes it: `{{ 1204|count }}` is 1,204 or 1.204. Never for customers' numbers."""
    return "" if number is None else saying.count(number)


@register.filter
def percent(number: float, digits: int = 0) -> str:
    """So many per cent as the language writes it: `{{ 12.5|percent:1 }}` is 12.5% or 12,5 %."""
    return saying.percent(number, digits)


@register.filter
def size(bytes_: int) -> str:
    """A number of bytes: `{{ file.size|size }}`."""
    return saying.size(bytes_)


@register.filter
def tone(key: object) -> int:
    """One of the eight colours of avatars, always the same for the same key."""
    return zlib.crc32(str(key).encode()) % 8


@register.filter
def undoes(message: Message) -> int | None:
    """The changeset that a message offers to take back (its tag `undo:NUMBER`), or None."""
    return int(_tagged(message, "undo:") or 0) or None


@register.filter
def leads_to(message: Message) -> str:
    """The address at which there is more of what a message tells (its tag `look:ADDRESS`), or ''."""
    return _tagged(message, "look:")


def _tagged(message: Message, prefix: str) -> str:
    tags = str(message.extra_tags or "").split()
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")


@register.filter
def breakable(address: str) -> SafeString:
    """A long address, where a narrow column may break it: after `@` and dots, not in the middle of a name."""
    parts = re.split(r"(?<=[@.])(?=.)", str(address))
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
