"""Gender as it stands in lists: `weiblich`, `Mand`, `Mrs`, `Herr`, `पुरुष`, `f`."""

from regulars.kernel.text import fold
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal, short

_WORDS = {
    "female": (
        "female", "f", "w", "k", "v", "woman", "girl", "weiblich", "frau", "fr", "kvinde", "kvindelig", "vroulik",
        "vrou",
        "महिला", "स्त्री", "औरत", "femme", "mujer", "femenino",
    ),
    "male": (
        "male", "m", "man", "boy", "mannlich", "maennlich", "mann", "herr", "hr", "mand", "mandlig", "manlik",
        "पुरुष", "आदमी", "homme", "hombre", "masculino",
    ),
    "other": (
        "other", "o", "x", "d", "divers", "diverse", "non-binary", "nonbinary", "nichtbinar", "andet", "anden", "andre",
        "ander", "अन्य", "enby",
    ),
}  # fmt: skip
_UNKNOWN = (
    "",
    "unknown",
    "unbekannt",
    "ukendt",
    "onbekend",
    "अज्ञात",
    "u",
    "n",
    "?",
    "keine angabe",
    "not specified",
    "unspecified",
    "not given",
    "prefer not to say",
    "nicht angegeben",
    "ohne angabe",
    "ikke angivet",
    "ikke oplyst",
    "nie gespesifiseer nie",
    "अनिर्दिष्ट",
    "none",
)
_TITLES = {
    "female": ("mrs", "ms", "miss", "frau", "fr", "fru", "froken", "mev", "mevrou", "mej", "mejuffrou", "madam",
    "mme", "señora",
               "sra", "lady", "श्रीमती", "सुश्री", "smt", "kumari", "मिस"),
    "male": ("mr", "mister", "herr", "herrn", "hr", "mnr", "meneer", "sir", "monsieur", "señor", "sr", "lord",
    "श्री", "shri", "sri"),
}  # fmt: skip

_BY_WORD = {fold(word): gender for gender, words in _WORDS.items() for word in words}
_BY_TITLE = {fold(word): gender for gender, words in _TITLES.items() for word in words}
_ALONE = {word: gender for word, gender in _BY_WORD.items() if word not in _BY_TITLE and word not in ("mann", "man")}
_BY_WORD |= {word: gender for word, gender in _BY_TITLE.items() if word not in _BY_WORD}


def clean_gender(text: str) -> str | None:
    """`female`, `male`, `other`, or None where the list says that it is not known. Raises `Refused` for other words."""
    word = fold(text).strip(" .")
    if word in _BY_WORD:
        return _BY_WORD[word]
    if word in _UNKNOWN:
        return None
    raise refusal(
        _("“{text}” is not known as a gender. Write female, male or other, or leave it empty."), text=short(text)
    )


def gender_alone(text: str) -> str | None:
    """The gender of a word that says nothing else (`w`, `divers`), None for a form of address as well (`Frau`)."""
    return _ALONE.get(fold(text).strip(" ."))


def gender_of_title(title: str) -> str | None:
    """The gender that a form of address states (`Frau Dr.`), None where it states none (`Dr.`)."""
    for word in fold(title).replace(".", " ").split():
        if word in _BY_TITLE:
            return _BY_TITLE[word]
    return None
