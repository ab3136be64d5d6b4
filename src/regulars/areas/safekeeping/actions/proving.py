"""Having a version proved by a child process, and writing its verdict into the slip."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.actions.making import prune_home
from regulars.areas.safekeeping.keeping import proving, slips
from regulars.areas.safekeeping.keeping.holding import Held
from regulars.areas.safekeeping.keeping.slips import Proof, Version
from regulars.areas.safekeeping.queries import PROVE, RIGHT, files_of, version_named, versions
from regulars.kernel import jobs, processes
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused

TRIES = 5  # after so many children that died without a verdict nobody tries again by itself
_SOME = frozenset({"hourly"})  # of these only the new rows are held against the chain


def ask_for_proof(*, name: str, by: Actor) -> jobs.JobView:
    """The job that proves a version again. Raises NotFound, NotAllowed."""
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not make versions."))
    version = version_named(name)
    slips.amend(version, tries=0)
    return jobs.enqueue(jobs.named(PROVE), key=f"{PROVE} {name}", name=name, again=True)


def prove_version(
    *, name: str, clock: Callable[[], datetime], whole: bool = True, meanwhile: Callable[[], object] = lambda: None
) -> Version:
    """Proves one version and writes the verdict into its slip; then those go that need not stay. Raises NotFound;
    `Refused` where the child ended without a verdict."""
    version = version_named(name)
    slips.amend(version, tries=version.tries + 1)
    try:
        verdict = processes.apart(
            proving.look_at, _claim(version, whole), memory=proving.MEMORY, meanwhile=meanwhile
        )  # fmt: skip
    except processes.ChildDied as died:
        raise Refused(
            _("The proof of %(name)s ended without a verdict (%(how)s). It is tried again by itself.")
            % {"name": name, "how": died}
        ) from died
    found = (verdict["kind"], verdict["changes"], verdict["seconds"], tuple(verdict["doubts"]))
    proof = Proof(clock(), not (verdict["problems"] or verdict["doubts"]), *found)
    proved = slips.amend(
        version, problems=verdict["problems"], checked=proof.ok, proof=proof.as_json(), **verdict["anew"]
    )
    prune_home(at=clock())
    return proved or version_named(name)


def unproved(*, at: datetime) -> list[Version]:
    """Versions that still wait for a verdict, newest first; not those at which it was given up."""
    return [each for each in versions() if each.proof is None and each.tries < TRIES]


def _claim(version: Version, whole: bool) -> proving.Claim:
    held = Held(version.link, version.digest, version.customers, version.links)
    before = (each for each in versions() if each.proved and each.proof and each.proof.kind == "whole")
    upto = next((each for each in before if each.link < version.link), None)
    from_ = (upto.link, upto.digest) if upto and not whole and version.why in _SOME else (0, "")
    database = str(connection.settings_dict["NAME"])
    return proving.Claim(version.file, version.sha256, held, tuple(files_of(version)), from_, database)
