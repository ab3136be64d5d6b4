"""A program that calls the API: a token of somebody in a role, JSON in and out."""

import json
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.areas.access.models import RIGHTS
from regulars.areas.access.queries import rights_to_give
from regulars.areas.access.tests.people import person, token_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

BASE = "/api/v1"


class Program:
    """A caller with a token of this role; with these rights, or all the role may give. `None`: without a token."""

    def __init__(self, role: str | None = "owner", *rights: str, name: str = "till") -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if role:
            given = rights or rights_to_give(person(role))
            assert set(given) <= set(RIGHTS)
            self.token, self.text = token_of(role, *given, name=f"{name} {len(given)}")
            self.headers["Authorization"] = f"Bearer {self.text}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> "Answer":
        """`body` is sent as JSON; bytes are sent as they are."""
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("Content-Type", "application/json")
        return self.client.generic(method, BASE + path, content, kind, headers={**self.headers, **sent})

    def get(self, path: str, **headers: str) -> "Answer":
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> "Answer":
        return self.call("DELETE", path, **headers)

    def upload(self, path: str, name: str, content: bytes, fields: dict[str, Any] | None = None, **headers: str) -> Any:
        sent = {each.replace("_", "-").title(): value for each, value in headers.items()}
        data = {"file": SimpleUploadedFile(name, content), **(fields or {})}
        return self.client.post(BASE + path, data, headers={**self.headers, **sent})

    @staticmethod
    def following(response: "Answer") -> str:
        """The path of the next page."""
        link, rel = response["Link"].split("; ")
        assert rel == 'rel="next"'
        return link.strip("<>").removeprefix(BASE)

    @staticmethod
    def refused(response: "Answer", status: int) -> dict[str, Any]:
        """The problem that was answered."""
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/problem+json"
        told: dict[str, Any] = json.loads(response.content)
        assert {"type", "title", "status", "detail", "code"} <= told.keys() and told["status"] == status
        return told
