from django.urls import path

from regulars.areas.health import pages
from regulars.kernel.http import needs, open_to_all

urlpatterns = [
    # Open: a watcher has no account; it brings a token of its own, and without that setting there is nothing here.
    path("metrics", open_to_all(pages.measures), name="metrics"),
    path("health/", needs("health.view", pages.health), name="health"),
    path("health/again/", needs("health.view", pages.look_again), name="health_again"),
    path("health/sheet/", needs("access.users", pages.sheet_printed), name="health_sheet"),
    path("health/jobs/<str:ticket>/again/", needs("house.settings", pages.job_again), name="health_job_again"),
    path("health/jobs/<str:ticket>/let-go/", needs("house.settings", pages.job_let_go), name="health_job_let_go"),
]
