"""Refusals that can be said again in another language.

Files are read in a child process that knows no language and no settings. What it refuses travels as a template
(a message id, `marked`) and what to put in; whoever shows it says it in the reader's language. A number among it is a
count and gets the reader's grouping; one by which something is called goes in as text.

Nothing here loads Django before something is said: the child never does, and starts in half the time.
"""

from collections.abc import Mapping

from regulars.kernel.errors import Refused

_spoken = True


def marked(template: str) -> str:
    """The text as it is, marked for those who translate."""
    return template


def speak_plainly() -> None:
    """From now on this process says every template as it stands: it has no language to put it in."""
    global _spoken
    _spoken = False


def refusal(template: str, *, where: str | None = None, **told: str | int) -> Refused:
    """A `Refused` whose message is `template` in today's language with `told` put in; `more` keeps both."""
    return Refused(say(template, told), where=where, template=template, told=told)


def say(template: str, told: Mapping[str, str | int]) -> str:
    """The template in the active language with the words put in. Braces inside the words stay as they are."""
    if not _spoken:
        return template.format(**told)
    from django.utils.translation import gettext

    return gettext(template).format(**{name: _said(name, each) for name, each in told.items()})


def _said(name: str, word: str | int) -> str:
    """A count with the reader's grouping, the code of a `country` as its name, other words as they are."""
    from regulars.kernel.saying import count, country

    if isinstance(word, str):
        return country(word) if name == "country" else word
    return count(word)


def short(text: str, length: int = 40) -> str:
    """The text as it may stand in a message: one line, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
