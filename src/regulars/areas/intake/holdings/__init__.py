"""What this room keeps of customers: files that came in. `verify` looks whether each lies in the home and is what was
handed over, or what was left of it when somebody was forgotten."""

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from regulars.areas.intake.holdings import forgetting
from regulars.areas.intake.models import Original
from regulars.areas.intake.readers import originals
from regulars.kernel.registries import Problem, Store

STORES = [
    Store(
        name=forgetting.STORE,
        label=gettext_lazy("Lists that were brought in, and what was refused of them"),
        on_forget="blank",
        why=gettext_lazy(
            "The rows of this customer are emptied; every other row stays as it came, since it proves what others "
            "agreed to. A workbook cannot be cut so and goes as a whole."
        ),
        found=forgetting.files_with,
        forget=forgetting.forget_in_files,
        let_go=forgetting.let_go_of_file,
    ),
]


class _Digest:
    """Takes the bytes, keeps none."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, part: bytes) -> None:
        self.digest.update(part)


def check() -> Iterator[Problem]:
    rows = Original.objects.values_list("sha256", "read_as")
    for sha256 in sorted({sha256 for sha256, read_as in rows if read_as.get("kept", True)}):
        where = f"originals/{sha256}"
        read = _Digest()
        try:
            originals.unseal(sha256, read)
        except FileNotFoundError:
            yield Problem("file_differs", where, _("The original of a file that came in is missing."))
            continue
        except (originals.Tampered, OSError):
            yield Problem("file_differs", where, _("The original of a file that came in cannot be opened."))
            continue
        if read.digest.hexdigest() != sha256:
            yield Problem("file_differs", where, _("The original of a file that came in is not what was handed over."))
