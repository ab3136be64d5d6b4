"""`regulars user …`: the people who work here, their roles, second factors and sessions."""

import argparse
from typing import Any

from regulars.interfaces.cli.output import say, show_json
from regulars.kernel.early import gettext as _

NAME = "user"
HELP = "The people who work here: add, list, roles, links for forgotten passwords, second factors, who is signed in."
_ROLES = "owner, manager, staff, till, marketer, auditor or reader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True)
    add = deeds.add_parser("add", help="add somebody; prints the link by which a password is chosen")
    add.add_argument("login", help="an e-mail address, or a name to sign in with")
    add.add_argument("--name", help="as others see it (otherwise the login)")
    add.add_argument("--role", default="staff", help=f"{_ROLES} (staff)")
    add.add_argument("--language", help="of the screen (otherwise the house's main language)")
    deeds.add_parser("list", help="everybody with an account")
    deeds.add_parser("roles", help="each right and the roles that have it")
    link = deeds.add_parser("link", help="a fresh link to choose a password; needs no password, so guard this machine")
    link.add_argument("login")
    link.add_argument("--mail", action="store_true", help="send it to their e-mail address instead of printing it")
    role = deeds.add_parser("role", help="give somebody another role; ends the sessions and tokens of the old one")
    role.add_argument("login")
    role.add_argument("role", help=_ROLES)
    end = deeds.add_parser("end", help="end an account; its name stays in the journal")
    end.add_argument("login")
    reopen = deeds.add_parser("reopen", help="open an ended account again")
    reopen.add_argument("login")
    factors = deeds.add_parser("factors", help="the second factors of somebody; --remove for who lost them")
    factors.add_argument("login")
    factors.add_argument(
        "--remove", action="store_true", help="take all of them away; the password alone lets in again"
    )
    sessions = deeds.add_parser("sessions", help="who is signed in, where and since when")
    sessions.add_argument("login", nargs="?", help="this one alone")
    out = deeds.add_parser("sign-out", help="end all sessions of somebody at once")
    out.add_argument("login")
    theirs = deeds.add_parser("customers", help="for which customers somebody is responsible; without options says it")
    theirs.add_argument("login")
    theirs.add_argument("--territory", action="append", metavar="CODE", help="as on the cards; may be said again")
    theirs.add_argument("--representative", action="append", metavar="CODE", help="the code on the cards")
    theirs.add_argument("--none", action="store_true", help="for none at all")


def run(args: argparse.Namespace) -> int:
    return _DEEDS[args.deed](args)


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
    if args.mail:
        return _mailed(args, user)
    secret = new_password_link(by=operator("user link"), at=timezone.now(), user=user)
    return _shown(args, {"login": user.login, "link": _address(secret)})


def _mailed(args: argparse.Namespace, user: Any) -> int:
    from regulars.areas.access.actions import mail_link
    from regulars.interfaces.cli.operator import operator
    from regulars.kernel import jobs
    from regulars.kernel.errors import Refused

    ticket = mail_link(by=operator("user link"), user=user)
    jobs.run_here(ticket)
    sent = jobs.view(ticket)
    if sent.error:
        raise Refused(sent.error)
    if args.json:
        show_json({"login": user.login, "mailed": sent.state == "done"})
    else:
        say(_("A link to choose a password went to %(login)s. It works once, for seven days.") % {"login": user.login})
    return 0


