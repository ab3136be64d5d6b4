from django.urls import path

from regulars.areas.consent import pages
from regulars.kernel.http import needs

app_name = "consent"
urlpatterns = [
    path("customers/<int:number>/consent/", needs("customers.edit", pages.answer), name="answer"),
]
