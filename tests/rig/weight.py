"""What a browser loads on its first visit of a page: the assets it names, and the fonts that its signs need."""

import re
from functools import cache

from django.test import Client

from regulars.interfaces.web import assets

_UNSEEN = re.compile(r"<(script|style|option|template)\b.*?</\1>|<[^>]*>", re.DOTALL)  # a closed list loads no font
_NAMED = re.compile(r"/static/([\w.-]+)")
_FACE = re.compile(r"@font-face\s*\{(.*?)\}", re.DOTALL)
_FILE, _FAMILY = re.compile(r"([\w.-]+\.woff2)"), re.compile(r"font-family:\s*[\"']?([^;\"'}]+)")
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)


def assets_of(page: str, *, device: bool = True) -> dict[str, int]:
    """Each asset of the page with its bytes as they are sent, to a device that has the letters it may have, or to one
    that has none."""
    names = {name for name in _NAMED.findall(page) if name in assets.names().values()}
    return {name: sent(name) for name in names | fonts_of(page, device=device)}


@cache
def sent(name: str) -> int:
    """The bytes of one asset as the house sends it to a browser that takes gzip."""
    return len(Client(SERVER_NAME="localhost").get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}).content)


def fonts_of(page: str, *, device: bool) -> set[str]:
    """The first face that has a sign of the page's text, for each of its signs; none where the device has its own."""
    needed = (
        next(((file, local) for file, local, has in _faces() if any(a <= ord(sign) <= b for a, b in has)), ("", True))
        for sign in set(_UNSEEN.sub("", page))
    )
    return {file for file, local in needed if file and not (local and device)}


@cache
def _faces() -> list[tuple[str, bool, list[tuple[int, int]]]]:
    """The faces of the style, the main family first, and what is declared last before what stands above it: each with
    its file, whether a font of the device comes first, and the signs it has."""
    style = (assets.DIST / assets.names()["main.css"]).read_text(encoding="utf-8")
    faces = []
    for face in reversed(_FACE.findall(style)):
        ranges = [(int(a, 16), int(b or a, 16)) for a, b in _RANGE.findall(face)]
        family, file = _FAMILY.search(face), _FILE.search(face)
        if family and file:
            faces.append((not family[1].startswith("Inter"), file[1], "local(" in face, ranges))
    return [(file, local, ranges) for _later, file, local, ranges in sorted(faces, key=lambda each: each[0])]
