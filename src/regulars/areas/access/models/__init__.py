"""Users, roles, tokens and second factors, which are journaled; and what must not be: hashes, secrets, sessions, tries.

The tables without a twin hold only digests and what passes (decision 34).
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.areas.access.models.rights import (
    ABOUT_RIGHTS,
    ABOUT_ROLE,
    RIGHTS,
    RIGHTS_OF,
    RIGHTS_WITHIN,
    Role,
    rights_in_words,
)
from regulars.areas.journal.models import JournaledRow
from regulars.kernel import saying
from regulars.kernel.text import fold

__all__ = [
    "ABOUT_RIGHTS",
    "ABOUT_ROLE",
    "RIGHTS",
    "RIGHTS_OF",
    "RIGHTS_WITHIN",
    "Charge",
    "Factor",
    "Noticed",
    "OneTimeCode",
    "OneTimeLink",
    "Passkey",
    "Password",
    "Reading",
    "RecoveryCode",
    "Role",
    "Session",
    "Step",
    "Theme",
    "Token",
    "TokenSecret",
    "Tries",
    "User",
    "rights_in_words",
]


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device says")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(JournaledRow):
    """Somebody with an account. Never removed, since the journal names users: `active` ends an account.

    `login` is an e-mail address or a name, unique in its folded form. `public` names the user in addresses.
    `password_set_at` is None until the invitation is taken up.
    """

    journal_subject = None
    journal_of_today = True
    journal_derived = ("login_folded",)
    journal_said = {"language": saying.language}

    login = models.CharField(max_length=254)
    login_folded = models.CharField(max_length=300, unique=True)
    public = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=Role.choices)
    language = models.CharField(max_length=10, default="en")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password_set_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        self.login_folded = fold(self.login)

    @property
    def is_authenticated(self) -> bool:
        """True: a visitor is no user at all (`request.user` is None)."""
        return True

    @property
    def rights(self) -> frozenset[str]:
        """What the role gives now; nothing once the account has ended."""
        return RIGHTS_OF[self.role] if self.active else frozenset()


class Charge(JournaledRow):
    """What a user is responsible for: a territory, or the code under which customers have her as representative.

    `fact` is the customer's fact of that name, `code` its value, written as on the cards.
    """

    class Fact(models.TextChoices):
        TERRITORY = "territory", _("Territory")
        REPRESENTATIVE = "representative", _("Representative")

    journal_subject = None
    journal_of_today = True

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="charges")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    code = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "fact", "code"], name="charge_once")]

    def __str__(self) -> str:
        return f"{self.fact} {self.code}"


class Password(models.Model):
    """The Argon2id hash of one user's password. It is in no journal: what is replaced is gone.

    `short` says that it is long enough only beside a second factor.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="password")
    hash = models.CharField(max_length=200)
    short = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"password of {self.user_id}"


class SessionSet(models.QuerySet["Session"]):
    def living(self, at: datetime) -> "SessionSet":
        return self.filter(ends_at__gt=at, idle_at__gt=at)


class Session(models.Model):
    """One browser that signed in. The cookie holds 256 random bits, the row only their SHA-256.

    It ends at `ends_at` however busy, at `idle_at` if nobody comes before. `notices` wait for the next page;
    `errand` names a page that this session alone may still see (the recovery sheet).
    """

    digest = models.CharField(max_length=64, primary_key=True)
    public = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proved_at = models.DateTimeField()
    idle_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=80, blank=True)
    notices = models.JSONField(default=list)
    errand = models.CharField(max_length=20, blank=True)

    objects = SessionSet.as_manager()

    def __str__(self) -> str:
        return f"{self.browser} of {self.user_id}"

    def lives(self, at: datetime) -> bool:
        return self.ends_at > at and self.idle_at > at


class FactorSet(models.QuerySet["Factor"]):
    def living(self) -> "FactorSet":
        return self.filter(removed_at=None)

    def second(self) -> "FactorSet":
        """Those that open the door beside the password; recovery codes only stand in for them."""
        return self.living().exclude(kind=Factor.Kind.RECOVERY)


