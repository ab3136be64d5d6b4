"""Idempotency keys: a POST sent twice is done once, and answered twice alike.

A short deed and its kept answer stand in one transaction: there is no moment in which the deed is done and the answer
lost. A long deed (many transactions) is noted as begun first; its repetition meanwhile is told so with 409, and so is
one after a kill, since nobody can say how far the first had come. Refusals are not kept: they changed nothing.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.areas.journal.actions import sign_heads_if_due
from regulars.interfaces.api.models import KeptAnswer
from regulars.kernel import crypto, keyfile
from regulars.kernel.databases import writer_lock
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of

KEPT_FOR = timedelta(hours=48)
_ANSWERS = "kept answer"  # what the key of kept answers is drawn for
_FORM = re.compile("[!-~]{1,255}")
_HEADERS = ("Content-Type", "ETag", "Location", "Changeset")


class BadKey(Refused):
    code = "idempotency_key_unreadable"
    status = 400


class OtherRequest(Refused):
    """The key was used before, for something else."""

    code = "idempotency_key_reused"
    status = 422


class AtWork(Refused):
    """The first request with this key has not been answered."""

    code = "idempotency_key_at_work"
    status = 409


class Done(Refused):
    """The first request was done; what it was answered is no longer kept."""

    code = "idempotency_answer_forgotten"
    status = 409


def once(request: HttpRequest, run: Callable[[], HttpResponseBase], *, long: bool) -> HttpResponseBase:
    """The answer to this request: the kept one where there is one, else that of `run`, which is kept."""
    given = request.headers["Idempotency-Key"]
    if not _FORM.fullmatch(given):
        raise BadKey(_("An idempotency key has 1 to 255 visible ASCII signs."), where="Idempotency-Key")
    row = KeptAnswer(caller=_caller(request), key=_digest(given.encode()), asked=_asked(request), at=timezone.now())
    return _long(request, run, row, given) if long else _short(request, run, row, given)


def _short(request: HttpRequest, run: Callable[[], HttpResponseBase], row: KeptAnswer, given: str) -> HttpResponseBase:
    with transaction.atomic():
        writer_lock(connection)
        kept = _kept(row)
        if kept is not None:
            return _again(request, kept, row, given)
        response = run()
        if response.status_code < 300:
            _fill(request, row, response, given)
            _begin(row)
        else:
            transaction.set_rollback(True)
    sign_heads_if_due(at=timezone.now())
    return response


def _long(request: HttpRequest, run: Callable[[], HttpResponseBase], row: KeptAnswer, given: str) -> HttpResponseBase:
    try:
        with transaction.atomic():
            _begin(row)
    except IntegrityError:  # asked before
        kept = _kept(row)
        if kept is None:
            raise AtWork(_at_work()) from None
        return _again(request, kept, row, given)
    try:
        response = run()
    except BaseException:
        row.delete()
        raise
    if response.status_code < 300:
        _fill(request, row, response, given)
        row.save(update_fields=["status", "sealed"])
    else:
        row.delete()
    return response


def _begin(row: KeptAnswer) -> None:
    KeptAnswer.objects.filter(caller=row.caller, key=row.key, at__lte=row.at - KEPT_FOR).delete()
    row.save(force_insert=True)


def _kept(row: KeptAnswer) -> KeptAnswer | None:
    return KeptAnswer.objects.filter(caller=row.caller, key=row.key, at__gt=row.at - KEPT_FOR).first()


def _again(request: HttpRequest, kept: KeptAnswer, row: KeptAnswer, given: str) -> HttpResponse:
    if kept.asked != row.asked:
        raise OtherRequest(_("This idempotency key was used for another request."), where="Idempotency-Key")
    if kept.status is None:
        raise AtWork(_at_work())
    if kept.sealed is None:
        raise Done(_("This was done. Its answer is no longer kept, since a customer was forgotten meanwhile."))
    named = keyfile.opened_by(_ANSWERS, _secret(request, given))
    told = orjson.loads(crypto.unseal(named, bytes(kept.sealed), _place(kept)))
    response = HttpResponse(told["body"].encode(), status=kept.status)
    del response["Content-Type"]
    for name, value in told["headers"].items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _at_work() -> str:
    return _(
        "The first request with this idempotency key has no answer yet. Look at the journal before you send it anew."
    )


def _fill(request: HttpRequest, row: KeptAnswer, response: HttpResponseBase, given: str) -> None:
    assert isinstance(response, HttpResponse)
    told: dict[str, Any] = {
        "body": response.content.decode(),
        "headers": {name: response[name] for name in _HEADERS if response.has_header(name)},
    }
    key = crypto.derive(keyfile.keys().fields, _ANSWERS, salt=_secret(request, given))
    row.status = response.status_code
    row.sealed = crypto.seal(crypto.key_id(key), key, orjson.dumps(told), _place(row))


def _secret(request: HttpRequest, given: str) -> bytes:
    """What only the caller knows, the text of the token and the idempotency key: it bends the house's key."""
    return hashlib.sha256(f"{request.headers.get('Authorization', '')}\n{given}".encode()).digest()


def _place(row: KeptAnswer) -> bytes:
    return f"{row.caller}|{row.key}|{row.asked}".encode()


def _caller(request: HttpRequest) -> str:
    actor = actor_of(request)
    return f"{actor.kind} {actor.id}"


def _asked(request: HttpRequest) -> str:
    """The digest of what is asked. A file's parts are digested one by one: their boundary differs each time."""
    if request.content_type == "multipart/form-data":
        parts = [f"{name}={value}".encode() for name in sorted(request.POST) for value in request.POST.getlist(name)]
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                parts += [f"{name}={file.name}".encode(), _file_digest(file)]
        body = b"\n".join(parts)
    else:
        body = request.body
    return _digest(f"{request.method} {request.get_full_path()}\n".encode() + body)


def _file_digest(file: Any) -> bytes:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def forget_old(at: datetime) -> int:
    """Removes answers kept for longer than two days; how many. Called by the clock."""
    return KeptAnswer.objects.filter(at__lte=at - KEPT_FOR).delete()[0]
