"""Template tags of the frame, in every template without loading: asset, icon, avatar; the filters count, tone and
breakable."""

import re
import zlib
from functools import lru_cache

from django import template
from django.contrib.messages.storage.base import Message
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from regulars.interfaces.web import assets
from regulars.kernel import saying
from regulars.kernel.names import initials

register = template.Library()


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


@register.filter
def count(number: int | None) -> str:
    """A whole number as the language writes it: `{{ 1204|count }}` is 1,204 or 1.204. Never for customers' numbers."""
    return "" if number is None else saying.count(number)


@register.filter
def tone(key: object) -> int:
    """One of the eight colours of avatars, always the same for the same key."""
    return zlib.crc32(str(key).encode()) % 8


@register.filter
def undoes(message: Message) -> int | None:
    """The changeset that a message offers to take back (its tag `undo:NUMBER`), or None."""
    tag = str(message.extra_tags or "")
    return int(tag.removeprefix("undo:")) if tag.startswith("undo:") else None


@register.filter
def breakable(address: str) -> SafeString:
    """A long address, where a narrow column may break it: after `@` and dots, not in the middle of a name."""
    parts = re.split(r"(?<=[@.])(?=.)", str(address))
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
