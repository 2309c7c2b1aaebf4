"""Finds, or blots out, in a text what tells who someone is. Knows nothing of records."""

import re
import unicodedata
from typing import NamedTuple

from .tools import plain_text

NAME_LENGTH = 3  # letters; a shorter name is too often an ordinary word
PHONE_DIGITS = 9  # the same for 06..., +31 6... and 0031 6...
LOCAL_DIGITS = 6  # a number that was written without its area code
# parts of Dutch names that are ordinary words, and what stands in place of a name
NO_NAMES = {
    *("aan", "bij", "den", "der", "des", "het", "las", "los", "met", "ten", "ter", "tot", "uit"),
    *("van", "von", "voor", "dhr", "mevr", "mevrouw", "meneer", "heer", "fam", "familie"),
    *("buur", "buren", "buurman", "buurvrouw", "bewoner", "bewoners", "melder", "onbekend"),
}
# parts of names of two letters that begin a sentence as well; others of two are blotted out
SHORT_WORDS = {"al", "da", "de", "di", "du", "el", "en", "in", "la", "le", "op", "te", "zu"}
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]*\d){5,}")
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Za-z]{2}\b")
_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+[^\s<>,;:().]")


class Identity(NamedTuple):
    """What tells who someone is, or who several people are: lists of texts, as they were typed."""

    names: tuple = ()
    places: tuple = ()
    numbers: tuple = ()
    emails: tuple = ()

    def __or__(self, other):
        return Identity(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def find_identifying(text, names=(), places=(), numbers=(), emails=()):
    """Return the pieces of ``text`` that tell who someone is, as they were typed.

    :param text: what someone typed
    :param names: full names of people; each part of three letters or more counts
    :param places: streets with or without a house number, postcodes, neighbourhoods
    :param numbers: phone numbers, in any spelling
    :param emails: mail addresses
    :return: list of pieces of ``text``, each once, in the order of the arguments

    >>> find_identifying("Anna's hond blaft naar Van Dam.", ["Ánna van Dam"])
    ['Anna', 'Dam']
    >>> find_identifying("De buren van het plein zijn boos.", ["Jo van der Berg", "Buurman"])
    []
    >>> find_identifying("In de dorpsstr. op nr. 3", places=["Dorpsstraat 3", "1234AB"])
    ['dorpsstr']
    >>> find_identifying("Aan de Lange  Weg, 1234 ab", places=["Lange Weg 12-b", "1234AB"])
    ['Lange  Weg', '1234 ab']
    >>> find_identifying("De weg is lang.", places=["Lange Weg 12"])
    []
    >>> find_identifying("Bel 06-12 34 56 78.", numbers=["+31612345678"])
    ['06-12 34 56 78']
    >>> find_identifying("Mail A@b.nl.", emails=["a@b.nl"])
    ['A@b.nl']
    >>> find_identifying("De hond van An\\u00adna.", ["Anna"])
    ['Anna']
    >>> find_identifying(None, ["Anna"])
    []
    """
    # a soft hyphen or other invisible sign, often pasted along, hides no name
    text = _without_invisible(text)
    spans = _find_spans(text, names, places, numbers, emails)
    return list(dict.fromkeys(text[slice(*span)] for span in spans))


def mask_identifying(text, identity, mask, own_places=()):
    """Return ``text`` with ``mask`` in place of each piece that tells who someone is.

    Stricter than ``find_identifying``, as a neighbour reads what is left: names of two letters go
    as well when they are written as a name, and house numbers.

    :param identity: an ``Identity``, of everyone who is to stay unknown
    :param own_places: of who reads it; a street that both live in goes only with the house number

    >>> bert = Identity(("Bert van Dam",), ("Dorpsstraat 3", "1234 AB"), ("0612345678",))
    >>> mask_identifying("Bert's hond, Dorpsstr. 3 in Amsterdam. Bel 06 12345678!", bert, "[-]")
    "[-]'s hond, [-] in Amsterdam. Bel [-]!"
    >>> mask_identifying("Van nummer 3, en nr. 33; ik woon op 3 hoog.", bert, "[-]")
    'Van [-], en nr. 33; ik woon op 3 hoog.'
    >>> mask_identifying("Dorpsstraat 1 en Dorpsstraat 3, 1234AB", bert, "[-]", ["Dorpsstraat 1"])
    'Dorpsstraat 1 en [-], [-]'
    >>> mask_identifying("Dorpsstraat 1 en Dorpsstraat 3, 1234AB", bert, "[-]")
    '[-] 1 en [-], [-]'
    >>> mask_identifying("Li en mevrouw LI, niet de li van het dak", Identity(("Li",)), "[-]")
    '[-] en mevrouw [-], niet de li van het dak'
    >>> mask_identifying("Geen naam", Identity(), "[-]"), mask_identifying(False, bert, "[-]")
    ('Geen naam', '')
    """
    original = text or ""
    text = _without_invisible(text)
    known, shared = [], []
    own_streets = set(map(_street_parts, filter(None, own_places)))
    for place in filter(None, identity.places):
        (shared if _street_parts(place) in own_streets else known).append(place)
    spans = _find_spans(text, *identity._replace(places=known))
    short = {part for part in _all_name_parts(identity.names) if len(part) == NAME_LENGTH - 1}
    spans += [
        match.span()
        for match in _WORD.finditer(text)
        if match.group()[0].isupper() and _fold(match.group()) in short - SHORT_WORDS
    ]
    for place in [*known, *shared]:
        if number := _house_number(place):
            streets = _find_spans(text, places=[place])
            behind = [
                (start, re.compile(rf"\.?\s*{number}\b", re.I).match(text, end))
                for start, end in streets
            ]
            spans += [(start, match.end()) for start, match in behind if match]
            alone = re.compile(rf"\b(?:nr|nummer|huisnummer)\b\.?\s*{number}\b", re.I)
            spans += [match.span() for match in alone.finditer(text)]
    if not spans:
        return original
    pieces, done = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], mask]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def _without_invisible(text):
    """Return ``text`` without soft hyphens and the like: often pasted along, they hide no name."""
    return "".join(sign for sign in text or "" if unicodedata.category(sign) != "Cf")


