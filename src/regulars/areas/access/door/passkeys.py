"""Passkeys (WebAuthn), checked by `fido2`: what a browser is asked, and whether its answer is right.

A passkey belongs to one name of the house (`REGULARS_BASE_URL`, else the name in the address, which on the machine
itself is `localhost`). Browsers know none for an address of numbers.
"""

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from regulars.areas.access.models import Passkey, User
from regulars.kernel import crypto
from regulars.kernel.errors import Refused

if TYPE_CHECKING:  # slow to load, and only for whoever has a passkey
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData


class PasskeyRefused(Refused):
    """What the browser sent is not the answer of a passkey that is known here to what was asked."""

    code = "passkey_refused"


@dataclass(frozen=True, slots=True)
class Place:
    """The name to which passkeys belong (`id`), the address from which they answer (`origin`), the house's name."""

    id: str
    origin: str
    house: str

    def server(self) -> "Fido2Server":
        from fido2.server import Fido2Server
        from fido2.webauthn import PublicKeyCredentialRpEntity

        entity = PublicKeyCredentialRpEntity(name=self.house, id=self.id)
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey: its public half, the digest of its number, its place, what it has counted."""

    data: bytes
    digest: str
    place: str
    counter: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser answered: the number of the passkey, whose it says it is, what it has counted, and all of it."""

    digest: str
    user: str
    counter: int
    answer: Any


def place_of(request: HttpRequest, house: str) -> Place:
    """Where passkeys of this request belong. Raises Refused where browsers know none, saying what to do."""
    if why := why_none(request):
        raise PasskeyRefused(why)
    origin = _origin(request)
    return Place(id=urlsplit(origin).hostname or "", origin=origin, house=house)


def why_none(request: HttpRequest) -> str:
    """Why no passkey works under the address of this request, and what to do; '' where they work."""
    origin, here = _origin(request), f"{request.scheme}://{request.get_host()}"
    parts = urlsplit(origin)
    if origin != here and not settings.ENVIRONMENT.trusted_proxies:
        return _("Passkeys work under %(address)s only: come in there.") % {"address": origin}
    if _is_numbers(parts.hostname or ""):
        port = f":{parts.port}" if parts.port else ""
        return _(
            "Browsers know no passkeys for an address of numbers. On this machine open %(address)s instead; for others"
            " set REGULARS_BASE_URL to the house's name. A one-time code works here as well."
        ) % {"address": f"{parts.scheme}://localhost{port}"}
    if parts.scheme != "https" and parts.hostname != "localhost":
        return _("Passkeys need https. Set REGULARS_BASE_URL to the house's https address, or use a one-time code.")
    return ""


def ask_new(place: Place, user: User, known: list[Passkey]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked to make, what the answer is checked against)."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    entity = PublicKeyCredentialUserEntity(name=user.login, id=user.public.encode(), display_name=user.name)
    options, asked = place.server().register_begin(
        entity,
        credentials=[_data(each) for each in known],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _plain(options), _plain(asked)


def made(place: Place, asked: dict[str, Any], answer: str) -> Made:
    """The passkey that the browser made. Raises PasskeyRefused."""
    try:
        found = place.server().register_complete(asked, json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError):
        refuse()
    data = found.credential_data
    if data is None:
        refuse()
    return Made(bytes(data), _digest(data.credential_id), place.id, found.counter)


def ask(place: Place, known: list[Passkey] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked to show, what the answer is checked against).

    With `known` one of these; with None any passkey of the house, which then stands for name and password as well and
    must have made sure who holds it (PIN, finger, face).
    """
    from fido2.webauthn import UserVerificationRequirement as Wanted

    options, asked = place.server().authenticate_begin(
        credentials=None if known is None else [_data(each) for each in known],
        user_verification=Wanted.REQUIRED if known is None else Wanted.PREFERRED,
    )
    return _plain(options), _plain(asked)


def shown(answer: str) -> Shown:
    """What the browser sent, read but not yet believed. Raises PasskeyRefused."""
    from fido2.webauthn import AuthenticationResponse

    try:
        told = AuthenticationResponse.from_dict(json.loads(answer))
        user = told.response.user_handle or b""
        return Shown(_digest(told.raw_id), user.decode(), told.response.authenticator_data.counter, told)
    except (ValueError, KeyError, TypeError, AttributeError):
        refuse()


def check(place: Place, asked: dict[str, Any], told: Shown, kept: Passkey) -> None:
    """Raises PasskeyRefused unless this passkey answered just what was asked, here."""
    try:
        place.server().authenticate_complete(asked, [_data(kept)], told.answer)
    except (ValueError, KeyError, TypeError, AttributeError):
        refuse()
    if (told.counter or kept.counter) and told.counter <= kept.counter:
        refuse()  # a copy of the key has been used (WebAuthn, section 6.1.1)


def refuse() -> NoReturn:
    """Whatever was wrong, the same words: who is known here is not told (A5)."""
    raise PasskeyRefused(_("This passkey was not taken. Try again, or use another way to come in."))


def _origin(request: HttpRequest) -> str:
    """The address from which passkeys answer. One of numbers, as `serve` has it without a choice, gives no name: then
    the address of the request counts."""
    base = urlsplit(settings.ENVIRONMENT.base_url)
    if base.hostname and not _is_numbers(base.hostname):
        return f"{base.scheme}://{base.netloc}"
    return f"{request.scheme}://{request.get_host()}"


def _is_numbers(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _data(passkey: Passkey) -> "AttestedCredentialData":
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(bytes(passkey.data))


def _digest(number: bytes) -> str:
    return crypto.sha256(number).hex()


def _plain(told: Any) -> dict[str, Any]:
    """As JSON has it: no bytes, no classes."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(told), default=dict))
    return plain
