"""What the operator chooses reaches the settings, and what cannot be is refused with the right form."""

import os
import subprocess
import sys

import pytest

from regulars.kernel.addresses import postgres
from regulars.kernel.errors import Refused
from regulars.project.environment import Environment


def test_a_database_address_with_everything():
    read = postgres("postgres://ann:s%2Fcret@db.example:6432/register?sslmode=verify-full")
    assert read == {
        "NAME": "register",
        "USER": "ann",
        "PASSWORD": "s/cret",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_a_socket_folder_stands_for_the_host():
    assert postgres("postgres://postgres@/regulars?host=/run/pg")["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgres://a@b", "regulars.db"])
def test_another_address_is_refused_with_its_form(url):
    with pytest.raises(Refused, match="postgres://user:password@host"):
        postgres(url)


def test_https_and_host_come_from_the_address_others_use():
    given = Environment.read({"REGULARS_BASE_URL": "https://register.example:8443/", "REGULARS_HOME": "/srv/house"})
    assert (given.https, given.host, given.base_url) == (True, "register.example", "https://register.example:8443")
    assert not Environment.read({"REGULARS_HOME": "/srv/house"}).https


def test_the_secret_lasts_as_long_as_the_keys():
    assert Environment.read().secret_keys() == Environment.read().secret_keys()


def test_without_keys_a_secret_is_made_and_no_file(tmp_path):
    given = Environment.read(
        {"REGULARS_HOME": str(tmp_path / "home"), "REGULARS_KEY_FILE": str(tmp_path / "none.json")}
    )
    assert given.secret_keys() != given.secret_keys()
    assert not list(tmp_path.iterdir())


@pytest.mark.both
def test_django_finds_nothing_to_warn_of_where_others_reach_us_by_https(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    env |= {"REGULARS_BASE_URL": "https://register.example", "REGULARS_HOME": str(tmp_path)}
    env["REGULARS_KEY_FILE"] = str(tmp_path / "keys.json")
    checklist = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(checklist, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_process_of_a_run_has_a_home_of_its_own():
    """Two workers in one home put each other's registers back, and away."""
    from django.conf import settings

    assert str(settings.HOME) == os.environ["REGULARS_HOME"]