def _find_spans(text, names=(), places=(), numbers=(), emails=()):
    """Return ``[(start, end)]`` of what tells who someone is, in the order of the arguments."""
    words = [(_fold(match.group()), match.span()) for match in _WORD.finditer(text)]
    places_of = {}
    for word, span in words:
        places_of.setdefault(word, []).append(span)
    found = [
        span
        for part in _name_parts(names)
        for spelled in (part, f"{part}s")
        for span in places_of.get(spelled, ())
    ]
    for place in filter(None, places):
        if _POSTCODE.fullmatch(place.strip()):
            found += _equal(_POSTCODE, text, place, lambda code: "".join(code.split()).casefold())
        else:
            found += _find_street(words, place)
    for number in filter(None, numbers):
        known = _digits(number)[-PHONE_DIGITS:]
        found += [
            match.span()
            for match in _NUMBER.finditer(text)
            if len(known) >= LOCAL_DIGITS
            and (digits := _digits(match.group())[-PHONE_DIGITS:])
            and (digits == known or known.endswith(digits))
        ]
    for email in filter(None, emails):
        found += _equal(_EMAIL, text, email, str.casefold)
    return found


def _name_parts(names):
    parts = _all_name_parts(names)
    return dict.fromkeys(p for p in parts if len(p) >= NAME_LENGTH and p not in NO_NAMES)


def _all_name_parts(names):
    return [_fold(part) for name in names for part in _WORD.findall(name or "")]


def _house_number(place):
    """Return a pattern for the house number in ``place``, or ``None``."""
    match = re.search(r"\D\s*(\d+)[\s-]*([a-z]{0,4})\s*$", place or "", re.IGNORECASE)
    if not match:
        return None
    return rf"{match[1]}[\s-]*{match[2]}" if match[2] else match[1]


def _find_street(words, street):
    """Return where the words of ``street``, without its house number, stand in a row."""
    parts = list(_street_parts(street))
    if not parts or len("".join(parts)) < NAME_LENGTH:
        return []
    return [
        (words[start][1][0], words[start + len(parts) - 1][1][1])
        for start in range(len(words) - len(parts) + 1)
        if [_street_word(word) for word, _span in words[start : start + len(parts)]] == parts
    ]


def _street_parts(place):
    """Return the words of a street without its house number, none for a postcode."""
    name = re.sub(r"\s*\d.*$", "", place)
    return tuple(_street_word(_fold(word)) for word in _WORD.findall(name))


def _street_word(word):
    return re.sub(r"str$", "straat", word)


def _equal(pattern, text, known, normal):
    return [
        match.span() for match in pattern.finditer(text) if normal(match.group()) == normal(known)
    ]


def _fold(word):
    return plain_text(word)


def _digits(number):
    return re.sub(r"\D", "", number)
