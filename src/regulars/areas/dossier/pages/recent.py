"""Which cards somebody opened last in this browser: numbers alone, in a cookie that ends with the browser.

They break ties in search. The cookie names whose they are: whoever signs in next does not inherit them.
"""

from django.http import HttpRequest, HttpResponse

_COOKIE, _MOST = "opened", 20


def opened(request: HttpRequest) -> list[int]:
    """Numbers of cards, the latest first."""
    whose, _colon, numbers = request.COOKIES.get(_COOKIE, "").partition(":")
    if whose != _who(request):
        return []
    told = [each for each in numbers.split(".") if each.isascii() and each.isdigit() and len(each) < 16]
    return [int(each) for each in told[:_MOST]]


def remember(request: HttpRequest, response: HttpResponse, number: int) -> HttpResponse:
    """Notes that this card was opened."""
    numbers = [number, *(each for each in opened(request) if each != number)][:_MOST]
    told = f"{_who(request)}:{'.'.join(map(str, numbers))}"
    response.set_cookie(_COOKIE, told, path="/", secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


def _who(request: HttpRequest) -> str:
    return str(getattr(request.user, "public", ""))[:8]
