"""What a web worker holds in memory, against a worker of bare Django with ninja under the same server.

    python -m benchmarks.memory [20000] [--home FOLDER] [--bare-python PYTHON]

Both are granian's one worker, forked from a process that has everything loaded, after sixty pages. Measured is PSS: a
page of memory that two processes share counts half for each. With `--bare-python`, the python of another environment
that has Django, ninja, granian and django-allauth, the bare worker has allauth too.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.pages import signed_in
from benchmarks.register import register
from benchmarks.start import first_page, free_port, plan_for

BARE = """
import sys
import django
from django.conf import settings
apps = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
with_allauth = sys.argv[2] == "allauth"
more = ["allauth", "allauth.account", "allauth.mfa"] if with_allauth else []
middleware = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
              "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"]
middleware += ["allauth.account.middleware.AccountMiddleware"] if with_allauth else []
settings.configure(
    INSTALLED_APPS=["django.contrib." + app for app in apps] + more, SECRET_KEY="x", ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="__main__", MIDDLEWARE=middleware,
    MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
        "context_processors": ["django.template.context_processors.request"]}}])
django.setup()
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import get_resolver, include, path
from ninja import NinjaAPI
api = NinjaAPI()
@api.get("/rows")
def rows(request, size: int = 50) -> list[dict[str, int]]:
    return [{"number": each} for each in range(size)]
page = engines["django"].from_string("{% for each in rows %}<p>{{ each }}</p>{% endfor %}")
urlpatterns = [path("", lambda request: HttpResponse(page.render({"rows": range(50)}))), path("api/", api.urls)]
urlpatterns += [path("accounts/", include("allauth.urls"))] if with_allauth else []
application = get_wsgi_application()
get_resolver()._populate()
from granian.constants import Interfaces
from granian.server import Server
Server("x", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=1, blocking_threads=4,
       log_enabled=False).serve(target_loader=lambda: application, wrap_loader=False)
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--bare-python", default="")
    args = parser.parse_args()
    port = free_port()
    with register(args.count, home=args.home):
        cookie = signed_in(port)
        plan = json.dumps(plan_for(port))
        pages = ("/", "/customers/", f"/customers/{10001 + args.count // 2}/")
        ours = measured([sys.executable, "-m", "regulars.interfaces.server.web", plan], port, pages, cookie)
    port, kind = free_port(), "allauth" if args.bare_python else "plain"
    python = args.bare_python or sys.executable
    bare = measured([python, "-c", BARE, str(port), kind], port, ("/", "/api/rows"), "")
    more = ours - bare
    print(f"worker {ours:.1f} MB, bare Django with ninja ({kind}) {bare:.1f} MB: {more:.1f} MB more (goal 20)")
    return int(more > 20)


def measured(command: Sequence[str], port: int, pages: Sequence[str], cookie: str) -> float:
    """PSS in MB of the only worker of this server after twenty visits of each page."""
    server = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ)
    assert server.stdin
    server.stdin.write(b"go\n")
    server.stdin.flush()
    try:
        first_page(port, pages[0], server)
        for path in [*pages] * 20:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            asked.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
            answer = asked.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            asked.close()
        time.sleep(0.5)
        worker = int(subprocess.check_output(["pgrep", "-P", str(server.pid)]).split()[0])
        told = Path(f"/proc/{worker}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024
    finally:
        server.terminate()
        server.communicate()


if __name__ == "__main__":
    sys.exit(main())
