"""The settings of the rescue pages: the house without its rooms' pages, for when its database does not open.

Nothing here asks the database who somebody is: no sessions, no accounts, no notices.
"""

from copy import deepcopy

from regulars.project.settings import *  # noqa: F403
from regulars.project.settings import DATABASES as _DATABASES
from regulars.project.settings import MIDDLEWARE as _MIDDLEWARE
from regulars.project.settings import TEMPLATES as _TEMPLATES

_NEED_THE_DATABASE = frozenset(
    {
        "regulars.kernel.http.OneVocabulary",
        "regulars.areas.access.door.middleware.Door",
        "django.contrib.messages.middleware.MessageMiddleware",
    }
)
ROOT_URLCONF = "regulars.interfaces.rescue.urls"
MIDDLEWARE = [each for each in _MIDDLEWARE if each not in _NEED_THE_DATABASE]
TEMPLATES = deepcopy(_TEMPLATES)
TEMPLATES[0]["OPTIONS"]["context_processors"].remove("django.contrib.messages.context_processors.messages")
DATABASES = {name: {**each, "CONN_MAX_AGE": 0} for name, each in _DATABASES.items()}
