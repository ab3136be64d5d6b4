"""What `verify` looks at here: the newest copy must be readable and be the file that was checked when it was made."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from regulars.areas.safekeeping import queries
from regulars.kernel import crypto
from regulars.kernel.registries import Problem


def check() -> Iterator[Problem]:
    newest = next(iter(queries.versions()), None)
    if newest is None:
        return
    where = f"versions/{newest.file.name}"
    if crypto.sha256_of_file(newest.file).hex() != newest.sha256:
        yield Problem("file_differs", where, _("The newest copy is not the file that was made."))
    for found in queries.problems_of(newest):
        yield Problem("file_differs", where, _("The newest copy does not read whole: %(what)s"), {"what": found})
