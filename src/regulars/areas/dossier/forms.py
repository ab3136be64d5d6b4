"""The shape of what is typed on a card. Fields come from the declared facts; a form never saves."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.areas.customers.models import HOWS
from regulars.areas.dossier.face import inputs, layout
from regulars.areas.dossier.face.layout import Part
from regulars.kernel import registries
from regulars.kernel.errors import Refused
from regulars.kernel.names import split_name
from regulars.kernel.registries import Fact

Card = Mapping[str, Any]
SEVERAL = _("Several with commas between them.")
_WITH_HOW = ("emails", "phones", "addresses")


def _how_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How we have it"), required=False, choices=[("", "—"), *HOWS], show_hidden_initial=True
    )


class ReallyForget(forms.Form):
    """The customer's number, typed, so that nobody is forgotten by a slip; with it the own password unless that was
    given within the last five minutes."""

    number = forms.CharField(max_length=20, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))

    your_password = forms.CharField(
        label=_("Your own password, to be sure it is you"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, number: int, fresh: bool, **told: Any) -> None:
        super().__init__(*args, **told)
        if fresh:
            del self.fields["your_password"]
        self.meant = str(number)
        self.fields["number"].label = _("Type the number %(number)s to forget for good") % {"number": number}

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"]).strip().lstrip("#")
        if typed != self.meant:
            raise forms.ValidationError(
                _("This is not the number of this customer: type %(number)s.") % {"number": self.meant}
            )
        return typed


class CardForm(forms.Form):
    """Typed facts. `seen` is the card's version as the form was opened; a refusal goes beside its field."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    part: Part
    main: tuple[str, ...] = ()

    def lay(self, facts: tuple[Fact, ...], *, hidden: Collection[str] = ()) -> None:
        """One field a fact, in order; of those in `hidden` a value stands that is not shown."""
        for fact in facts:
            self.fields[fact.name] = inputs.input_of(fact, hides=fact.name in hidden)
        self.facts = {fact.name: fact for fact in facts}

    def now_seen(self, version: int) -> None:
        """What stands now has been shown with the form: sending it once more is meant."""
        told = QueryDict(mutable=True)
        told.update(cast(dict[str, str], self.data))
        told["seen"] = str(version)
        self.data = told

    def changed(self) -> dict[str, Any]:
        """The facts that differ from what stood there when the form was opened, as the card takes them."""
        names = [name for name in self.changed_data if name in self.facts]
        return {name: inputs.value_of(self.facts[name], self.cleaned_data[name]) for name in names}

    def refuse(self, refused: Refused) -> None:
        """Puts a refusal beside the field it names, else over the form."""
        where = (refused.where or "").rpartition(".")[2]
        by_key = {fact.key: name for name, fact in self.facts.items()}
        field = refused.where if refused.where in self.fields else by_key.get(where, where)
        self.add_error(field if field in self.fields else None, refused.message)

    def shown(self) -> list[forms.BoundField]:
        """The fields one sees, in order."""
        return [field for field in self.visible_fields() if field.name not in ("declined",)]


