"""`regulars token add|list|revoke`: what programs may do."""

import argparse
from typing import Any

from regulars.interfaces.cli import typed
from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "token"
HELP = "Tokens for programs: make one (shown once), list them, revoke one."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    add = deeds.add_parser("add", help="make a token; it is printed once and kept nowhere")
    add.add_argument("name", help="the program that will use it")
    add.add_argument("--user", metavar="LOGIN", help="whose token it is (otherwise the owner's)")
    add.add_argument(
        "--right", action="append", default=[], help="a right it has, for example customers.view; repeatable"
    )
    add.add_argument("--days", type=typed.number, default=90, help="how long it lasts, 365 at most (90)")
    deeds.add_parser("list", help="all tokens, without their secrets")
    revoke = deeds.add_parser("revoke", help="end a token at once and for good")
    revoke.add_argument("name", help="its name, or its id from the list")


def run(args: argparse.Namespace) -> int:
    return {"add": _add, "list": _list, "revoke": _revoke}[args.deed](args)


def _add(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.actions import make_token
    from regulars.areas.access.queries import an_owner, user_of_login
    from regulars.interfaces.cli.operator import operator

    user = user_of_login(args.user) if args.user else an_owner()
    rights = [right for given in args.right for right in given.replace(",", " ").split()]
    by, at = operator("token add"), timezone.now()
    token, text = make_token(by=by, at=at, user=user, name=args.name, rights=rights, days=args.days)
    if args.json:
        show_json({**_told(token, at), "token": text})
    else:
        told = {"name": token.name, "user": user.name, "day": f"{token.expires_at:%Y-%m-%d}"}
        say(_("The token “%(name)s” of %(user)s, until %(day)s. It is shown this once:") % told)
        print(text)
    return 0


def _list(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.queries import tokens

    at = timezone.now()
    listed = [_told(token, at) for token in tokens()]
    if args.json:
        show_json(listed)
    for each in [] if args.json else listed:
        print(f"{each['name']:<24} {each['user']:<24} {each['state']:<8} {each['expires_at']:%Y-%m-%d}  {each['id']}")
        print(f"{'':<24} {' '.join(each['rights'])}")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.actions import revoke_token
    from regulars.areas.access.queries import token_named
    from regulars.interfaces.cli.operator import operator

    token = token_named(args.name)
    changeset = revoke_token(by=operator("token revoke"), at=timezone.now(), token=token)
    if args.json:
        show_json({"id": token.public, "name": token.name, "changeset": changeset})
    else:
        say(_("The token “%(name)s” is revoked.") % {"name": token.name})
    return 0


def _told(token: Any, at: Any) -> dict[str, Any]:
    state = "revoked" if token.revoked_at else "ended" if token.expires_at <= at else "open"
    return {
        "id": token.public,
        "name": token.name,
        "user": token.user.login,
        "rights": token.rights.split(),
        "state": state,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": getattr(getattr(token, "secret", None), "used_at", None),
    }