class Factor(JournaledRow):
    """What somebody shows besides the password. Its secret stands in a table without a twin (decision 34)."""

    class Kind(models.TextChoices):
        PASSKEY = "passkey", _("Passkey")
        CODE = "code", _("One-time code")
        RECOVERY = "recovery", _("Recovery codes")

    journal_subject = None
    journal_of_today = True

    public = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: Any = FactorSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(removed_at=None) & ~Q(kind="passkey"),
                name="factor_of_a_kind_once",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Passkey(models.Model):
    """What checks a passkey: its number and public key, for one name of the house. Removing the factor deletes it.

    `digest` is the SHA-256 of the number, `counter` what the key last counted (0 where it does not count).
    """

    factor = models.OneToOneField(Factor, on_delete=models.CASCADE, primary_key=True, related_name="passkey")
    digest = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()
    place = models.CharField(max_length=253)
    counter = models.BigIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey of {self.factor_id}"


class OneTimeCode(models.Model):
    """The sealed secret of one-time codes, and the last half minute whose code was used: none works twice."""

    factor = models.OneToOneField(Factor, on_delete=models.CASCADE, primary_key=True, related_name="code")
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.factor_id}"


class RecoveryCode(models.Model):
    """The digest of one recovery code. Using the code deletes the row."""

    digest = models.CharField(max_length=64, primary_key=True)
    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="recovery")

    def __str__(self) -> str:
        return f"recovery code of {self.factor_id}"


class Step(models.Model):
    """Half way through the door: what this browser was asked and has not answered. Only its cookie finds it.

    `user` is None where a passkey alone will say who comes; `asked` is the question put to the passkey.
    """

    class Kind(models.TextChoices):
        SECOND = "second"  # the password was right, the second factor is missing
        ALONE = "alone"  # a passkey instead of name and password
        AGAIN = "again"  # somebody signed in proves that it is still she
        ADD = "add"  # somebody signed in adds a passkey

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="steps")
    asked = models.JSONField(default=dict)
    to = models.TextField(blank=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.kind


class TokenSet(models.QuerySet["Token"]):
    def living(self, at: datetime) -> "TokenSet":
        return self.filter(revoked_at=None, expires_at__gt=at)


class Token(JournaledRow):
    """A program's leave to act with some rights of its owner. `rights` are words with blanks between them."""

    journal_subject = None
    journal_of_today = True
    journal_said = {"rights": rights_in_words}

    public = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    rights = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: Any = TokenSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], condition=Q(revoked_at=None), name="token_named_once")
        ]

    def __str__(self) -> str:
        return self.name

    def scope(self) -> frozenset[str]:
        return frozenset(self.rights.split())

    @property
    def may(self) -> str:
        """Its rights in words."""
        return rights_in_words(self.rights)


class TokenSecret(models.Model):
    """SHA-256 of a token's 256 random bits, by which it is found. Revoking deletes it: nothing brings it back."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, primary_key=True, related_name="secret")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"secret of {self.token_id}"


class OneTimeLink(models.Model):
    """A link that lets somebody in once. Using it deletes the row. `user` is None for the first start."""

    class Purpose(models.TextChoices):
        FIRST = "first"
        JOIN = "join"  # choose a password: invitation, or forgotten password
        COME_IN = "come_in"  # sign in without a password: demo

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="links")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.purpose


class Reading(models.Model):
    """How many customers somebody read within one minute. Rows go after a day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="readings")
    minute = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "minute"], name="reading_of_a_minute_once")]

    def __str__(self) -> str:
        return f"{self.count}"


class Noticed(models.Model):
    """Somebody read very much in a short time; an owner who finds it all right takes the row away."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="noticed")
    at = models.DateTimeField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.count}"


class Tries(models.Model):
    """Failed tries in a row under one key: an account's name, an address with it, an address, a known browser.

    The key is an HMAC, so the table names nobody, whether or not the account exists.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.IntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count}"
