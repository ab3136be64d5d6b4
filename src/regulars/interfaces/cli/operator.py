"""Who acts at the shell: the machine's user, the owner's rights, named an operator by the journal."""

import getpass

from regulars.kernel.actor import Actor


def operator(command: str) -> Actor:
    """The person at the shell. `command` is the command without its arguments, which may name customers."""
    try:
        name = getpass.getuser()
    except OSError:  # a machine user without a name (containers)
        name = "operator"
    return Actor(kind="operator", name=name, rights=frozenset({"*"}), through="command", detail=command)
