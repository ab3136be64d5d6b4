"""Who acts at the shell: the machine's user, the owner's rights, named an operator by the journal; and his language."""

import getpass
from collections.abc import Mapping

from regulars.kernel.actor import Actor


def operator(command: str) -> Actor:
    """The person at the shell. `command` is the command without its arguments, which may name customers."""
    try:
        name = getpass.getuser()
    except OSError:  # a machine user without a name (containers)
        name = "operator"
    return Actor(kind="operator", name=name, rights=frozenset({"*"}), through="command", detail=command)


def language(environment: Mapping[str, str]) -> str | None:
    """The language of messages by POSIX' order (LC_ALL, LC_MESSAGES, LANG: the first that says something).

    None for `C`, `POSIX`, none at all and what the program does not speak.
    """
    from django.utils.translation import get_supported_language_variant

    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    try:
        return get_supported_language_variant(named.partition(".")[0].partition("@")[0].replace("_", "-").lower())
    except LookupError:
        return None
