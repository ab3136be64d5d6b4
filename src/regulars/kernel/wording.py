"""Refusals that can be said again in another language.

Files are read in a child process that knows no language and no settings. What it refuses travels as a template
(a message id, marked with `gettext_noop`) and what to put in; whoever shows it says it in the reader's language. A
number among it is a count and gets the reader's grouping; one by which something is called goes in as text.
"""

from collections.abc import Mapping

from django.utils.translation import gettext

from regulars.kernel.errors import Refused


def refusal(template: str, *, where: str | None = None, **told: str | int) -> Refused:
    """A `Refused` whose message is `template` in today's language with `told` put in; `more` keeps both."""
    return Refused(say(template, told), where=where, template=template, told=told)


def say(template: str, told: Mapping[str, str | int]) -> str:
    """The template in the active language with the words put in. Braces inside the words stay as they are."""
    return gettext(template).format(**{name: _said(each) for name, each in told.items()})


def _said(word: str | int) -> str:
    if isinstance(word, str):
        return word
    from regulars.kernel.saying import count  # where files are read nothing is said, and nothing of it is loaded

    return count(word)


def short(text: str, length: int = 40) -> str:
    """The text as it may stand in a message: one line, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
