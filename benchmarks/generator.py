# ruff: noqa: E501
"""Plausible customers, the same ones every time: `people(n)` as cards in the contract's JSON, `write_csv` as a file.

One seed, one list: the first 1,000 of a million are the thousand of a run of 1,000. Eight countries, long-tailed names,
four spellings of a phone, a quarter without phone, 8 % without e-mail, 12 % without birth date, 10 % organisations with
the rest partly employed there, tags, a few who want no mail. Phones and postcodes are valid in their country; e-mail
addresses lie under domains that are reserved for examples.

    python -m benchmarks.generator 100000 /tmp/customers.csv
"""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from regulars.interfaces.demo import worlds

HEADER = (
    "Customer ID", "Title", "First Name", "Last Name", "Company", "Job Title", "Gender", "Birthday", "Language", "Email",
    "Mobile", "Street", "Postcode", "City", "Region", "Country", "Tags", "Source", "Unsubscribed",
)  # fmt: skip
CARD = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """One country's names, places and numbers. `phones` are national significant numbers, `#` a digit."""

    code: str
    share: int
    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]
    fronts: tuple[str, ...]
    ends: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]  # city, region, postcode pattern
    calling: str
    trunk: str
    phones: tuple[str, ...]
    number_first: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LANDS = (
    Land(
        "US", 34, "en",
        _words("Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela Emma Nicole Helen Samantha"),
        _words("James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon"),
        _words("Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores"),
        _words("Ash Black Bridge Brook Cald Carl Clay Cole Corn Dal East Fair Ferg Gold Hall Hart Hays Hol Ken Lang Lind Mar Mill Nor Old Pem Rad Red Rich Rock Sand Shel Stan Stock Thorn Wald Wes Whit Win Wood"),
        _words("berry born brook burn bury by den dale field ford gate ham hurst ington ley land man mer more ner ridge shaw son ston ton ville ward way well wick worth"),
        _words("Main_St Oak_Ave Maple_St Cedar_Ln Pine_St Elm_St Washington_Ave Lake_Rd Hill_St Park_Ave Walnut_St Spring_St River_Rd Church_St Ridge_Rd"),
        (("New York", "NY", "100##"), ("Los Angeles", "CA", "900##"), ("Chicago", "IL", "606##"), ("Houston", "TX", "770##"), ("Phoenix", "AZ", "850##"), ("Seattle", "WA", "981##"), ("Denver", "CO", "802##"), ("Boston", "MA", "021##"), ("Atlanta", "GA", "303##"), ("Portland", "OR", "972##"), ("Springfield", "IL", "627##"), ("Madison", "WI", "537##")),
        "1", "", ("2125######", "2134######", "3126######", "7135######", "6027######", "2064######", "3037######", "6175######"), True,
    ),
    Land(
        "DE", 22, "de",
        worlds.GERMAN.women, worlds.GERMAN.men, worlds.GERMAN.family, worlds.GERMAN.fronts, worlds.GERMAN.ends,
        _words("Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Birkenweg Lindenstraße Kirchstraße Waldstraße Ringstraße Schillerstraße Goethestraße Amselweg Mühlenweg"),
        (("Berlin", "", "10###"), ("Hamburg", "", "20###"), ("München", "Bayern", "80###"), ("Köln", "Nordrhein-Westfalen", "50###"), ("Frankfurt am Main", "Hessen", "60###"), ("Stuttgart", "Baden-Württemberg", "70###"), ("Düsseldorf", "Nordrhein-Westfalen", "40###"), ("Leipzig", "Sachsen", "04###"), ("Flensburg", "Schleswig-Holstein", "249##"), ("Görlitz", "Sachsen", "028##")),
        "49", "0", ("151########", "160#######", "170#######", "171#######", "172#######", "176########", "30########", "40########"),
    ),
    Land(
        "GB", 12, "en",
        worlds.ENGLISH.women, worlds.ENGLISH.men, worlds.ENGLISH.family, worlds.ENGLISH.fronts, worlds.ENGLISH.ends,
        _words("High_Street Station_Road Church_Lane Victoria_Road Green_Lane Manor_Road Mill_Lane Kings_Road Queens_Road The_Avenue"),
        (("London", "", "N1 #AB"), ("Manchester", "", "M1 #AE"), ("Birmingham", "", "B1 #HQ"), ("Leeds", "", "LS1 #AA"), ("Glasgow", "", "G1 #QU"), ("Bristol", "", "BS1 #DJ"), ("Cardiff", "", "CF10 #AT"), ("York", "", "YO1 #QL")),
        "44", "0", ("7400######", "7500######", "7725######", "7850######", "7480######", "20794#####", "1614######"), True,
    ),
    Land(
        "DK", 9, "da",
        worlds.DANISH.women, worlds.DANISH.men, worlds.DANISH.family, worlds.DANISH.fronts, worlds.DANISH.ends,
        _words("Nørregade Vestergade Østergade Kirkevej Skolegade Algade Strandvejen Havnegade Møllevej Bakkevej"),
        (("København K", "", "10##"), ("Aarhus C", "", "8000"), ("Odense C", "", "5000"), ("Aalborg", "", "9000"), ("Esbjerg", "", "6700"), ("Ærøskøbing", "", "5970"), ("Roskilde", "", "4000"), ("Kolding", "", "6000")),
        "45", "", ("204#####", "214#####", "224#####", "315#####", "405#####", "514#####", "604#####"),
    ),
    Land(
        "ZA", 8, "af",
        worlds.AFRIKAANS.women, worlds.AFRIKAANS.men, worlds.AFRIKAANS.family, worlds.AFRIKAANS.fronts, worlds.AFRIKAANS.ends,
        _words("Kerkstraat Long_Street Voortrekkerweg Main_Road Hoofstraat Jan_Smuts_Avenue Loopstraat Beach_Road Nelson_Mandela_Drive Parkweg"),
        (("Cape Town", "Western Cape", "800#"), ("Johannesburg", "Gauteng", "200#"), ("Durban", "KwaZulu-Natal", "400#"), ("Pretoria", "Gauteng", "000#"), ("Bloemfontein", "Free State", "930#"), ("Stellenbosch", "Western Cape", "760#")),
        "27", "0", ("82#######", "83#######", "72#######", "73#######", "84#######", "214######"), True,
    ),
    Land(
        "IN", 8, "hi",
        worlds.HINDI.women, worlds.HINDI.men, worlds.HINDI.family, worlds.HINDI.fronts, worlds.HINDI.ends,
        _words("MG_Road Nehru_Street Gandhi_Marg Station_Road Temple_Street 1st_Main 3rd_Cross Ring_Road Lake_View_Road Park_Street"),
        (("Mumbai", "Maharashtra", "4000##"), ("Delhi", "Delhi", "1100##"), ("Bengaluru", "Karnataka", "5600##"), ("Chennai", "Tamil Nadu", "6000##"), ("Kolkata", "West Bengal", "7000##"), ("Jaipur", "Rajasthan", "3020##")),
        "91", "0", ("98########", "99########", "97########", "96########", "88########"), True,
    ),
    Land(
        "ES", 4, "es",
        _words("María Carmen Josefa Isabel Ana Laura Marta Lucía Cristina Pilar Elena Raquel Inés Begoña Núria"),
        _words("Antonio Manuel José Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Íñigo Álvaro Andrés"),
        _words("García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez"),
        _words("Agui Alba Barra Bena Cala Campo Casa Echa Ezque Fuen Goiko Ibar Lara Mendi Monte Oliva Peña Ribe Torre Villa"),
        _words("balde berri chea dá do gán garay goitia les llar mar nar neda ño rena ro rra sano te vides"),
        _words("Calle_Mayor Gran_Vía Calle_Real Avenida_de_la_Paz Calle_Nueva Plaza_de_España Calle_del_Sol Paseo_del_Prado"),
        (("Madrid", "Madrid", "280##"), ("Barcelona", "Barcelona", "080##"), ("Sevilla", "Sevilla", "410##"), ("València", "Valencia", "460##"), ("Cádiz", "Cádiz", "110##")),
        "34", "", ("612######", "622######", "633######", "644######", "655######"),
    ),
    Land(
        "FR", 3, "fr",
        _words("Marie Nathalie Isabelle Sylvie Catherine Françoise Hélène Zoé Chloé Léa Manon Éloïse"),
        _words("Jean Philippe Michel Alain Patrick Nicolas François Rémi Théo Loïc Hugo Étienne"),
        _words("Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Lefèvre François Mercier Dupont Garnier"),
        _words("Bel Beau Bois Char Clair Cour Fon Gran Haute Lan Mal Mont Pier Ro Saint Val Ville Ver Bru Cha"),
        _words("bert court don fontaine ier in ion let lier lin mont net ot pré rand reau ret sier teau vière"),
        _words("Rue_de_la_Paix Rue_Victor_Hugo Avenue_Foch Rue_du_Moulin Place_de_l'Église Rue_des_Écoles Boulevard_Voltaire"),
        (("Paris", "", "750##"), ("Lyon", "", "690##"), ("Marseille", "", "130##"), ("Orléans", "", "450##"), ("Nîmes", "", "300##")),
        "33", "0", ("612######", "623######", "634######", "645######", "678######"), True,
    ),
)  # fmt: skip

