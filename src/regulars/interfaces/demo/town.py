"""Marrowbridge, a town that is on no map: its streets and villages, its organisations, its telephones."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

HOUSE = "Harbour Lights Books"
SETTINGS: dict[str, object] = {
    "name": HOUSE,
    "email": "hello@harbourlights.example",
    "phone": "+44 117 496 0100",
    "hours": ["", "09:30-18:00", "09:30-18:00", "09:30-18:00", "09:30-19:00", "09:30-17:00", ""],
    "country": "GB",
    "currency": "GBP",
    "time_zone": "Europe/London",
    "languages": ["en", "de", "da", "af", "hi"],
    "default_language": "en",
}
STREETS = (
    "Quay Street", "Lamplighter Lane", "Foundry Hill", "Chandler’s Row", "Old Ferry Road", "Bell Green", "Orchard Rise",
    "Saltmarsh Way", "Kingfisher Close", "Ropewalk", "Chapel Steps", "Weir Gardens", "Tanner’s Yard", "Heron Court",
    "Marrow Street", "St Wenna’s Terrace", "Lock Cottages", "Meadow Bank", "Cobbler’s Passage", "Station Parade",
)  # fmt: skip
# Village, its district's postcode, the territory of the shop's round.
PLACES = (
    ("Marrowbridge", "BS59 1", "town"), ("Marrowbridge", "BS59 2", "town"), ("Marrowbridge", "BS59 3", "harbour"),
    ("Upper Quilling", "BS59 4", "hills"), ("Ferrywell", "BS59 5", "harbour"), ("Nether Brindle", "BS59 6", "hills"),
    ("Oxmarsh", "BS59 7", "river"),
)  # fmt: skip
REPRESENTATIVES = {"town": "MP", "harbour": "JN", "hills": "IH", "river": "JN"}
ABROAD = {
    "de": ("DE", (("Flensburg", "24937"), ("Görlitz", "02826"), ("Lübeck", "23552")), ("Am Leuchtturm", "Büchergasse")),
    "da": ("DK", (("Ærøskøbing", "5970"), ("Ribe", "6760")), ("Fyrtårnsvej", "Bogtrykkerstræde")),
    "af": ("ZA", (("Stellenbosch", "7600"), ("Graaff-Reinet", "6280")), ("Vuurtoringstraat", "Boekwinkellaan")),
    "hi": ("IN", (("Jaipur", "302001"), ("Pune", "411001")), ("Deepstambh Marg", "Pustak Gali")),
}  # fmt: skip
INSTITUTIONS = (
    ("Marrowbridge Primary School", "school"), ("Marrowbridge Town Library", "library"),
    ("St Wenna’s College", "school"),
    ("The Ferryman Hotel", "hotel"), ("Quilling Reading Circle", "reading circle"), ("Lock Keeper’s Café", "trade"),
    ("Marrowbridge Museum", "library"), ("Bell Green Nursery", "school"), ("Oxmarsh Village Hall", "reading circle"),
    ("Weir Street Surgery", "trade"), ("Foundry Theatre", "library"), ("Severnside Rowing Club", "reading circle"),
)  # fmt: skip
TRADES = ("Bakery", "Bindery", "Cycles", "Joinery", "Gardens", "Opticians", "Pottery", "Studios", "Tea Room", "Toys")
JOBS = {
    "school": ("Teacher", "School librarian", "Head teacher", "Bursar"),
    "library": ("Librarian", "Acquisitions", "Events manager"),
    "hotel": ("Manager", "Concierge"),
    "reading circle": ("Chair", "Treasurer"),
    "trade": ("Owner", "Bookkeeper", "Assistant"),
}
_DRAMA = (
    "117496", "292018", "121496", "161496", "113496", "114496", "116496", "118496", "131496", "141496", "151496",
    "191498", "207946",
)  # fmt: skip
_DRAMA_GERMAN = ("4066969", "3023125", "2214710", "6990009", "8999998")
_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True, slots=True)
class Home:
    """An address in parts, with the territory it lies in."""

    street: str
    postcode: str
    city: str
    country: str
    territory: str


def home_in_town(rng: Random) -> Home:
    city, district, territory = PLACES[int(rng.random() ** 1.5 * len(PLACES))]
    code = district + "".join(rng.choice(_POSTCODE_LETTERS) for _letter in "ab")
    return Home(f"{rng.randint(1, 90)} {rng.choice(STREETS)}", code, city, "GB", territory)


def home_abroad(language: str, rng: Random) -> Home:
    """Where those live who found the shop on a holiday."""
    country, places, streets = ABROAD[language]
    city, code = rng.choice(places)
    street, house = rng.choice(streets), rng.randint(1, 60)
    return Home(f"{house} {street}" if country in ("ZA", "IN") else f"{street} {house}", code, city, country, "")


def phones(rng: Random) -> Iterator[str]:
    """Every British number that is kept free for drama and that can be told from a slip, each once."""
    for area in _DRAMA:
        yield from (f"+44 {area[:3]} {area[3:]} 0{last:03}" for last in _thousand(rng))


def german_phones(rng: Random) -> Iterator[str]:
    for area in _DRAMA_GERMAN:
        yield from (f"+49 {area}{last:03}" for last in _thousand(rng))


def _thousand(rng: Random) -> list[int]:
    return rng.sample(range(1000), 1000)
