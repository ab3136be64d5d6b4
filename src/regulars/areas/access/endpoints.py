"""How a program says who it is: bearer tokens for the API.

`@router.get("/customers", auth=Bearer("customers.view"))`: the right stands beside the operation, as it does in a
route table, and the house test reads it there.
"""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from regulars.areas.access.queries import actor_of_token
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed
from regulars.kernel.http import NotSignedIn


class Bearer(HttpBearer):
    """Lets a token in that has the right. `request.auth` and `request.actor` become its `Actor`.

    Raises NotSignedIn (401) for a missing, unknown, revoked or expired token; NotAllowed (403) without the right.
    """

    def __init__(self, right: str) -> None:
        super().__init__()
        self.right = right

    def __call__(self, request: HttpRequest) -> Actor:
        found: Actor | None = super().__call__(request)
        if found is None:
            raise NotSignedIn(_("Send a token: Authorization: Bearer …"))
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = actor_of_token(token.strip(), at=timezone.now())
        if actor is None:
            raise NotSignedIn(
                _("This token is unknown, revoked or has expired. Make a new one on your account's page.")
            )
        if not actor.may(self.right):
            raise NotAllowed(_("This token may not do this."), right=self.right)
        request.actor = actor  # type: ignore[attr-defined]
        return actor
