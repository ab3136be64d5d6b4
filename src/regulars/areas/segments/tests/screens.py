"""What a browser sends from the page that asks whether a deed on many is meant."""

import html
import re
from typing import Any


def asked(answer: Any) -> dict[str, list[str]]:
    page = answer.content.decode().partition('action="/customers/many/"')[2]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page):
        sent.setdefault(name, []).append(html.unescape(value))
    return sent
