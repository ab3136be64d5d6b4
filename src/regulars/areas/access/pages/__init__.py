"""The pages: coming in and going out (`entrance`), one's own account (`account`), the people (`people`)."""

from django.http import HttpRequest
from django.utils import timezone

from regulars.areas.access.actions import prove
from regulars.areas.access.door import sessions
from regulars.areas.access.models import Session, User
from regulars.kernel.http import address_of


def seat_of(request: HttpRequest) -> Session:
    """The session of somebody signed in; behind `needs` there always is one."""
    seat: Session = request.seat  # type: ignore[attr-defined]
    return seat


def user_of(request: HttpRequest) -> User:
    """Who is signed in."""
    return seat_of(request).user


def prove_again(request: HttpRequest, password: str | None) -> None:
    """Checks one's own password, given once more; None where it was not asked. Raises Refused."""
    if password is None:
        return
    mark = sessions.cookie_of(request, "known")
    prove(
        user=user_of(request),
        session=seat_of(request),
        password=password,
        address=address_of(request),
        mark=mark,
        at=timezone.now(),
    )
