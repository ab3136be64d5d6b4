from django.urls import path

from regulars.areas.matching import pages
from regulars.kernel.http import needs

app_name = "matching"
urlpatterns = [
    path("duplicates/", needs("customers.view", pages.duplicates), name="duplicates"),
    path("duplicates/scan/", needs("customers.many", pages.scan), name="scan"),
    path("duplicates/<int:a>/<int:b>/", needs("customers.view", pages.pair), name="pair"),
    path("duplicates/<int:a>/<int:b>/reject/", needs("customers.edit", pages.reject), name="reject"),
    path("duplicates/<int:a>/<int:b>/later/", needs("customers.edit", pages.later), name="later"),
    path("duplicates/near/", needs("customers.view", pages.near), name="near"),
    path("duplicates/<int:a>/<int:b>/belong/", needs("customers.edit", pages.belong), name="belong"),
    path("duplicates/<int:a>/<int:b>/nothing/", needs("customers.edit", pages.apart_for_good), name="nothing"),
    path("duplicates/group/", needs("customers.view", pages.group), name="group"),
    path("customers/<int:number>/merge/", needs("customers.merge", pages.whom), name="whom"),
    path("customers/<int:keep>/merge/<int:absorb>/", needs("customers.merge", pages.merge), name="merge"),
    path("merges/", needs("customers.view", pages.merged), name="merged"),
    path("merges/<int:changeset>/", needs("customers.merge", pages.apart), name="apart"),
]