class OwnForm(CardForm):
    """Facts of the customer's own row and of the business's own, as one part of the card holds them."""

    how = _how_field()
    declined = forms.MultipleChoiceField(
        label=_("Asked, and declined to say"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, part: Part, card: Card, **kwargs: Any) -> None:
        initial = {"seen": card["version"], "declined": card["declined"]}
        for fact in part.facts:
            initial[fact.name] = inputs.initial_of(fact, layout.own_value(card, fact))
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.part, self.card = part, card
        known = (fact for fact in part.facts if layout.own_value(card, fact) not in (None, ""))
        self.lay(part.facts, hidden={fact.name for fact in known if fact.protection != "open"})
        asked = [(fact.name, fact.label) for fact in part.facts if fact.basis == "consent"]
        if asked:
            self.fields["declined"].choices = asked  # type: ignore[attr-defined]
        else:
            del self.fields["declined"]
        self.order_fields([*(fact.name for fact in part.facts), "how"])

    def patch(self) -> dict[str, Any]:
        """What to bring the card to: changed facts alone."""
        patch: dict[str, Any] = {}
        changed = self.changed()
        for name, value in changed.items():
            fact = self.facts[name]
            if fact.group == "custom":
                patch.setdefault("custom", {})[fact.key] = value
            else:
                patch[name] = value
        how = self.cleaned_data.get("how")
        if how and changed:
            patch["hows"] = {**self.card["hows"], **dict.fromkeys(changed, how)}
        return {**patch, **self._declined()}

    def _declined(self) -> dict[str, Any]:
        if "declined" not in self.fields:
            return {}
        here = {name for name, _label in self.fields["declined"].choices}  # type: ignore[attr-defined]
        before = set(self.card["declined"])
        after = (before - here) | set(self.cleaned_data["declined"])
        return {"declined": sorted(after)} if after != before else {}


class ItemForm(CardForm):
    """One row of a group: an address, a note, a place of work."""

    def __init__(
        self, *args: Any, part: Part, card: Card, item: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        standing = item or {}
        initial: dict[str, Any] = {"seen": card["version"], "primary": bool(standing.get("primary"))}
        initial["how"] = standing.get("how") or ""
        for fact in part.facts:
            initial[fact.name] = inputs.initial_of(fact, standing.get(fact.key))
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.part, self.item = part, standing
        self.lay(part.facts)
        if part.group == "tags":
            self.fields["tag"].help_text = SEVERAL
        if part.group in ("emails", "phones"):
            self.fields["primary"] = forms.BooleanField(label=_("The first one to use"), required=False)
            self.fields["primary"].show_hidden_initial = True
        if part.group in _WITH_HOW:
            self.fields["how"] = _how_field()

    def patch(self) -> dict[str, Any]:
        """The group with this one row: new, or what changed of the row that stands."""
        assert self.part.group is not None
        changed = self.changed()
        item = {self.facts[name].key: value for name, value in changed.items() if value is not None or self.item}
        for extra in ("primary", "how"):
            if extra in self.fields and extra in self.changed_data and self.cleaned_data[extra] != "":
                item[extra] = self.cleaned_data[extra]
        if self.item:
            return {self.part.group: [{"key": self.item["key"], **item}]} if item else {}
        return {self.part.group: [item]}


# --- a new card -------------------------------------------------------------------------------------------------------

_FIRST = {
    "person": ("given_name", "family_name", "phone", "email"),
    "organisation": ("organisation_name", "phone", "email"),
}
_MORE = (
    ("name", _("Name and greeting")),
    ("addresses", _("Address")),
    ("about", _("About")),
    ("origin", _("Where from")),
)


class NewForm(CardForm):
    """A few fields first, the others on demand. `begin` fills some of them beforehand."""

    prospect = forms.BooleanField(label=_("Not yet a customer"), required=False)

    def __init__(self, *args: Any, kind: str, begin: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": dict(begin)})
        self.kind = kind if kind in _FIRST else "person"
        known = registries.facts()
        self.first = [known[name] for name in _FIRST[self.kind]]
        self.noted = [known["tag"], known["note"]]
        self.more = [(label, self._facts(name)) for name, label in _MORE]
        self.lay((*self.first, *self.noted, *(fact for _label, facts in self.more for fact in facts)))
        for field in self.fields.values():
            field.show_hidden_initial = False
        self.fields["prospect"].help_text = _("Kept apart until you make a customer of them.")
        self.fields["tag"].help_text = SEVERAL

    def _facts(self, part: str) -> list[Fact]:
        _block, found = layout.part_named(part)
        taken = {fact.name for fact in (*self.first, *self.noted)} | {"kind"}
        return [fact for fact in found.facts if fact.name not in taken]

    def first_fields(self) -> list[forms.BoundField]:
        return [self[fact.name] for fact in self.first]

    def noted_fields(self) -> list[forms.BoundField]:
        return [*(self[fact.name] for fact in self.noted), self["prospect"]]

    def more_fields(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(label, [self[fact.name] for fact in facts]) for label, facts in self.more]

    @property
    def more_is_open(self) -> bool:
        """Whether something stands in, or is wrong with, the fields on demand."""
        names = {fact.name for _label, facts in self.more for fact in facts}
        return bool(names & set(self.errors)) or any(self[name].value() for name in names)

    def standings(self) -> list[str]:
        return ["prospect"] if self.cleaned_data.get("prospect") else []

    def card(self) -> dict[str, Any]:
        """The card of what was filled in; members of one group make one row."""
        card: dict[str, Any] = {"kind": self.kind}
        for name, fact in self.facts.items():
            typed = inputs.value_of(fact, self.cleaned_data.get(name) or "")
            if not typed:
                continue
            if fact.group is None:
                card[name] = typed
            elif fact.group == "custom":
                card.setdefault("custom", {})[fact.key] = typed
            elif fact.group == "tags":
                card["tags"] = [tag.strip() for tag in typed.split(",") if tag.strip()]
            else:
                card.setdefault(fact.group, [{}])[0][fact.key] = typed
        return card


# --- whoever calls and is not known yet -------------------------------------------------------------------------------


class CallerForm(forms.Form):
    """A card in three fields, of which one is enough."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, keys in (("name", "text"), ("phone", "tel"), ("email", "email")):
            self.fields[name].widget.attrs.update(inputmode=keys, autocomplete="off")

    @staticmethod
    def told_by(text: str) -> dict[str, str]:
        """What was typed into the search, in the field it belongs to."""
        if "@" in text:
            return {"email": text}
        digits = sum(each.isdigit() for each in text)
        return {"phone": text} if digits >= len(text.replace(" ", "")) / 2 else {"name": text}

    def clean(self) -> dict[str, Any]:
        """One of the three."""
        typed: dict[str, Any] = super().clean() or {}
        if not any(typed.get(name) for name in self.fields) and not self.errors:
            raise forms.ValidationError(_("Type a name, a phone number or an e-mail address."))
        return typed

    def card(self) -> dict[str, Any]:
        """The card of what was typed; the name in its parts."""
        typed = self.cleaned_data
        card: dict[str, Any] = split_name(typed["name"]).as_card()
        for group, value in (("phones", typed["phone"]), ("emails", typed["email"])):
            if value:
                card[group] = [{"value": value}]
        return card

    def refuse(self, refused: Refused) -> None:
        """Puts a refusal of the deed beside the field it is about."""
        field = {"phones": "phone", "emails": "email"}.get((refused.where or "").partition(".")[0])
        self.add_error(field, refused.message)
