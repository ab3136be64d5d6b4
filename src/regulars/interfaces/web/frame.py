"""What the frame around every page shows: who is signed in and where one can go."""

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    return {}
