"""The web's door without a server: a request as WSGI hands it over, with all that Django does around one."""

import io
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

HOST = "localhost"


@cache
def application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call(
    token: str, method: str, path: str, body: bytes = b"", kind: str = "application/json", **headers: str
) -> Answer:
    """One request to the API; `path` is below `/api/v1` unless it begins with a word of its own (`/healthz`)."""
    where, _mark, query = (path if path.startswith("/healthz") else f"/api/v1{path}").partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": where, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": HOST, "SERVER_PORT": "80", "HTTP_HOST": HOST, "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {token}", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }  # fmt: skip
    began: list[Any] = []
    response = application()(environ, lambda status, given, *_rest: began.extend((int(status.split()[0]), dict(given))))
    try:
        content = b"".join(response)
    finally:
        response.close()
    return Answer(began[0], began[1], content)


def form(name: str, content: bytes, **fields: str) -> tuple[bytes, str]:
    """A file and fields as a browser sends them: (body, content type)."""
    bound = "b" * 24
    parts = [
        f'--{bound}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    head = f'--{bound}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    text = "".join(parts) + head + "Content-Type: application/octet-stream\r\n\r\n"
    return text.encode() + content + f"\r\n--{bound}--\r\n".encode(), f"multipart/form-data; boundary={bound}"
