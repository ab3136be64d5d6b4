from django.utils.translation import gettext_lazy as _

from regulars.areas.access.models import Factor, Role
from regulars.areas.access.queries import names_of_users
from regulars.kernel.registries import Verb

_GIVEN = _("Rights are given, not restored: change them on the people page.")


def _role(word: str) -> str:
    return str(dict(Role.choices).get(word, word))


def _kind(word: str) -> str:
    return str(dict(Factor.Kind.choices).get(word, word))


def _never(name: str, sentence: object) -> Verb:
    """Taking back a deed needs the right to take back, not the right to give rights: so none of these is taken back."""
    said = {"role": _role, "before": _role, "kind": _kind}
    return Verb(name=name, sentence=sentence, undo="never", why_not=_GIVEN, said=said)  # type: ignore[arg-type]


# A history says whose token it is.
NAMING = {"access.User": names_of_users}

VERBS = [
    _never("access.house_founded", _("opened the house %(house)s")),
    _never("access.user_added", _("added %(user)s as %(role)s")),
    _never("access.role_changed", _("changed the role of %(user)s from %(before)s to %(role)s")),
    _never("access.charges_changed", _("changed for which customers %(user)s is responsible")),
    _never("access.account_ended", _("ended the account of %(user)s")),
    _never("access.account_reopened", _("reopened the account of %(user)s")),
    _never("access.reading_noticed", _("noticed that %(user)s read very many customers in a short time")),
    _never("access.reading_lifted", _("found it all right that %(user)s read so many customers")),
    _never("access.profile_changed", _("changed the own profile")),
    _never("access.password_set", _("chose a password by link")),
    _never("access.password_changed", _("changed the own password")),
    _never("access.factor_added", _("added a second factor: %(kind)s %(name)s")),
    _never("access.factor_removed", _("removed a second factor: %(kind)s %(name)s")),
    _never("access.factors_removed", _("removed the second factors of %(user)s")),
    _never("access.recovery_codes_made", _("made new recovery codes")),
    _never("access.token_made", _("made the token %(token)s")),
    _never("access.token_revoked", _("revoked the token %(token)s of %(user)s")),
]
