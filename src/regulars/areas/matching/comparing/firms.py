"""What is left of an organisation's name without its legal form and the words that every name has."""

from functools import lru_cache

from regulars.kernel.spelling import plainest, words

# Legal forms and their parts in the house's languages, folded and without dots.
_FORMS = frozenset(
    """
    gmbh mbh ag kg kgaa ohg gbr ug eg ev ek partg partgmbb haftungsbeschrankt haftungsbeschrankung gesellschaft se
    ltd limited plc llp llc inc incorporated corp corporation co company lp pty proprietary cc npc soc pvt private
    as aps is ivs ks amba smba oy ab asa bv nv vof sa sarl sas srl spa sl kft sro doo zoo spzoo bros sons sohne
    """.split()  # noqa: SIM905 they are read as words
)
_SMALL = frozenset("und and the der die das et og en of von fur for i amp".split())  # noqa: SIM905


@lru_cache(50_000)
def firm_words(name: str) -> tuple[str, ...]:
    """`Müller & Söhne Bau GmbH & Co. KG` gives muller, bau; the whole name where nothing else is left."""
    found = [plainest(word) for word in words(name.replace(".", ""))]
    kept = tuple(word for word in found if word not in _FORMS and word not in _SMALL)
    return kept or tuple(found)
