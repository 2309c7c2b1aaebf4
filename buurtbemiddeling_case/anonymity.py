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
_BETWEEN = r"[\s().\-/_\u2010-\u2014]*"  # what people type between the digits of a number
_ABROAD = rf"(?:(?:\+|\b00){_BETWEEN}\d{{1,3}}{_BETWEEN})?(?:0{_BETWEEN})?"
# what looks like a phone number or a mail address, known or not; a day is no number
_ANY_NUMBER = re.compile(
    r"(?<![\d+])(?<!\d[-/.])(?!\d\d?[-/.]\d\d?[-/.]\d{2,4}\b)(?:(?:\+|00)31[\s().\-]*0?|0)"
    rf"{_BETWEEN}[1-9](?:{_BETWEEN}\d){{8}}(?!\d)"
)
_ANY_EMAIL = re.compile(r"(?<![\w.+%&-])[\w.+%&'-]{1,64}@\w[\w.-]*\w")
_POSTCODE = re.compile(r"\b\d{4}[\s-]{0,3}[A-Za-z]{2}\b")
_NR = r"(?:\b(?:huis)?(?:nr|nummer|no)|#)[.:]?"
# who or what can be at a house number, and what makes a number something else
_AT = (
    r"\b(?:buur\w*|buren|bewoners?|mensen|huis|woning|woon\w*|wonen|familie|gezin|naast|tegenover)"
)
_NO_HOUSE = (
    r"(?!\s*(?:[:/.-]\s*\d|uur|jaar|maand|week|weken|dag|keer|meter|minu|personen|kinderen|jan|feb"
    r"|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec))"
)
_ADDRESSED = r"\b(?:[Dd]hr|[Mm]w|[Mm]evr|[Mm]evrouw|[Mm]eneer|[Hh]eer|[Ff]am|[Ff]amilie)\b\.?\s+"
_PARTICLES = r"(?:(?:v\.?\s?d\.?|van|de|den|der|ten|ter)\s*)*"
LONG_NAME = 6  # letters; such a name is told within a longer word as well
# spelled in more than one way: Janssen, Meijer, Kruijt
_SOUNDS = [
    ("eij", "y"), ("ey", "y"), ("ei", "y"), ("uij", "ui"), ("uy", "ui"), ("ij", "y"),
    ("ph", "f"), ("th", "t"), ("dt", "d"), ("ck", "k"), ("c", "k"), ("ae", "a"), ("ue", "u"),
    ("z", "s"),
]  # fmt: skip


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


