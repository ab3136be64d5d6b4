"""Refusals that can be said again in another language.

Files are read in a child process that knows no language and no settings. What it refuses travels as a template
(a message id, marked with `gettext_noop`) and the words to put in; whoever shows it says it in the reader's language.
"""

from collections.abc import Mapping

from django.utils.translation import gettext

from regulars.kernel.errors import Refused


def refusal(template: str, *, where: str | None = None, **told: str) -> Refused:
    """A `Refused` whose message is `template` in today's language with `told` put in; `more` keeps both."""
    return Refused(say(template, told), where=where, template=template, told=told)


def say(template: str, told: Mapping[str, str]) -> str:
    """The template in the active language with the words put in. Braces inside the words stay as they are."""
    return gettext(template).format(**told)


def short(text: str, length: int = 40) -> str:
    """The text as it may stand in a message: one line, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
