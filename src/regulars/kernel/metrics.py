"""What Prometheus reads at `/metrics`: off unless `REGULARS_METRICS_TOKEN` is set, and without anything personal.

Requests are counted by route as it is declared (`customers/<int:number>/`), never by address. Each web process counts
for itself in a file of the spool, so that one answer holds for all of them (prometheus-client's multiprocess mode).
Nothing of the library is loaded where it is off.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase

from regulars.kernel import places
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused
from regulars.kernel.logs import route_of

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SHORTEST = 16
_MANY_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure of this moment: its name, what it is, and its value for each set of labels."""

    name: str
    about: str
    values: tuple[tuple[Mapping[str, str], float], ...]


def token(given: Mapping[str, str] = os.environ) -> str:
    """What whoever reads the metrics must bring; '' where they are off. Raises `Refused` for a token easily guessed."""
    text = given.get("REGULARS_METRICS_TOKEN") or ""
    if text and len(text) < _SHORTEST:
        raise Refused(
            _("REGULARS_METRICS_TOKEN must have %(least)d signs at least, made by chance: openssl rand -hex 32")
            % {"least": _SHORTEST}
        )
    return text


def begin() -> None:
    """Before the web processes are forked: an empty folder in which each counts."""
    if not token():
        return
    folder = places.spool() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ[_MANY_PROCESSES] = str(places.folder(folder))


class Measured:
    """Middleware: counts each request by route, method and status, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.requests, self.seconds, _registry = _meters()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in _METHODS else "other"
        route = route_of(request) if request.resolver_match else "none"
        self.requests.labels(route, method, str(response.status_code)).inc()
        self.seconds.labels(route, method).observe(time.perf_counter() - began)
        return response


@cache
def _meters() -> "tuple[Counter, Histogram, CollectorRegistry]":
    from prometheus_client import CollectorRegistry, Counter, Histogram

    own = CollectorRegistry()
    requests = Counter("regulars_requests", "Requests answered.", ["route", "method", "status"], registry=own)
    seconds = Histogram(
        "regulars_request_seconds", "How long an answer took.", ["route", "method"], buckets=_BUCKETS, registry=own
    )
    return requests, seconds, own


def page(gauges: Iterable[Gauge]) -> bytes:
    """Everything in Prometheus' text format: what all web processes counted, and these figures."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    if _MANY_PROCESSES in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = _meters()[2]
    now = CollectorRegistry()
    now.register(_Now(tuple(gauges)))
    return generate_latest(counted) + generate_latest(now)


class _Now:
    def __init__(self, gauges: tuple[Gauge, ...]) -> None:
        self.gauges = gauges

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily

        for gauge in self.gauges:
            names = sorted({name for labels, _value in gauge.values for name in labels})
            family: Any = GaugeMetricFamily(gauge.name, gauge.about, labels=names)
            for labels, value in gauge.values:
                family.add_metric([labels[name] for name in names], value)
            yield family
