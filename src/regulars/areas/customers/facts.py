"""What can be asked of a customer's own card. One line here, and it stands in criteria, list, export, import, API, map.

To add a fact: declare it below (and its column in `models.py`, with the migration, where it is new). Nothing else.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from regulars.areas.customers import models, queries
from regulars.areas.journal.queries import as_of, looking_back
from regulars.kernel.prepared import Prepared
from regulars.kernel.registries import Column, Fact, FactType, Group, Member, Present, Several

SERVE = _("to serve the customer and greet her rightly")
REACH = _("to reach the customer")
KNOW = _("to know what suits the customer")
ORIGIN = _("to know where customers come from and whom to thank")
HOUSE = _("to keep the register in order")
PROVE = _("to prove who the customer is, where the law asks for it")
TELL = _("to tell people that they are on file, as the law asks")
PAY = _("to pay and to be paid")

GROUPS = [
    Group(
        name="emails",
        label=_("E-mail"),
        model="customers.ContactPoint",
        where=(("kind", "email"),),
        identity=("value",),
    ),
    Group(
        name="phones", label=_("Phone"), model="customers.ContactPoint", where=(("kind", "phone"),), identity=("value",)
    ),
    Group(
        name="addresses",
        label=_("Address"),
        model="customers.Address",
        identity=("street", "street2", "postcode", "city", "region", "country"),
    ),
    Group(
        name="works_at",
        label=_("Works at"),
        model="customers.Employment",
        identity=("organisation",),
        bare="organisation",
    ),
    Group(name="identity_numbers", label=_("Identity numbers"), model="customers.IdentityNumber", identity=("value",)),
    Group(name="bank_accounts", label=_("Bank accounts"), model="customers.BankAccount", identity=("iban", "number")),
    Group(name="social", label=_("Social networks"), model="customers.SocialHandle", identity=("network", "handle")),
    Group(name="tags", label=_("Tags"), model="customers.Tag", identity=("tag",), plain="tag"),
    Group(name="references", label=_("References"), model="customers.Reference", identity=("source", "value")),
    Group(
        name="notes",
        label=_("Notes"),
        model="customers.Note",
        identity=("kind", "day", "text"),
        bare="text",
        kind="note",
    ),
    Group(name="households", label=_("Households"), model="customers.HouseholdMember", identity=("name",), bare="name"),
    Group(name="relations", label=_("Relations"), model="customers.Relation", identity=("number", "kind")),
    Group(name="files", label=_("Files"), model="customers.Attachment", identity=("sha256",)),
    Group(name="custom", label=_("Further facts"), model="customers.CustomValue", identity=("field",)),
]


def _headers(more: dict[str, Any]) -> dict[str, Any]:
    """Header spellings are written `First Name|Vorname|…`: English, German, Danish, Afrikaans, Hindi."""
    return {**more, "headers": tuple(filter(None, str(more.get("headers", "")).split("|")))}


def _own(name: str, type: Any, label: Any, purpose: Any, *, folded: str | None = None, **more: Any) -> Fact:
    return Fact(
        name=name,
        type=type,
        label=label,
        purpose=purpose,
        source=Column(more.pop("column", name), folded),
        **_headers(more),
    )


def _of(name: str, group: str, column: str, type: Any, label: Any, purpose: Any, **more: Any) -> Fact:
    source = Member(
        group, column, more.pop("folded", None), more.pop("where", ()), more.pop("via", None), more.pop("of", None)
    )
    return Fact(
        name=name,
        type=type,
        label=label,
        purpose=purpose,
        source=source,
        member=more.pop("member", column),
        **_headers(more),
    )


# fmt: off
_NAME = [
    _own("number", "number", _("Number"), HOUSE, writable=False),
    Fact(
        name="name",
        type="text",
        label=_("Name"),
        purpose=SERVE,
        writable=False,
        source=Several(("given_name", "family_name", "middle_name", "called_name", "organisation_name")),
    ),
    _own("kind", "code", _("Kind"), HOUSE, choices=models.KINDS),
    _own("title", "text", _("Title"), SERVE, headers="Name Prefix|Anrede|Titel|Salutation|Tiltale|शीर्षक"),
    _own("given_name", "text", _("Given name"), SERVE, folded="given_fold",
         headers="First Name|Firstname|Vorname|Rufname|Fornavn|Voornaam|Naam|पहला नाम|नाम"),
    _own("middle_name", "text", _("Middle name"), SERVE,
         headers="Additional Name|Zweiter Vorname|Weitere Vornamen|Mellemnavn|Middelnaam|मध्य नाम"),
    _own("family_name", "text", _("Family name"), SERVE, folded="family_fold",
         headers="Last Name|Lastname|Surname|Nachname|Familienname|Zuname|Efternavn|Van|Familienaam|उपनाम|कुलनाम"),
    _own("suffix", "text", _("Suffix"), SERVE, headers="Name Suffix|Namenszusatz|Suffiks|Agtervoegsel|प्रत्यय"),
    _own("called_name", "text", _("Called"), SERVE,
         headers="Nickname|Spitzname|Kaldenavn|Kælenavn|Noemnaam|Bynaam|उपनाम (घरेलू)"),
    _own("name_spoken", "text", _("How the name is spoken"), SERVE,
         headers="Phonetic Name|Aussprache|Udtale|Uitspraak|उच्चारण"),
    _own("form_of_address", "code", _("Form of address"), SERVE, choices=(("formal", _("Formal")), ("familiar",
         _("Familiar"))),
         headers="Anredeform|Tiltaleform|Aanspreekvorm"),
    _own("organisation_name", "text", _("Organisation"), SERVE, folded="organisation_fold",
         headers="Company|Company Name|Organization|Firma|Firmenname|Organisation|Virksomhed|Maatskappy|"
                 "Organisasie|कंपनी|संगठन"),
    _own("greeting", "text", _("Greeting"), SERVE, headers="Briefanrede|Hilsen|Groet|Aanhef|अभिवादन"),
]

_PERSON = [
    _own("birth_date", "birthday", _("Birth date"), SERVE, basis="consent", protection="masked",
         headers="Birthday|Date of birth|DOB|Geburtsdatum|Geburtstag|Fødselsdag|Fødselsdato|Geboortedatum|"
                 "Verjaarsdag|जन्म तिथि|जन्मदिन"),
    _own("birthday", "birthday", _("Birthday"), SERVE, basis="consent", column="birth_day", writable=False,
         listed=False),
    _own("age", "number", _("Age"), KNOW, basis="consent", headers="Alter|Alder|Ouderdom|आयु|उम्र"),
    _own("age_band", "text", _("Age band"), KNOW, basis="consent",
         headers="Altersgruppe|Aldersgruppe|Ouderdomsgroep|आयु वर्ग"),
    _own("gender", "code", _("Gender"), SERVE, basis="consent", choices=models.GENDERS,
         headers="Sex|Geschlecht|Køn|Geslag|लिंग"),
    _own("language", "language", _("Language"), SERVE, headers="Sprache|Sprog|Taal|भाषा|Locale"),
    _own("preferred_channel", "code", _("Preferred channel"), REACH, choices=(("email", _("E-mail")), ("phone",
         _("Phone")), ("post", _("Post")), ("sms", _("SMS")), ("visit", _("Visit"))),
         headers="Bevorzugter Kanal|Foretrukken kanal|Voorkeurkanaal"),
    _own("preferred_hours", "text", _("Preferred hours"), REACH, headers="Erreichbar|Træffetid|Beste tyd"),
    _own("time_zone", "text", _("Time zone"), REACH, headers="Timezone|Zeitzone|Tidszone|Tydsone|समय क्षेत्र"),
    _own("income_range", "text", _("Income range"), KNOW, basis="consent", protection="masked",
         headers="Einkommen|Indkomst|Inkomste|आय"),
    _own("children", "number", _("Children"), KNOW, basis="consent", headers="Kinder|Børn|Kinders|बच्चे"),
    _own("education", "text", _("Education"), KNOW, basis="consent",
         headers="Bildung|Ausbildung|Uddannelse|Opleiding|शिक्षा"),
    _own("occupation", "text", _("Occupation"), KNOW, basis="consent",
         headers="Profession|Beruf|Erhverv|Beroep|व्यवसाय|पेशा"),
]

_ORIGIN = [
    _own("source", "text", _("Came from"), ORIGIN, basis="legitimate_interest",
         headers="Lead Source|Quelle|Herkunft|Kilde|Bron|स्रोत"),
    _own("reason_chosen", "text", _("Why us"), ORIGIN, basis="legitimate_interest",
         headers="Warum wir|Hvorfor os|Hoekom ons"),
    _own("referred_by", "customer", _("Referred by"), ORIGIN, basis="legitimate_interest", column="referred_by_id",
         headers="Empfohlen von|Geworben von|Anbefalet af|Verwys deur"),
    _own("territory", "code", _("Territory"), HOUSE, headers="Gebiet|Område|Gebied|क्षेत्र"),
    _own("representative", "code", _("Representative"), HOUSE,
         headers="Betreuer|Vertreter|Sælger|Verteenwoordiger|Contact owner|प्रतिनिधि"),
    _own("how", "code", _("How we have it"), HOUSE, choices=models.HOWS,
         headers="Datenquelle|Datenherkunft|Datakilde|Databron"),
    _own("tell_by", "date", _("To be told by"), TELL, basis="legal_duty",
         help=_("Whose data came from somebody else is to be told within a month that she is on file (GDPR Art. 14).")),
    _own("told_on", "date", _("Told on"), TELL, basis="legal_duty",
         help=_("The day on which she was told that she is on file, and where we have it from.")),
    _own("confirmed", "date", _("Contact details last confirmed"), REACH, column="confirmed_on",
         help=_("The day on which phone, e-mail and address were last found to be still right.")),
    _own("merged_into", "customer", _("Merged into"), HOUSE, column="merged_into_id", writable=False),
    _own("created_at", "moment", _("Date of entry"), HOUSE, writable=False),
    _own("updated_at", "moment", _("Last change"), HOUSE, writable=False),
]

_REACH = [
    _of("email", "emails", "value", "email", _("E-mail"), REACH, folded="key",
         headers="E-mail Address|Email Address|Mail|E-Mail-Adresse|E-mailadresse|E-posadres|ईमेल"),
    _of("email_label", "emails", "label", "text", _("E-mail label"), REACH, member="label", listed=False,
         words=models.LABELS),
    _of("phone", "phones", "value", "phone", _("Phone"), REACH, folded="key",
         headers="Telephone|Mobile|Phone Number|Telefon|Telefonnummer|Handy|Mobil|Mobilnummer|Tlf|Foon|"
                 "Selfoon|Telefoon|फ़ोन|मोबाइल|दूरभाष"),
    _of("phone_label", "phones", "label", "text", _("Phone label"), REACH, member="label", listed=False,
         words=models.LABELS),
    _of("street", "addresses", "street", "text", _("Street"), REACH,
         headers="Address|Address 1|Street Address|Straße|Strasse|Anschrift|Adresse|Vej|Gade|Straat|Adres|पता|सड़क"),
    _of("street2", "addresses", "street2", "text", _("Address line 2"), REACH,
         headers="Address 2|Adresszusatz|Adresse 2|Adreslyn 2|पता 2"),
    _of("postcode", "addresses", "postcode", "text", _("Postcode"), REACH, folded="postcode_fold",
         headers="Zip|Zip Code|Postal Code|PLZ|Postleitzahl|Postnummer|Postnr|Poskode|पिन कोड|पिन"),
    _of("city", "addresses", "city", "text", _("City"), REACH, folded="city_fold",
         headers="Town|Ort|Stadt|Wohnort|By|Bynavn|Stad|Dorp|शहर|नगर"),
    _of("region", "addresses", "region", "text", _("Region"), REACH, folded="region_fold",
         headers="State|Province|County|Bundesland|Provinz|Provinsie|राज्य"),
    _of("country", "addresses", "country", "country", _("Country"), REACH, headers="Land|देश|Country Code"),
    _of("address_label", "addresses", "label", "text", _("Address label"), REACH, member="label", listed=False,
         words=models.LABELS),
    _of("address_from", "addresses", "valid_from", "date", _("Address valid from"), REACH, listed=False),
    _of("address_to", "addresses", "valid_to", "date", _("Address valid to"), REACH, listed=False),
    _of("works_at.organisation_name", "works_at", "organisation_name", "text", _("Works at"), SERVE,
         member="organisation", folded="organisation_fold", via="organisation_id", of="customers.Customer",
         headers="Arbeitgeber|Employer|Arbejdsgiver|Werkgewer"),
    _of("works_at.job_title", "works_at", "job_title", "text", _("Job title"), SERVE,
         headers="Job Title|Position|Funktion|Stilling|Jobtitel|Postitel|पद"),
    _of("works_at.department", "works_at", "department", "text", _("Department"), SERVE,
         headers="Abteilung|Afdeling|विभाग"),
    _of("works_at.from", "works_at", "since", "date", _("Works there since"), SERVE, member="from", listed=False),
    _of("works_at.to", "works_at", "until_day", "date", _("Works there until"), SERVE, member="to", listed=False),
    _of("social.network", "social", "network", "text", _("Social network"), REACH, basis="legitimate_interest"),
    _of("social.handle", "social", "handle", "text", _("Handle"), REACH, basis="legitimate_interest",
         headers="Twitter|Instagram|Facebook"),
    _of("followers", "social", "followers", "number", _("Followers"), KNOW, basis="legitimate_interest"),
    _of("influence", "social", "influence", "text", _("Influence"), KNOW, basis="legitimate_interest"),
]

_KNOW = [
    _of("tag", "tags", "tag", "text", _("Tag"), KNOW, folded="key", basis="legitimate_interest",
         headers="Tags|Labels|Categories|Group Membership|Schlagwort|Kategorien|Gruppe|Etiket|Kategorie|टैग"),
    _of("note", "notes", "text", "text", _("Note"), SERVE, basis="legitimate_interest", protection="open",
         headers="Notes|Remarks|Comments|Notizen|Bemerkung|Noter|Bemærkning|Notas|टिप्पणी"),
    _of("note.kind", "notes", "kind", "code", _("Kind of note"), SERVE, choices=models.Note.KINDS, listed=False),
    _of("note.day", "notes", "day", "date", _("Day of the note"), SERVE, listed=False, member="day"),
    _of("reference", "references", "value", "text", _("Reference"), HOUSE,
         headers="Customer ID|Customer No|ID|Kundennummer|Kundennr.|Kunden-Nr|Kundenr|Kundenummer|"
                 "Kliëntnommer|ग्राहक संख्या"),
    _of("reference.source", "references", "source", "text", _("Source of the reference"), HOUSE, listed=False),
    _of("household", "households", "name", "text", _("Household"), SERVE, member="name", via="household_id",
         of="customers.Household"),
    _of("household.role", "households", "role", "text", _("Role in the household"), SERVE, listed=False),
    _of("household.from", "households", "since", "date", _("In the household since"), SERVE, member="from",
         listed=False),
    _of("household.to", "households", "until_day", "date", _("In the household until"), SERVE, member="to",
         listed=False),
    _of("relation", "relations", "kind", "code", _("Relation"), SERVE, choices=models.Relation.KINDS),
    _of("relation.number", "relations", "other_id", "customer", _("Related to"), SERVE, member="number"),
    _of("relation.from", "relations", "since", "date", _("Related since"), SERVE, member="from", listed=False),
    _of("relation.to", "relations", "until_day", "date", _("Related until"), SERVE, member="to", listed=False),
    _of("file", "files", "name", "text", _("File"), SERVE, writable=False),
]

_SEALED = [
    _of("identity_number", "identity_numbers", "blind", "sealed", _("Identity number"), PROVE, member="value",
         basis="legal_duty", protection="sealed",
         headers="Personal ID|National ID|Tax ID|VAT Number|Steuernummer|Steuer-ID|USt-IdNr|CPR|"
                 "CPR-nummer|CVR|ID-nommer|आधार|PAN"),
    _of("identity_number.kind", "identity_numbers", "kind", "text", _("Kind of identity number"), PROVE,
         basis="legal_duty", listed=False),
    _of("identity_number.country", "identity_numbers", "country", "country", _("Country of identity number"),
         PROVE, basis="legal_duty", listed=False),
    _of("iban", "bank_accounts", "blind", "sealed", _("Bank account"), PAY, member="iban", protection="sealed",
         headers="IBAN|Account Number|Kontonummer|Bankverbindung|Kontonr|Rekeningnommer|खाता संख्या"),
    _of("bic", "bank_accounts", "bic", "text", _("BIC"), PAY, headers="SWIFT|BIC/SWIFT", writable=False),
    _of("bank", "bank_accounts", "bank", "text", _("Bank"), PAY, writable=False),
]

# fmt: on
_STANDING = [
    Fact(
        name=kind,
        type="yesno",
        label=label,
        purpose=_("to leave in peace who is to be left in peace"),
        basis="legal_duty",
        source=Present("customers.Standing", (("kind", kind),)),
    )
    for kind, label in models.STANDINGS
]

FACTS = [*_NAME, *_PERSON, *_REACH, *_KNOW, *_SEALED, *_ORIGIN, *_STANDING]

_COLUMNS = {
    "text": "text",
    "code": "text",
    "number": "number",
    "decimal": "number",
    "money": "number",
    "date": "day",
    "yesno": "yes",
    "sealed": "blind",
}


# What a history calls the rows that values of a card point to.
NAMING = {"customers.Customer": queries.names_of_customers, "customers.Household": queries.names_of_households}


_FIELDS = Prepared(lambda _none: models.CustomField.objects.order_by("name"))
_GUARDED = Prepared(lambda free: models.CustomField.objects.exclude(protection=free).values_list("pk", "protection"))


def more_facts() -> Iterable[Fact]:
    """The business's own facts, `custom.NAME`, as the house defined them; what is masked today was always so."""
    masked = _masked_today()
    for field in _FIELDS.rows():
        yield Fact(
            name=f"custom.{field.name}",
            type=cast(FactType, field.type),
            label=field.label,
            purpose=field.purpose or KNOW,
            basis="consent",
            keep=field.keep,
            protection="sealed" if field.type == "sealed" else masked.get(field.pk, field.protection),  # type: ignore[arg-type]
            choices=tuple((each, each) for each in field.choices),
            source=Member(
                "custom",
                _COLUMNS[field.type],
                "key" if field.type in ("text", "code") else None,
                (("field_id", field.pk),),
            ),
            member=field.name,
            headers=(field.label,),
            room="customers",
        )


def _masked_today() -> dict[int, str]:
    """The own facts that are masked now, where one looks back: rights and what they hide are today's."""
    if looking_back() is None:
        return {}
    with as_of(None):
        return dict(_GUARDED.rows("open"))
