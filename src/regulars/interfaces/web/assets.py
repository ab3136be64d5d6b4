"""The bundled styles, scripts, fonts and icons: named by their content, kept in memory, cached for a year.

Served by the application itself, so that they carry the same headers as every answer and need no second server or
package; the whole bundle is well under a megabyte (docs/decisions/0031-own-assets.md).
"""

import gzip
import json
import mimetypes
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

DIST = Path(__file__).resolve().parent / "dist"
_SQUEEZABLE = (".css", ".js", ".svg", ".json", ".txt")


@cache
def names() -> dict[str, str]:
    """Each bundle's plain name and its name with the content's digest: `main.css` → `main-3F2A….css`."""
    manifest = DIST / "manifest.json"
    if not manifest.is_file():
        raise RuntimeError("The front end is not built. Build it with: uv sync --reinstall-package regulars")
    read: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return read


@cache
def address(name: str) -> str:
    """The path under which a bundle is served. An unknown name is an error, so that no page ships without its style."""
    return reverse("asset", args=[names()[name]])


@cache
def _content(name: str) -> tuple[bytes, bytes | None, str]:
    if name not in names().values():
        raise Http404
    plain = (DIST / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind += "; charset=utf-8" if name.endswith(_SQUEEZABLE) else ""
    return plain, gzip.compress(plain, 9, mtime=0) if name.endswith(_SQUEEZABLE) else None, kind


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One bundle, for a year: another content has another name."""
    plain, squeezed, kind = _content(name)
    wants = squeezed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(squeezed if wants else plain, content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if squeezed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if wants:
        response.headers["Content-Encoding"] = "gzip"
    return response
