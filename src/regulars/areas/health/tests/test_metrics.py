"""What Prometheus reads: off by default, only for who brings the token, by route, with nobody's name in it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from regulars.areas.access.tests.people import browser_of
from regulars.areas.health import actions
from regulars.areas.health.tests.test_looking import found, keep
from regulars.kernel import metrics, places
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
TOKEN = "a-token-made-by-chance"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[None]:
    monkeypatch.setenv("REGULARS_METRICS_TOKEN", TOKEN)
    settings.MIDDLEWARE = ["regulars.kernel.metrics.Measured", *settings.MIDDLEWARE]
    metrics._meters.cache_clear()
    yield
    metrics._meters.cache_clear()


def read(text: str) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels."""
    families = text_string_to_metric_families(text)
    return {
        (each.name, *dict(sorted(each.labels.items())).values()): each.value
        for family in families
        for each in family.samples
    }


def test_it_is_off_unless_asked_for(client: Client) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404
    assert not places.spool().joinpath("metrics").exists()


@pytest.mark.usefixtures("on")
def test_only_who_brings_the_token_reads_it(client: Client) -> None:
    for given in ("", "Bearer another", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer"):
        answer = client.get("/metrics", headers={"Authorization": given})
        assert (answer.status_code, answer.content) == (401, b"") and "Bearer" in answer["WWW-Authenticate"]
    assert browser_of("owner").get("/metrics").status_code == 401  # an account is no token
    assert client.get("/metrics", headers=BEARER).status_code == 200


@pytest.mark.usefixtures("on")
def test_requests_are_counted_by_route() -> None:
    owner = browser_of("owner")
    for path in ("/customers/424242/", "/customers/424243/", "/join/secret-of-a-link/", "/nowhere/anna", "/health/"):
        owner.get(path)
    owner.generic("PROPFIND", "/")
    text = owner.get("/metrics", headers=BEARER).content.decode()
    told = read(text)
    assert told["regulars_requests_total", "GET", "customers/<int:number>/", "404"] == 2
    assert told["regulars_request_seconds_count", "GET", "customers/<int:number>/"] == 2
    assert told["regulars_requests_total", "GET", "none", "404"] == 1
    assert told["regulars_requests_total", "other", "none", "405"] == 1
    assert not re.search("424242|secret-of|anna|Olga|127\\.0", text)


@pytest.mark.usefixtures("on")
def test_the_house_tells_its_figures(client: Client) -> None:
    browser_of("owner")
    actions.look_after(at=found().at, background=True)
    keep(found(disk="full", newest="fresh"))
    told = read(client.get("/metrics", headers=BEARER).content.decode())
    names = {name for name, *_labels in told}
    assert names >= {
        "regulars_build_info", "regulars_disk_free_bytes", "regulars_disk_bytes", "regulars_sound_versions",
        "regulars_jobs", "regulars_jobs_stuck", "regulars_database_bytes", "regulars_chain_links",
        "regulars_background_age_seconds", "regulars_check",
    }  # fmt: skip
    assert told["regulars_check", "data.disk"] == 3 and told["regulars_check", "safekeeping.newest"] == 0
    assert told["regulars_jobs", "dead"] == 0 and told["regulars_chain_links",] >= 1
    assert told["regulars_database_bytes",] > 0


def test_a_token_easily_guessed_is_refused() -> None:
    assert metrics.token({}) == ""
    with pytest.raises(Refused, match="16 signs"):
        metrics.token({"REGULARS_METRICS_TOKEN": "short"})
