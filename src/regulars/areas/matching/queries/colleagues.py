"""Who works together: two people at whose cards one workplace stands, or who share the telephone of one."""

from collections import defaultdict
from collections.abc import Collection

from regulars.areas.customers.models import ContactPoint, Customer, Employment
from regulars.kernel.text import fold

Workplace = tuple[str, str]  # what says it (firm, name, domain), and which
PROVIDERS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "gmx.de",
    "gmx.net", "web.de", "t-online.de", "mail.com", "aol.com", "proton.me", "protonmail.com", "posteo.de",
    "freenet.de", "mail.dk", "rediffmail.com", "mweb.co.za",
})  # fmt: skip


def domain_of(email: str) -> str:
    """The domain of an e-mail address that is its owner's; '' for one at a provider of mail."""
    domain = email.rpartition("@")[2]
    return "" if domain in PROVIDERS else domain


def workplaces(numbers: Collection[int]) -> dict[int, set[Workplace]]:
    """Where each of these people works, as far as the cards say: organisations, names of some, domains of e-mail."""
    found: dict[int, set[Workplace]] = defaultdict(set)
    jobs = Employment.objects.filter(customer__in=numbers, until_day=None)
    for number, firm in jobs.values_list("customer_id", "organisation_id"):
        found[number].add(("firm", str(firm)))
    named = Customer.objects.filter(number__in=numbers, kind="person").exclude(organisation_fold="")
    for number, name in named.values_list("number", "organisation_fold"):
        found[number].add(("name", name))
    emails = ContactPoint.objects.filter(customer__in=numbers, kind="email")
    for number, key in emails.values_list("customer_id", "key"):
        if domain := domain_of(key):
            found[number].add(("domain", domain))
    return found


def may_work_together(a: int, b: int) -> bool:
    """Whether two people of different names share a workplace or a telephone."""
    people = list(Customer.objects.filter(number__in=(a, b), kind="person", merged_into=None))
    if len(people) < 2 or len({(each.given_fold, each.family_fold) for each in people}) < 2:
        return False
    at = workplaces((a, b))
    phones = [set(_phones(number)) for number in (a, b)]
    return bool(at[a] & at[b] or phones[0] & phones[1])


def firm_of(one: Customer, other: Customer) -> int | str | None:
    """The organisation at which both work: its number, the name of one that has no card yet, None where nothing tells
    (they work at two, or no organisation is known)."""
    at = workplaces((one.number, other.number))
    both = at[one.number] & at[other.number]
    for told in (both, at[one.number] | at[other.number]):
        if firms := {int(which) for what, which in told if what == "firm"}:
            return firms.pop() if len(firms) == 1 else None
    names = list(dict.fromkeys(each.organisation_name for each in (one, other) if each.organisation_name))
    if names:
        return names[0] if len({fold(name) for name in names}) == 1 else None
    domains = {which for what, which in both if what == "domain"}
    shared = set(_phones(one.number)) & set(_phones(other.number))
    firms = _firms(kind="phone", key__in=shared)
    for domain in domains:
        firms |= _firms(kind="email", key__endswith=f"@{domain}")
    return firms.pop() if len(firms) == 1 else None


def _phones(number: int) -> list[str]:
    return list(ContactPoint.objects.filter(customer=number, kind="phone").values_list("key", flat=True))


def _firms(**having: object) -> set[int]:
    rows = ContactPoint.objects.filter(customer__kind="organisation", customer__merged_into=None, **having)
    return set(rows.values_list("customer_id", flat=True))
