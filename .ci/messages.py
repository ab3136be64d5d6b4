"""The catalogues: takes every translatable text out of code and templates, and into src/regulars/locale/*/….po.

    uv run .ci/messages.py            brings every catalogue up to date, keeping what is translated
    uv run .ci/messages.py da         begins a catalogue
    uv run .ci/messages.py --check    ends with 1, and says where, if one misses a text, has a fuzzy or an obsolete one,
                                      or a translation has other placeholders than its text, or a text that is
                                      Django's too (a month, a file size) would be said in another way everywhere

Needs no GNU gettext: Django's `templatize` makes templates readable for babel. A language counts as soon as it has a
catalogue in `locale/`.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src/regulars"
LOCALE = PACKAGE / "locale"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-z]|\{\w*(?::[^{}]*)?\}|%[sd]")
EMPTY_HEADERS = (
    b'"Report-Msgid-Bugs-To:',
    b'"POT-Creation-Date:',
    b'"PO-Revision-Date:',
    b'"Last-Translator:',
    b'"Language-Team:',
    b'"Generated-By:',
)
Key = str | tuple[str, str]
Found = dict[tuple[str, str | None], tuple[Key, set[str], list[str]]]


def sources() -> Iterator[Path]:
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        inside = path.relative_to(PACKAGE).parts
        if not {"tests", "migrations", "dist", "locale"} & set(inside) and (
            path.suffix == ".py" or "templates" in inside
        ):
            yield path


def messages(path: Path) -> Iterator[tuple[str, Key, str | None, list[str]]]:
    """Each text of one file: function, text (or singular and plural), context, translators' comments."""
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        code = templatize(code)
    for _line, function, texts, comments in extract_python(
        io.BytesIO(code.encode()), list(KEYWORDS), ["Translators"], {"encoding": "utf-8"}
    ):
        words = texts if isinstance(texts, tuple) else (texts,)
        context = words[0] if "pgettext" in (function or "") else None
        rest = [word for word in (words[1:] if context else words) if isinstance(word, str)]
        if rest and rest[0]:
            plural = "ngettext" in (function or "") or "npgettext" in (function or "")
            yield function or "", (rest[0], rest[1]) if plural and len(rest) > 1 else rest[0], context, comments


def extracted() -> Found:
    """Every text of the house with the files it stands in."""
    found: Found = {}
    for path in sources():
        for _function, key, context, comments in messages(path):
            single = key[0] if isinstance(key, tuple) else key
            known = found.get((single, context))
            places = known[1] if known else set()
            places.add(path.relative_to(PACKAGE.parent).as_posix())
            longer = known[0] if known and isinstance(known[0], tuple) else key
            found[single, context] = (longer, places, comments or (known[2] if known else []))
    return found


def template(found: Found) -> Catalog:
    catalogue = Catalog(project="Regulars", version="", charset="utf-8", fuzzy=False)
    for (_single, context), (key, places, comments) in sorted(found.items(), key=lambda each: min(each[1][1])):
        flags = ["python-format"] if "%(" in "".join(key) else []
        catalogue.add(
            key,
            locations=[(place, 0) for place in sorted(places)],
            context=context,
            auto_comments=comments,
            flags=flags,
        )
    return catalogue


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def bring_up_to_date(path: Path, fresh: Catalog) -> None:
    language = path.parent.parent.name
    catalogue = read(path) if path.exists() else Catalog(locale=language, domain="django")
    kept = {(message.id, message.context): message for message in catalogue if message.id}
    updated = Catalog(locale=language, domain="django", project="Regulars", version="", charset="utf-8", fuzzy=False)
    updated.header_comment = f"# Regulars in {updated.locale.english_name if updated.locale else language}"
    for message in fresh:
        if message.id:
            old = kept.get((message.id, message.context))
            updated.add(
                message.id, old.string if old else None, message.locations, message.flags,
                message.auto_comments, old.user_comments if old else (), context=message.context,
            )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, updated, width=120, include_lineno=False, ignore_obsolete=True)
    # without dates and empty names: a run that changes no text changes no file
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(EMPTY_HEADERS)))


def faults(path: Path, fresh: Catalog) -> Iterator[str]:
    catalogue = read(path)
    wanted = {(message.id, message.context) for message in fresh if message.id}
    has = {(message.id, message.context): message for message in catalogue if message.id}
    for key in sorted(wanted - has.keys(), key=str):
        yield f"missing: {key[0]!r}"
    for key in sorted(has.keys() - wanted, key=str):
        yield f"no longer used: {key[0]!r}"
    for message in catalogue.obsolete.values():
        yield f"obsolete: {message.id!r}"
    djangos = of_django(path.parent.parent.name)
    for key, message in has.items():
        if key in wanted:
            yield from wrong(message)
            if djangos.get(key, message.string) != message.string:
                yield f"says it otherwise than Django, whose text it is too; give it a context: {key[0]!r}"


def of_django(language: str) -> dict[tuple[str, str | None], str]:
    """What Django itself says in this language; a text of ours without a context would take its place."""
    path = Path(django.__file__).parent / f"conf/locale/{language}/LC_MESSAGES/django.mo"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {(each.id, each.context): each.string for each in read_mo(file) if each.id and isinstance(each.id, str)}


def wrong(message: Message) -> Iterator[str]:
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    translations = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield f"fuzzy: {texts[0]!r}"
    if not all(translations):
        yield f"not translated: {texts[0]!r}"
        return
    for translation in translations:
        if not any(placeholders(translation) == placeholders(text) for text in texts):
            yield f"other placeholders: {texts[0]!r} → {translation!r}"


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def catalogues() -> Iterable[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def main(words: list[str]) -> int:
    fresh = template(extracted())
    check = "--check" in words
    found = 0
    for language in set(words) - {"--check"}:
        bring_up_to_date(LOCALE / language / "LC_MESSAGES/django.po", fresh)
    for path in catalogues():
        if not check:
            bring_up_to_date(path, fresh)
        for fault in faults(path, fresh):
            found += 1
            print(f"{path.relative_to(PACKAGE.parent.parent)}: {fault}")
    print(f"{len(fresh)} texts, {len(list(catalogues()))} catalogues, {found} to do.")
    return 1 if found and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
