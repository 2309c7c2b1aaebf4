"""Finds in a text what tells who someone is. Knows nothing of records."""

import re
import unicodedata

from odoo.addons.buurtbemiddeling_case.tools import plain_text

NAME_LENGTH = 3  # letters; a shorter name is too often an ordinary word
PHONE_DIGITS = 9  # the same for 06..., +31 6... and 0031 6...
LOCAL_DIGITS = 6  # a number that was written without its area code
# parts of Dutch names that are ordinary words, and what stands in place of a name
NO_NAMES = {
    *("aan", "bij", "den", "der", "des", "het", "las", "los", "met", "ten", "ter", "tot", "uit"),
    *("van", "von", "voor", "dhr", "mevr", "mevrouw", "meneer", "heer", "fam", "familie"),
    *("buur", "buren", "buurman", "buurvrouw", "bewoner", "bewoners", "melder", "onbekend"),
}
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]*\d){5,}")
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Za-z]{2}\b")
_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+[^\s<>,;:().]")


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
    text = "".join(sign for sign in text or "" if unicodedata.category(sign) != "Cf")
    words = [(_fold(match.group()), match.span()) for match in _WORD.finditer(text)]
    places_of = {}
    for word, span in words:
        places_of.setdefault(word, []).append(span)
    found = [
        text[slice(*span)]
        for part in _name_parts(names)
        for spelled in (part, f"{part}s")
        for span in places_of.get(spelled, ())
    ]
    for place in filter(None, places):
        if _POSTCODE.fullmatch(place.strip()):
            found += _equal(_POSTCODE, text, place, lambda code: "".join(code.split()).casefold())
        else:
            found += _find_street(text, words, place)
    for number in filter(None, numbers):
        known = _digits(number)[-PHONE_DIGITS:]
        found += [
            match.group()
            for match in _NUMBER.finditer(text)
            if len(known) >= LOCAL_DIGITS
            and (digits := _digits(match.group())[-PHONE_DIGITS:])
            and (digits == known or known.endswith(digits))
        ]
    for email in filter(None, emails):
        found += _equal(_EMAIL, text, email, str.casefold)
    return list(dict.fromkeys(found))


def _name_parts(names):
    parts = (_fold(part) for name in names for part in _WORD.findall(name or ""))
    return dict.fromkeys(p for p in parts if len(p) >= NAME_LENGTH and p not in NO_NAMES)


def _find_street(text, words, street):
    """Return where the words of ``street``, without its house number, stand in a row."""
    name = re.sub(r"\s*\d.*$", "", street)
    parts = [_street_word(_fold(word)) for word in _WORD.findall(name)]
    if not parts or len("".join(parts)) < NAME_LENGTH:
        return []
    return [
        text[words[start][1][0] : words[start + len(parts) - 1][1][1]]
        for start in range(len(words) - len(parts) + 1)
        if [_street_word(word) for word, _span in words[start : start + len(parts)]] == parts
    ]


def _street_word(word):
    return re.sub(r"str$", "straat", word)


def _equal(pattern, text, known, normal):
    return [
        match.group() for match in pattern.finditer(text) if normal(match.group()) == normal(known)
    ]


def _fold(word):
    return plain_text(word)


def _digits(number):
    return re.sub(r"\D", "", number)
