"""`regulars user add|list|link`: the people who work here."""

import argparse
from typing import Any

from regulars.interfaces.cli.output import say, show_json

NAME = "user"
HELP = "The people who work here: add one, list them, make a link for a forgotten password."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    add = deeds.add_parser("add", help="add somebody; prints the link by which a password is chosen")
    add.add_argument("login", help="an e-mail address, or a name to sign in with")
    add.add_argument("--name", help="as others see it (otherwise the login)")
    add.add_argument("--role", default="staff", help="owner, manager, staff, marketer or auditor (staff)")
    add.add_argument("--language", help="of the screen (otherwise the house's main language)")
    deeds.add_parser("list", help="everybody with an account")
    link = deeds.add_parser("link", help="a fresh link to choose a password; needs no password, so guard this machine")
    link.add_argument("login")


def run(args: argparse.Namespace) -> int:
    return {"add": _add, "list": _list, "link": _link}[args.deed](args)


def _add(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.actions import add_user
    from regulars.areas.house.queries import house
    from regulars.interfaces.cli.operator import operator

    user, secret = add_user(
        by=operator("user add"),
        at=timezone.now(),
        login=args.login,
        name=args.name or args.login,
        role=args.role,
        language=args.language or house().default_language,
    )
    return _shown(args, {"login": user.login, "name": user.name, "role": user.role, "link": _address(secret)})


def _link(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.actions import new_password_link
    from regulars.areas.access.queries import user_of_login
    from regulars.interfaces.cli.operator import operator

    user = user_of_login(args.login)
    secret = new_password_link(by=operator("user link"), at=timezone.now(), user=user)
    return _shown(args, {"login": user.login, "link": _address(secret)})


def _address(secret: str) -> str:
    from django.conf import settings
    from django.urls import reverse

    return (settings.ENVIRONMENT.base_url or "http://127.0.0.1:8000") + reverse("join", args=[secret])


def _shown(args: argparse.Namespace, told: dict[str, Any]) -> int:
    if args.json:
        show_json(told)
    else:
        say(f"Open this link within seven days to choose a password for {told['login']}. It works once.")
        print(told["link"])
    return 0


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.access.queries import users

    listed = [
        {"login": user.login, "name": user.name, "role": user.role, "language": user.language, "state": _state(user),
         "since": user.created_at}
        for user in users()
    ]  # fmt: skip
    if args.json:
        show_json(listed)
    for each in [] if args.json else listed:
        print(f"{each['login']:<32} {each['role']:<9} {each['state']:<8} {each['name']}")
    return 0


def _state(user: Any) -> str:
    return "ended" if not user.active else "open" if user.password_set_at else "invited"
