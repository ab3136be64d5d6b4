"""How a room declares a route of the API: method, path, right, what it takes and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import HttpResponseBase

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Endpoint = Callable[..., HttpResponseBase]
Gives = Mapping[int, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One method on one path.

    `right` is what the token needs (`signed in`: any token will do; `open`: none), `also` further rights. `gives` maps
    a status to the shape of the answer, None for an empty one; `refuses` names the statuses of refusals beyond those
    every route has. `long` marks a deed in many transactions. `extra` goes into the OpenAPI document as it is.
    `largest` is the longest body in bytes; `file` marks one that is sent as multipart/form-data.
    """

    method: Method
    path: str
    view: Endpoint
    right: str
    tag: str
    gives: Gives
    also: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()
    long: bool = False
    largest: int = 1 << 20
    file: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The operation's name, unique over the house: the function's."""
        return self.view.__name__


class Routes:
    """The routes of one room under one heading of the documentation."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.declared: list[Route] = []

    def _declare(self, method: Method, path: str, **told: Any) -> Callable[[Endpoint], Endpoint]:
        def take(view: Endpoint) -> Endpoint:
            self.declared.append(Route(method=method, path=path, view=view, tag=self.tag, **told))
            return view

        return take

    def get(self, path: str, *, right: str, gives: Any, **told: Any) -> Callable[[Endpoint], Endpoint]:
        return self._declare("GET", path, right=right, gives=_by_status(gives), **told)

    def post(self, path: str, *, right: str, gives: Any, **told: Any) -> Callable[[Endpoint], Endpoint]:
        return self._declare("POST", path, right=right, gives=_by_status(gives), **told)

    def put(self, path: str, *, right: str, gives: Any, **told: Any) -> Callable[[Endpoint], Endpoint]:
        return self._declare("PUT", path, right=right, gives=_by_status(gives), **told)

    def patch(self, path: str, *, right: str, gives: Any, **told: Any) -> Callable[[Endpoint], Endpoint]:
        return self._declare("PATCH", path, right=right, gives=_by_status(gives), **told)

    def delete(self, path: str, *, right: str, gives: Any, **told: Any) -> Callable[[Endpoint], Endpoint]:
        return self._declare("DELETE", path, right=right, gives=_by_status(gives), **told)


def _by_status(gives: Any) -> Gives:
    return gives if isinstance(gives, Mapping) else {200: gives}