_TAGS = ("newsletter", "vip", "wholesale", "stammkunde", "online", "event 2025", "staff", "press")
_SOURCES = ("shop", "web", "fair", "friend", "flyer", "")
_DOMAINS = tuple(f"{name}.{end}" for name in ("mail", "post", "web", "inbox", "box", "letters", "home", "office")
                 for end in ("example.com", "example.org", "example.net", "example"))  # fmt: skip
_TITLES = ("", "", "", "", "", "", "", "", "Dr.", "Prof.")
_TRADES = ("Books", "Jewellers", "Travel", "Bakery", "Cycles", "Flowers", "Optics", "Tools", "Wines", "Toys")
_FORMS = {
    "US": "Inc",
    "DE": "GmbH",
    "GB": "Ltd",
    "DK": "ApS",
    "ZA": "(Pty) Ltd",
    "IN": "Pvt Ltd",
    "ES": "S.L.",
    "FR": "SARL",
}
_JOBS = ("Buyer", "Manager", "Owner", "Assistant", "Accountant", "Sales", "Engineer", "Director")
_SHARES = tuple(accumulate(land.share for land in LANDS))
_ASCII = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "é": "e", "è": "e", "ê": "e", "í": "i",
    "á": "a", "ó": "o", "ú": "u", "ñ": "n", "ë": "e", "ï": "i", "ı": "i", "'": "", " ": "-", "ç": "c", "à": "a", "ò": "o",
})  # fmt: skip


