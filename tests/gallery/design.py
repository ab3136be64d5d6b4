"""Serves the components on loopback without a database: `python3 run.py design [PORT]`, all of them at /design/."""

import os
import sys
from pathlib import Path
from wsgiref.simple_server import make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.gallery.urls"
settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "areas" not in each and ".auth." not in each]
django.setup()
port = int(sys.argv[1]) if len(sys.argv) > 1 else 8123
print(f"http://127.0.0.1:{port}/design/", flush=True)
make_server("127.0.0.1", port, get_wsgi_application()).serve_forever()
