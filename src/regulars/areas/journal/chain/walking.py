"""Walking the chain: are all links there, in order, unaltered, and does the file of signed heads agree?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_noop as _

from regulars.areas.journal import models
from regulars.areas.journal.chain import blocks, heads
from regulars.kernel import keyfile
from regulars.kernel.registries import Problem
from regulars.kernel.tables import moment

_NEARBY = 400
_COLUMNS = ("number", "changeset_id", "at", "digests", "digest")


@dataclass(frozen=True, slots=True)
class Seen:
    """A link without its block, as it stands in the database."""

    number: int
    changeset: int
    at: str
    digests: bytes
    digest: bytes

    def holds(self, *, before: bytes, number: int | None = None) -> bool:
        """Whether its digest is that of its content, standing after `before`, as link `number`."""
        return self.digest == blocks.link_digest(
            keyfile.keys().chain,
            before=before,
            number=self.number if number is None else number,
            changeset=self.changeset,
            at=self.at,
            digests=self.digests,
        )


def links(upto: int, *, start: int = 0) -> Iterator[Seen]:
    rows = models.Link.objects.filter(number__gt=start, number__lte=upto).order_by("number").values_list(*_COLUMNS)
    for number, changeset, at, digests, digest in rows.iterator(chunk_size=500):
        yield Seen(number, changeset, moment(at) if at else "", bytes(digests), bytes(digest))


def first_break(upto: int) -> Problem | None:
    """The first place at which the chain does not hold, and what was done to it there; None for a whole chain."""
    before = blocks.beginning(keyfile.keys().home)
    expected = 1
    for link in links(upto):
        if link.number != expected:
            return _problem("removed", expected, link.changeset, _("Link %(number)s is missing from the journal."))
        if not link.holds(before=before):
            return _named(link, before)
        before, expected = link.digest, expected + 1
    return None


def _named(link: Seen, before: bytes) -> Problem:
    """Tells an edit from a removal, an insertion and a reorder, by where the links after it would fit."""
    after = list(links(link.number + 2, start=link.number))
    if _belongs_elsewhere(link, before):
        return _problem("reordered", link.number, link.changeset, _("Link %(number)s stands in another's place."))
    if after and (after[0].holds(before=before, number=link.number) or after[0].holds(before=before)):
        return _problem("inserted", link.number, link.changeset, _("Link %(number)s was put into the journal."))
    if any(b.holds(before=a.digest, number=b.number + 1) for a, b in pairwise([link, *after])):
        return _problem("removed", link.number, link.changeset, _("A link before link %(number)s was taken out."))
    if link.number > (signed_links() or link.number):
        return _problem("inserted", link.number, link.changeset, _("Link %(number)s was put into the journal."))
    return _problem("edited", link.number, link.changeset, _("Link %(number)s is not what was written."))


def _belongs_elsewhere(link: Seen, before: bytes) -> bool:
    """Whether its content is that of another link nearby: it holds under that number, after that link's predecessor.

    Where two neighbours were exchanged, the predecessor's digest stands in the other's place, one further.
    """
    around = [n for n in range(max(1, link.number - _NEARBY), link.number + _NEARBY) if n != link.number]
    stored = dict(models.Link.objects.filter(number__in=around).values_list("number", "digest"))
    for number in around:
        candidates = (stored.get(number - 1), stored.get(number), before if number == link.number - 1 else None)
        copied = stored.get(number)
        if copied is not None and bytes(copied) == link.digest:
            return False
        if any(link.holds(before=bytes(d), number=number) for d in candidates if d is not None):
            return True
    return False


def _problem(kind: str, number: int, changeset: int | None, template: str) -> Problem:
    return Problem(kind, f"link {number}", template, {"number": number}, changeset)


def signed_links() -> int:
    """How many links the newest readable head states; 0 without any."""
    return max((head.links for head in heads.standing(heads.read()[0])[0]), default=0)


def common_links(upto: int) -> int:
    """Up to which link, by the heads that bind, the register that was signed is the one at hand; 0 for none of it."""
    binding = [head for head in heads.standing(heads.read()[0])[0] if head.links <= upto]
    for head in reversed(binding):
        digest = models.Link.objects.filter(pk=head.links).values_list("digest", flat=True).first()
        if digest is not None and bytes(digest).hex() == head.digest:
            return head.links
    return 0


def head_problems(upto: int) -> Iterator[Problem]:
    """What the signed heads say against the database: a tail cut off, an older database put back, another history."""
    known, unreadable = heads.read()
    for line in unreadable:
        yield Problem(
            "edited", f"heads line {line}", _("Line %(line)s of the signed heads is not ours."), {"line": line}
        )
    home = keyfile.keys().home
    stranger = next((head for head in known if head.home != home), None)
    if stranger is not None:
        yield Problem("edited", f"head {stranger.links}", _("A signed head belongs to another register."))
        return
    binding, misplaced = heads.standing(known)
    if misplaced is not None:
        yield Problem("edited", f"head {misplaced.links}", _("The signed heads go backwards: a line was moved."))
    newest = max(binding, key=lambda head: head.links, default=None)
    if newest is not None and newest.links > upto:
        yield _behind(newest, upto)
    digests = dict(
        models.Link.objects.filter(number__in=[head.links for head in binding][-2000:]).values_list("number", "digest")
    )
    for head in binding:
        if head.links in digests and bytes(digests[head.links]).hex() != head.digest:
            other = _("Link %(number)s is not the one that was signed.")
            yield Problem("edited", f"link {head.links}", other, {"number": head.links}, head.changeset)
            return


def _behind(head: heads.Head, upto: int) -> Problem:
    """Fewer links than were signed. If the counters know of more, the tail was cut; else an older file was put back."""
    counter = models.Counter.objects.filter(name="link").values_list("next", flat=True).first() or 1
    told: dict[str, str | int] = {"signed": head.links, "there": upto, "at": head.at}
    if counter > upto + 1:
        message = _("The journal ends at link %(there)s, but link %(signed)s was signed: its tail was cut off.")
        return Problem("truncated", f"link {upto + 1}", message, told, head.changeset)
    message = _("This is an older register: it ends at link %(there)s, but %(signed)s was signed on %(at)s.")
    return Problem("rolled_back", f"link {upto}", message, told, head.changeset)