def mask_identifying(text, identity, mask, own_places=(), own=None):
    """Return ``text`` with ``mask`` in place of each piece that tells who someone is.

    Stricter than ``find_identifying``, as a neighbour reads what is left: what might be a name or
    a house number goes as well. It can not be sure, so someone has to read what is left.

    :param identity: an ``Identity``, of everyone who is to stay unknown
    :param own_places: of who reads it; a street that both live in goes only with the house number
    :param own: an ``Identity`` whose phone numbers and mail addresses stay; when it is given, all
        others go, as these may be of someone who is to stay unknown

    >>> bert = Identity(("Bert van Dam",), ("Dorpsstraat 3", "1234 AB"), ("0612345678",))
    >>> mask_identifying("Bert's hond, Dorpsstr. 3 in Amsterdam. Bel 06 12345678!", bert, "[-]")
    "[-]'s hond, [-] in Amsterdam. Bel [-]!"
    >>> mask_identifying("Van nummer 3, en nr. 33; ik woon op 3 hoog.", bert, "[-]")
    'Van [-], en nr. 33; ik woon op 3 hoog.'
    >>> mask_identifying("De buren van 3, al 3 jaar, bij de buren 3 uur", bert, "[-]")
    'De [-], al 3 jaar, bij de buren 3 uur'
    >>> mask_identifying("Dorpsstraat 1 en Dorpsstraat 3, 1234AB", bert, "[-]", ["Dorpsstraat 1"])
    'Dorpsstraat 1 en [-], [-]'
    >>> anna = Identity(numbers=("0201234567",))
    >>> mask_identifying("020-1234567, 06-98765432, x@y.nl, 01-02-2026", bert, "[-]", own=anna)
    '020-1234567, [-], [-], 01-02-2026'
    >>> mask_identifying("Dorpsstraat 1 en Dorpsstraat 3, 1234AB", bert, "[-]")
    '[-] 1 en [-], [-]'
    >>> mask_identifying("Li en mevrouw LI, niet de li van het dak", Identity(("Li",)), "[-]")
    '[-] en mevrouw [-], niet de li van het dak'
    >>> jan = Identity(("Jan van der Meijer",))
    >>> mask_identifying("janvandermeijer, Meyers, BriefMeijer, M e i j e r", jan, "[-]")
    '[-], [-], [-], [-]'
    >>> mask_identifying("dhr. v.d. M. en J.M. zien mevr. K.", jan, "[-]")
    'dhr. [-] en [-] zien mevr. K.'
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
    spans += _find_perhaps_names(text, identity.names)
    for place in [*known, *shared]:
        spans += _find_house(text, place)
    if own:
        theirs = set(_find_spans(text, numbers=own.numbers, emails=own.emails))
        spans += [
            match.span()
            for pattern in (_ANY_NUMBER, _ANY_EMAIL)
            for match in pattern.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in theirs)
        ]
    if not spans:
        return original
    pieces, done = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], mask]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def _find_perhaps_names(text, names):
    """Return ``[(start, end)]`` of what may be one of these names, if not as it was written."""
    words = [(_fold(match.group()), match.span()) for match in _WORD.finditer(text)]
    parts = set(_name_parts(names))
    # names of two letters, and family names that are ordinary words, when they begin with a capital
    capital = {part for part in _all_name_parts(names) if len(part) == NAME_LENGTH - 1}
    capital = (capital - SHORT_WORDS) | {_fold(full[-1]) for full in _split(names) if full[1:]}
    whole = {_fold("".join(full)) for full in _split(names) if full[1:]}
    whole |= {_fold("".join(full[1:])) for full in _split(names) if full[2:]}
    inside = {part for part in parts | whole if len(part) >= LONG_NAME}
    sounds = {_sound(part) for part in parts if len(part) > NAME_LENGTH}
    spans = [
        span
        for word, span in words
        if any(name in word for name in inside)
        or {_sound(word), _sound(word.removesuffix("s"))} & sounds
        or (text[span[0]].isupper() and word in capital)
        or set(_humps(text[slice(*span)])) & parts
    ]
    for name in inside | {part for part in parts if len(part) >= LONG_NAME - 1}:
        spans += _find_joined(words, name)
    for full in _split(names):
        first, last = full[0][0].upper(), full[-1][0].upper()
        letters = {part[0].upper() for part in full if _fold(part) not in NO_NAMES}
        letters = f"[{''.join(sorted(letters))}]" if letters else first
        both = rf"(?:{letters}\.?\s?)*{_PARTICLES}{letters}(?:\.|\b(?!['’]))(?!\w)"
        spans += [match.span(1) for match in re.finditer(rf"{_ADDRESSED}({both})", text)]
        if full[1:]:
            initials = rf"(?<![\w.]){first}\.\s?{_PARTICLES}{last}\.(?!\w)"
            spans += [match.span() for match in re.finditer(initials, text)]
    return spans


def _find_house(text, place):
    """Return ``[(start, end)]`` of the house number of ``place``, with its street or alone."""
    number = _house_number(place)
    if not number:
        return []
    behind = re.compile(rf"[.,]?\s*(?:{_NR})?\s*{number}\b", re.I)
    spans = [
        (start, match.end())
        for start, end in _find_spans(text, places=[place])
        if (match := behind.match(text, end))
    ]
    for alone in (
        rf"{_NR}\s*{number}\b",
        rf"{_AT}\s+(?:(?:van|op|in|aan|bij|de|het)\s+)*{number}\b{_NO_HOUSE}(?!\s+hoog)",
    ):
        spans += [match.span() for match in re.finditer(alone, text, re.I)]
    return spans


def _split(names):
    """Return a list of words for each name."""
    return [words for name in names if (words := _WORD.findall(name or ""))]


def _humps(word):
    """Return the folded parts of a word with capitals in it, as names of files have."""
    parts = re.sub(r"([^\W\d_])", lambda m: f" {m[1]}" if m[1].isupper() else m[1], word).split()
    return [_fold(part) for part in parts] if len(parts) > 1 else []


def _sound(word):
    """Return a word as several spellings of it sound.

    >>> _sound("janssen") == _sound("jansen"), _sound("kruyt") == _sound("kruijt")
    (True, True)
    """
    for spelled, sound in _SOUNDS:
        word = word.replace(spelled, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def _find_joined(words, target):
    """Return where words in a row, such as ``dorps straat``, are together ``target``."""
    spans = []
    for index, (word, (start, end)) in enumerate(words):
        joined, after = word, index + 1
        while len(joined) < len(target) and target.startswith(joined) and after < len(words):
            joined += words[after][0]
            end = words[after][1][1]
            after += 1
        if joined == target:
            spans.append((start, end))
    return spans


def _without_invisible(text):
    """Return ``text`` without soft hyphens and the like: often pasted along, they hide no name.

    An accent is one with its letter: names of files from a Mac have them apart.
    """
    text = "".join(sign for sign in text or "" if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", text)


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
            code = _letters(place)
            found += [m.span() for m in _POSTCODE.finditer(text) if _letters(m.group()) == code]
        else:
            found += _find_street(words, place)
    for number in filter(None, numbers):
        found += _find_number(text, number)
    for email in filter(None, emails):
        for known in _ANY_EMAIL.findall(email):
            exact = re.compile(rf"(?<![\w+-]){re.escape(known)}(?!\w)", re.IGNORECASE)
            found += [match.span() for match in exact.finditer(text)]
    return found


def _find_number(text, number):
    """Return where a phone number is, also next to other numbers or without its area code."""
    several = [*re.split(r"[^\d\s().+\-]+", number), number]
    found = []
    for known in {_digits(one)[-PHONE_DIGITS:] for one in several}:
        if len(known) < LOCAL_DIGITS:
            continue
        spelled = [_ABROAD + _BETWEEN.join(known) + ("" if known[8:] else r"(?!\d)")]
        spelled += [
            rf"(?<!\d){_BETWEEN.join(known[-length:])}(?!\d)"
            for length in range(len(known) - 1, LOCAL_DIGITS - 1, -1)
        ]
        found += [match.span() for match in re.finditer("|".join(spelled), text)]
    return found


def _name_parts(names):
    parts = _all_name_parts(names)
    return dict.fromkeys(p for p in parts if len(p) >= NAME_LENGTH and p not in NO_NAMES)


def _all_name_parts(names):
    return [_fold(part) for name in names for part in _WORD.findall(name or "")]


def _house_number(place):
    """Return a pattern for the house number in ``place``, or ``None``."""
    street = _without_ordinal(place or "")
    match = re.match(r"\s*[^\W\d]\D*?(\d+)[\s/-]*(\w{0,4})\s*$", street)
    if not match:
        return None
    return rf"{match[1]}(?:[\s/-]*{match[2]})?" if match[2] else match[1]


def _find_street(words, street):
    """Return where the words of ``street``, without its house number, stand in a row."""
    target = "".join(_street_parts(street))
    if len(target) < NAME_LENGTH:
        return []
    return _find_joined([(_street_word(word), span) for word, span in words], target)


def _street_parts(place):
    """Return the words of a street without its house number, none for a postcode.

    >>> _street_parts("1e Oosterparkstr. 12-b"), _street_parts("1234 AB")
    (('oosterparkstraat',), ())
    """
    name = re.sub(r"\s*\d.*$", "", _without_ordinal(place))
    return tuple(_street_word(_fold(word)) for word in _WORD.findall(name))


def _without_ordinal(place):
    """Return a street without the number that it begins with, as ``1e`` or ``4 mei``."""
    return re.sub(r"^\s*\d+(?:e|de|ste)?\s+(?=[^\W\d_]{3})", "", place)


def _street_word(word):
    return re.sub(r"str$", "straat", word)


def _letters(code):
    return re.sub(r"[\s-]", "", code).casefold()


def _fold(word):
    return plain_text(word)


def _digits(number):
    return re.sub(r"\D", "", number)
