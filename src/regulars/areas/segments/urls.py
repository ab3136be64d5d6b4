from django.urls import path

from regulars.areas.segments import pages
from regulars.kernel.http import needs

urlpatterns = [
    path("customers/", needs("customers.view", pages.customers), name="customers"),
    path("customers/words/", needs("customers.view", pages.words), name="customers_words"),
    path("customers/builder/", needs("customers.view", pages.builder), name="customers_builder"),
    path("customers/columns/", needs("customers.view", pages.columns), name="customers_columns"),
    path("customers/compare/", needs("customers.view", pages.compare), name="compare"),
    path("customers/export/", needs("customers.export", pages.export), name="customers_export"),
    path("customers/export/agree/", needs("customers.export", pages.agree_to_export), name="customers_export_agree"),
    # which deeds, each asks for its own right
    path("customers/many/", needs("customers.view", pages.many), name="customers_many"),
    path("customers/many/<str:token>/", needs("customers.view", pages.many_done), name="customers_done"),
    path("customers/many/<str:token>/stop/", needs("customers.view", pages.many_stop), name="customers_stop"),
    path("customers/why/", needs("customers.view", pages.explain), name="customers_why"),
    path("completeness/", needs("customers.view", pages.gaps), name="completeness"),
    path("lists/", needs("segments.edit", pages.make), name="list_make"),
    # by `?name=`: in a path a name like `A/remove` or `..` would lead elsewhere
    path("lists/one/", needs("segments.edit", pages.fixed_list), name="fixed_list"),
    path("lists/remove/", needs("segments.edit", pages.remove_list), name="list_remove"),
    path("segments/", needs("customers.view", pages.segments), name="segments"),
    path("segments/save/", needs("segments.edit", pages.save), name="segment_save"),
    path("segments/rename/", needs("segments.edit", pages.rename), name="segment_rename"),
    path("segments/remove/", needs("segments.edit", pages.remove), name="segment_remove"),
]