def rows(count: int, *, seed: int = 1) -> Iterator[CARD]:
    """`count` rows of text in the order of `HEADER`, as a shop's export would have them."""
    rng = random.Random(seed)
    for place in range(1, count + 1):
        yield _row(place, rng.random, rng.getrandbits)


def people(count: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """The same as cards in the contract's JSON, phones in E.164."""
    for row in rows(count, seed=seed):
        yield card_of(row)


def write_csv(path: Path, count: int, *, seed: int = 1) -> Path:
    """The same as a UTF-8 file with a header and commas."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, seed=seed))
    return path


def card_of(row: Sequence[str]) -> dict[str, Any]:
    """One row as a card of the contract's JSON: what an import should make of it, but for the unsubscribed."""
    (reference, title, given, family, company, job, gender, birth, language, email, mobile,
     street, postcode, city, region, country, tags, source, _no) = row  # fmt: skip
    land = next(each for each in LANDS if each.code == country)
    own = {"title": title, "given_name": given, "family_name": family, "gender": gender, "birth_date": birth,
           "language": language, "source": source}  # fmt: skip
    card: dict[str, Any] = {name: value for name, value in own.items() if value}
    if company and not given:
        card.update(organisation_name=company, kind="organisation")
    elif company:
        card["works_at"] = [{"organisation": company, **({"job_title": job} if job else {})}]
    card["references"] = [{"source": "generator", "value": reference}]
    if email:
        card["emails"] = [{"value": email}]
    if mobile:
        card["phones"] = [{"value": _e164(mobile, land)}]
    parts = {"street": street, "postcode": postcode, "city": city, "region": region, "country": country}
    card["addresses"] = [{name: value for name, value in parts.items() if value}]
    if tags:
        card["tags"] = tags.split(", ")
    return card


def _e164(text: str, land: Land) -> str:
    digits = "".join(ch for ch in text if ch.isdigit())
    if text.startswith("+"):
        return f"+{digits}"
    return f"+{land.calling}{digits.removeprefix(land.trunk)}"


def _row(place: int, random: Any, bits: Any) -> CARD:
    land = _land(random())
    company = random() < 0.1
    woman = random() < 0.52
    given = _tail(land.women if woman else land.men, random())
    family = _family(land, random)
    street = f"{land.streets[int(random() * len(land.streets))].replace('_', ' ')}"
    house = str(1 + int(random() * random() * 200))
    city, region, pattern = _tail(land.places, random())
    roll = bits(30)
    phone = _phone(land, roll, bits) if roll & 3 else ""
    tags = _tags(random())
    employer = "" if company or random() < 0.88 else _firm(land, int(random() * 900))
    name = _firm(land, 1000 + place) if company else employer
    return (
        f"C{place:07}",
        "" if company else _TITLES[int(random() * len(_TITLES))],
        "" if company else given,
        "" if company else family,
        name,
        _JOBS[int(random() * len(_JOBS))] if employer else "",
        "" if company or random() < 0.1 else "female" if woman else "male",
        "" if company or random() < 0.12 else _day(random),
        land.language,
        "" if random() < 0.08 else _email(given, family, place, random()),
        phone,
        f"{house} {street}" if land.number_first else f"{street} {house}",
        _filled(pattern, bits),
        city,
        region,
        land.code,
        tags,
        _SOURCES[int(random() * len(_SOURCES))],
        "yes" if random() < 0.06 else "",
    )


def _land(roll: float) -> Land:
    at = roll * _SHARES[-1]
    return next(land for land, upto in zip(LANDS, _SHARES, strict=True) if at < upto)


def _tail[T](choices: Sequence[T], roll: float) -> T:
    """One of the choices, the first much more often than the last."""
    return choices[int(roll * roll * len(choices))]


def _family(land: Land, random: Any) -> str:
    if random() < 0.55:
        return _tail(land.family, random())
    name = _tail(land.fronts, random()) + _tail(land.ends, random())
    return f"{name}-{_tail(land.family, random())}" if random() < 0.04 else name


def _firm(land: Land, number: int) -> str:
    family = land.family[number % len(land.family)]
    return f"{family} {_TRADES[number // 7 % len(_TRADES)]} {number // 70} {_FORMS[land.code]}"


def _day(random: Any) -> str:
    year = 1938 + int(random() * 69)
    return f"{year}-{1 + int(random() * 12):02}-{1 + int(random() * 28):02}"


def _email(given: str, family: str, place: int, roll: float) -> str:
    name = f"{given}.{family}{place}".lower().translate(_ASCII)
    bare = name if name.isascii() else name.encode("ascii", "ignore").decode()
    return f"{bare}@{_DOMAINS[int(roll * roll * len(_DOMAINS))]}"


def _phone(land: Land, roll: int, bits: Any) -> str:
    """One of four spellings: with the country's code, national, with blanks, with a slash."""
    national = _filled(land.phones[roll % len(land.phones)], bits)
    spelling = roll >> 3 & 3
    if spelling == 0 or land.code not in ("DE",):
        return f"+{land.calling} {national[:3]} {national[3:]}"
    if spelling == 1:
        return f"{land.trunk}{national}"
    if spelling == 2:
        return f"{land.trunk}{national[:3]} {national[3:6]} {national[6:]}"
    return f"{land.trunk}{national[:3]}/{national[3:]}"


def _filled(pattern: str, bits: Any) -> str:
    if "#" not in pattern:
        return pattern
    digits = bits(54)
    parts = []
    for ch in pattern:
        if ch == "#":
            digits, digit = divmod(digits, 10)
            parts.append("0123456789"[digit])
        else:
            parts.append(ch)
    return "".join(parts)


def _tags(roll: float) -> str:
    if roll > 0.5:
        return ""
    first = int(roll * 16)
    return f"{_TAGS[first]}, {_TAGS[(first + 3) % 8]}" if roll < 0.15 else _TAGS[first]


if __name__ == "__main__":
    write_csv(Path(sys.argv[2]), int(sys.argv[1]))
