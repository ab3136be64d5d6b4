from django.urls import path

from regulars.areas.matching import pages
from regulars.kernel.http import needs

app_name = "matching"
urlpatterns = [
    path("customers/<int:number>/merge/", needs("customers.merge", pages.whom), name="whom"),
    path("customers/<int:keep>/merge/<int:absorb>/", needs("customers.merge", pages.merge), name="merge"),
    path("merges/<int:changeset>/", needs("customers.merge", pages.apart), name="apart"),
]
