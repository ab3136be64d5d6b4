"""What every answer carries and what a request may claim about itself."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from regulars.kernel.http import from_another_site

_BOUND = "__Host-"
Answer = Callable[[HttpRequest], HttpResponseBase]
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxies:
    """Takes the caller's address and scheme from forwarded headers of a trusted proxy, and drops all others.

    Only the last hop that is not itself trusted is believed, so a caller cannot choose his own address.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(each, strict=False) for each in settings.ENVIRONMENT.trusted_proxies]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        if self.trusts(meta.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            strangers = [hop for hop in hops if not self.trusts(hop)]
            if strangers:
                meta["REMOTE_ADDR"] = strangers[-1]
            if meta.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                request.environ["wsgi.url_scheme"] = meta["HTTP_X_FORWARDED_PROTO"]  # type: ignore[attr-defined]
        for name in _FORWARDED:
            meta.pop(name, None)
        return self.get_response(request)

    def trusts(self, address: str) -> bool:
        try:
            at = ip_address(address)
        except ValueError:
            return False
        return any(at in network for network in self.trusted)


class HostCookies:
    """Under https every cookie is a `__Host-` one: no other host or port of this name can set it for us. What is
    remembered for a browser (look, columns, cards opened last) is given and read by its plain name inside."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        secure = settings.SESSION_COOKIE_SECURE
        bound = {name: value for name, value in request.COOKIES.items() if name.startswith(_BOUND)}
        kept = {} if secure else request.COOKIES
        request.COOKIES = {**kept, **bound, **{name.removeprefix(_BOUND): value for name, value in bound.items()}}
        response = self.get_response(request)
        for name in [name for name in response.cookies if secure and not name.startswith(_BOUND)]:
            morsel = response.cookies.pop(name)
            morsel.set(_BOUND + name, morsel.value, morsel.coded_value)
            morsel.update({"path": "/", "secure": "yes", "domain": ""})
            response.cookies[morsel.key] = morsel
        return response


class BrowserRules:
    """Headers Django does not set: who may embed our answers, which device powers a page may ask for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Squeezed(GZipMiddleware):
    """A page goes out squeezed, by a length that wavers; not one that another site made this browser ask for: it could
    have its guess squeezed together with what the page tells, and learn from the length whether it was right."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page and not from_another_site(request) else response
