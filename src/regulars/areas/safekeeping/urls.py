from django.urls import path

from regulars.areas.access.door.proof import proved
from regulars.areas.safekeeping import pages
from regulars.kernel.http import needs, open_to_all

RIGHT = "safekeeping.backup"

app_name = "safekeeping"
urlpatterns = [
    path("healthz", open_to_all(pages.healthz), name="healthz"),
    path("safekeeping/", needs(RIGHT, pages.versions), name="versions"),
    path("safekeeping/make/", needs(RIGHT, pages.make), name="make"),
    path("safekeeping/prove/<str:name>/", needs(RIGHT, pages.prove), name="prove"),
    path("safekeeping/drill/", needs(RIGHT, pages.drill), name="drill"),
    path("safekeeping/arrange/", needs(RIGHT, pages.arrange), name="arrange"),
    path("safekeeping/restore/", needs(RIGHT, pages.restore), name="restore"),
    path("safekeeping/going/", needs(RIGHT, pages.going), name="going"),
    path("safekeeping/keys/", needs("access.users", proved(pages.keys)), name="keys"),
    path("safekeeping/restore/<str:name>/", needs(RIGHT, proved(pages.restore_copy)), name="restore_copy"),
]