def _customers(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import change_charges
    from regulars.areas.access.queries import charges_of, user_of_login
    from regulars.interfaces.cli.acting import acting
    from regulars.kernel.errors import Refused

    user = user_of_login(args.login)
    told = {"territories": args.territory or [], "representatives": args.representative or []}
    if args.none and any(told.values()):
        raise Refused(_("Say either --none or for which customers."))
    if args.none or any(told.values()):
        with acting("user customers") as (by, at):
            change_charges(by=by, at=at, user=user, **told)
    codes = dict(charges_of(user))
    if args.json:
        show_json({"login": user.login, **{fact: list(each) for fact, each in codes.items()}})
    else:
        for fact, each in codes.items():
            print(f"{fact:<16}{', '.join(each) or '–'}")
    return 0


def _address(secret: str) -> str:
    from django.conf import settings
    from django.urls import reverse

    from regulars.interfaces.server.lock import serving_at

    return (settings.ENVIRONMENT.base_url or serving_at() or "http://127.0.0.1:8000") + reverse("join", args=[secret])


def _shown(args: argparse.Namespace, told: dict[str, Any]) -> int:
    if args.json:
        show_json(told)
    else:
        say(_("Open this link within seven days to choose a password for %(login)s. It works once.") % told)
        print(told["link"])
    return 0


def _list(args: argparse.Namespace) -> int:
    from regulars.areas.access.queries import guarded_users, users

    guarded = guarded_users()
    listed = [
        {"login": user.login, "name": user.name, "role": user.role, "language": user.language, "state": _state(user),
         "second_factor": user.pk in guarded, "since": user.created_at}
        for user in users()
    ]  # fmt: skip
    if args.json:
        show_json(listed)
    for each in [] if args.json else listed:
        second = "2" if each["second_factor"] else " "
        print(f"{each['login']:<32} {each['role']:<9} {each['state']:<8} {second} {each['name']}")
    return 0


def _state(user: Any) -> str:
    return "ended" if not user.active else "open" if user.password_set_at else "invited"


def _roles(args: argparse.Namespace) -> int:
    from regulars.areas.access.queries import who_may_what

    told = [
        {"right": each.right, "label": str(each.label), "roles": list(each.roles)}
        for _about, rights in who_may_what()
        for each in rights
    ]
    if args.json:
        show_json(told)
    for each in [] if args.json else told:
        print(f"{each['right']:<20} {each['label']}\n{'':<20} {', '.join(each['roles'])}")
    return 0


def _role(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import change_role

    return _done(args, change_role, f"{args.login} is now {args.role} and signs in anew.", role=args.role)


def _end(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import end_account

    return _done(args, end_account, f"The account of {args.login} has ended.")


def _reopen(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import reopen_account

    return _done(args, reopen_account, f"{args.login} can come in again.")


def _done(args: argparse.Namespace, deed: Any, told: str, **values: Any) -> int:
    """One deed about one user."""
    from django.utils import timezone

    from regulars.areas.access.queries import user_of_login
    from regulars.interfaces.cli.operator import operator

    by, user = operator(f"user {args.deed}"), user_of_login(args.login)
    changeset = deed(by=by, at=timezone.now(), user=user, **values)
    show_json({"login": user.login, "changeset": changeset}) if args.json else say(told)
    return 0


def _factors(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import remove_all_factors
    from regulars.areas.access.queries import factors_of, user_of_login

    if args.remove:
        return _done(args, remove_all_factors, f"The password alone lets {args.login} in again.")
    told = [
        {"kind": each.kind, "name": each.name, "since": each.created_at}
        for each in factors_of(user_of_login(args.login))
    ]
    if args.json:
        show_json(told)
    for each in [] if args.json else told:
        print(f"{each['kind']:<10} {each['since']:%Y-%m-%d}  {each['name']}")
    return 0


def _sessions(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from regulars.areas.access.queries import sessions, user_of_login

    living = sessions(at=timezone.now())
    if args.login:
        living = living.filter(user=user_of_login(args.login))
    told = [
        {"id": each.public, "login": each.user.login, "browser": each.browser, "started_at": each.started_at,
         "seen_at": each.seen_at}
        for each in living
    ]  # fmt: skip
    if args.json:
        show_json(told)
    for each in [] if args.json else told:
        print(f"{each['login']:<32} {each['seen_at']:%Y-%m-%d %H:%M}  {each['browser']}")
    return 0


def _sign_out(args: argparse.Namespace) -> int:
    from regulars.areas.access.actions import end_sessions
    from regulars.areas.access.queries import user_of_login
    from regulars.interfaces.cli.operator import operator

    user = user_of_login(args.login)
    ended = end_sessions(by=operator("user sign-out"), user=user)
    show_json({"login": user.login, "ended": ended}) if args.json else say(f"{user.login}: {ended} sessions ended.")
    return 0


_DEEDS = {
    "add": _add, "list": _list, "roles": _roles, "link": _link, "role": _role, "end": _end, "reopen": _reopen,
    "factors": _factors, "sessions": _sessions, "sign-out": _sign_out, "customers": _customers,
}  # fmt: skip
