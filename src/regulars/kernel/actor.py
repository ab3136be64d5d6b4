"""Who acts, with which rights, through what. Every deed takes one as `by=`."""

from dataclasses import dataclass, field, replace

Own = tuple[tuple[str, tuple[str, ...]], ...]  # (("territory", ("north", "west")), ("representative", ("AN",)))


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. The journal keeps `kind`, `id`, `name`, `through` and `detail`; the rights are today's.

    `kind` is user, token, customer, job, operator (somebody at the shell) or system.
    `through` is page, api, command, file or job; `detail` is the route, command or file.
    `own` keeps to the customers of whom one of these facts has one of these values; None keeps to nobody: all are seen.
    `account` is the account behind a person or her program; `slowed`: it read very much and reads slowly for now.
    """

    kind: str
    name: str
    id: int | None = None
    rights: frozenset[str] = field(default=frozenset(), compare=False)
    through: str = "command"
    detail: str = ""
    own: Own | None = field(default=None, compare=False)
    account: int | None = field(default=None, compare=False)
    slowed: bool = field(default=False, compare=False)

    def may(self, right: str) -> bool:
        """Whether this actor holds the right; `*` holds every right."""
        return "*" in self.rights or right in self.rights

    def limited_to(self, rights: frozenset[str]) -> "Actor":
        """The same actor with no more than these of the rights."""
        return replace(self, rights=rights if "*" in self.rights else self.rights & rights)

    def coming(self, *, through: str, detail: str = "") -> "Actor":
        """The same actor, reaching us another way."""
        return replace(self, through=through, detail=detail)
