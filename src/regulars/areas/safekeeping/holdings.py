"""What `verify` looks at here: the newest copy must be readable and be the file that was checked when it was made."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from regulars.areas.safekeeping import queries
from regulars.kernel import crypto
from regulars.kernel.registries import Problem, Store

STORES = [
    Store(
        name="safekeeping.versions",
        label=gettext_lazy("Older versions of the whole house"),
        on_forget="keep",
        why=gettext_lazy(
            "A version cannot be changed without losing its proof. Versions are kept for a year at most, and fewer the "
            "older they are. Sealed values cannot be read in them; one that is put back has this customer forgotten "
            "again."
        ),
        found=lambda _erasure: len(queries.versions()),
    ),
]  # fmt: skip


def check() -> Iterator[Problem]:
    newest = next(iter(queries.versions()), None)
    if newest is None:
        return
    where = f"versions/{newest.file.name}"
    if crypto.sha256_of_file(newest.file).hex() != newest.sha256:
        yield Problem("file_differs", where, _("The newest version is not the file that was made."))
    for found in queries.problems_of(newest):
        yield Problem("file_differs", where, _("The newest version does not read whole: %(what)s"), {"what": found})
