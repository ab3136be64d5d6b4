"""Which encoding a text file is in.

A byte order mark decides; else valid UTF-8 decides. For the rest there are only likelihoods: each candidate is scored
by whether its letters are those of one language and stand where letters stand (chardet 7 alone took short German and
Polish lists for Turkish Macintosh and Croatian). Measured in docs/decisions/0021.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SAMPLE = 64 * 1024
_CHUNK = 2**20
_FEW_NULS = 200
_FEW_BAD = 20  # one broken byte among twenty good sequences is damage, not another encoding

_CONTROLS = bytes(code for code in range(1, 32) if code not in (9, 10, 11, 12, 13, 26, 27, 30, 31))
_FILLED = re.compile(rb"(?:(?<=[,;|\"\s])\0+|(?<!\0)\0++(?=[,;|\"\s]|\Z))")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the order in which they are believed when they score alike.
_CANDIDATES = (
    "cp1252", "mac_roman", "cp1250", "iso8859-2", "cp1257", "cp1254", "iso8859-15", "cp850", "cp852", "cp437", "cp865",
    "mac_latin2", "cp1251", "koi8-u", "iso8859-5", "cp866", "mac_cyrillic", "cp1253", "iso8859-7", "cp1255", "cp1256",
)  # fmt: skip
_LETTERS = {
    "de": "äöüß", "da": "æøåéäö", "sv": "åäöé", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "pt": "áâãàçéêíóôõúü",
    "it": "àèéìíòóùú", "nl": "áéíóúëïöüèêâîôû", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýžäľĺŕô", "hu": "áéíóöőúüű",
    "hr": "čćđšž", "ro": "ăâîșțşţ", "tr": "çğıöşüâîû", "et": "äöõüšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž",
    "is": "áðéíóúýþæö", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "el": "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώςϊϋ", "he": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإؤئآ",
}  # fmt: skip
_ALPHABETS = {language: frozenset(letters + letters.upper()) for language, letters in _LETTERS.items()}
_LATIN = frozenset().union(*(_ALPHABETS[each] for each in _LETTERS if each not in ("ru", "uk", "el", "he", "ar")))
_SIGNS = frozenset("€£°–—’‘“”„…»«·§™®©²³½¼ºª\u00a0")
_ODD = r"(?=[^\x00-\x7f])[^\w\s’‘“”„–—«»®™©·ºª]"  # a sign beyond ASCII that does not stand beside letters
_FOREIGN = r"[\u0370-\u06ff]"  # Greek, Cyrillic, Hebrew, Arabic
_MISPLACED = re.compile(
    rf"(?<=[A-Za-z]){_ODD}|{_ODD}(?=[A-Za-z])"
    r"|(?<=[a-zß-öø-ÿ])[À-ÖØ-ÞĀ-Ž](?<=[À-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ])(?=[a-z])"
    rf"|(?<=[A-Za-z]){_FOREIGN}|{_FOREIGN}(?=[A-Za-z])|[\x80-\x9f]"
)


def has_many_nuls(head: bytes) -> bool:
    """Whether this is another kind of file than text: one NUL, or one among 200 bytes, is dirt, and those that fill up
    a field or the end of the file are none of its own."""
    few = max(1, len(head) // _FEW_NULS)
    return head.count(0) > few and not _is_filled_up(head, few)


def _is_filled_up(head: bytes, few: int) -> bool:
    """Whether this is clean text but for NULs at the ends of fields. Those of UTF-16 stand in every second place."""
    text = head.translate(None, b"\0")
    if not (b"\n" in text or b"\r" in text) or text != text.translate(None, _CONTROLS):
        return False
    return b"\0" in head[::2] and b"\0" in head[1::2] and len(_FILLED.sub(b"", head)) - len(text) <= few


def encoding_of(path: Path) -> tuple[str, bool]:
    """The encoding's Python name, and whether the file is damaged (UTF-8 or UTF-16 with some bytes that are not)."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return (name, False) if _decodes(path, name) else ("latin-1", False)
    if has_many_nuls(head):
        wide = _wide(head)
        return wide, not _decodes(path, wide)
    if _decodes(path, "utf-8"):
        return "utf-8", False
    if _is_damaged_utf8(path):
        return "utf-8", True
    return _likeliest(path), False


def usable(path: Path, name: str) -> bool:
    """Whether the whole file can be read in this encoding."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return _decodes(path, name)


def _wide(head: bytes) -> str:
    return "utf-16-le" if len(set(head[1::2])) <= len(set(head[::2])) else "utf-16-be"


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, ValueError):
        return False
    return True


def _is_damaged_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    for chunk in _chunks(path):
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        beyond = [ch for ch in decoder.decode(chunk) if ch > "\x7f"]
        broken = sum("\ud800" <= ch <= "\udfff" for ch in beyond)
        good, bad = good + len(beyond) - broken, bad + broken
    return good > bad * _FEW_BAD


def _likeliest(path: Path) -> str:
    sample = b"".join(_telling_lines(path))
    ranked = sorted(_candidates(sample), key=lambda name: -_likelihood(sample, name))
    return next((name for name in ranked if _decodes(path, name)), "latin-1")


def _candidates(sample: bytes) -> list[str]:
    """Ours, and before them a multi-byte one that chardet finds where most bytes are beyond ASCII."""
    beyond = sum(byte > 0x7F for byte in sample)
    if beyond * 3 < len(sample):
        return list(_CANDIDATES)
    import chardet

    guess = (chardet.detect(sample).get("encoding") or "").lower()
    many_bytes = guess and any(
        each in guess for each in ("jis", "euc", "gb", "big5", "johab", "949", "932", "936", "950")
    )
    return [guess, *_CANDIDATES] if many_bytes else list(_CANDIDATES)


def _likelihood(sample: bytes, name: str) -> float:
    """1 where every letter beyond ASCII belongs to one language and stands among letters; less for each other."""
    try:
        text = sample.decode(name)
    except (UnicodeError, LookupError):
        return -9
    beyond = Counter(ch for ch in text if ch > "\x7f")
    total = sum(beyond.values()) or 1
    if name not in _CANDIDATES:
        return sum(count for ch, count in beyond.items() if ch.isalpha()) / total
    one = max(sum(beyond[ch] for ch in letters) for letters in _ALPHABETS.values())
    latin = sum(beyond[ch] for ch in _LATIN)
    signs = sum(count for ch, count in beyond.items() if ch in _SIGNS)
    misplaced = len(_MISPLACED.findall(text))
    return (0.7 * one + 0.3 * max(latin, one) + 0.6 * signs - 1.5 * misplaced) / total


def _telling_lines(path: Path) -> Iterator[bytes]:
    """Lines that hold bytes beyond ASCII, 64 KB of them."""
    left = SAMPLE
    with path.open("rb") as file:
        while left > 0 and (line := file.readline(SAMPLE)):
            if not line.isascii():
                left -= len(line)
                yield line


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
