"""Which organisation works where, and in which neighbourhoods."""

INHABITANTS_A_CASE = 840  # a year: 17.6 million for 21,000 cases
DIVIDED_FROM = 10_000  # inhabitants from which a municipality is divided into neighbourhoods
NEIGHBOURHOOD = 5_000  # inhabitants of one, more or less
UNTOLD = 0.1  # share of cases of a divided municipality of which only the municipality is known
NAMES = (
    "Centrum|Noord|Oost|Zuid|West|Molenkwartier|De Weide|Waterkant|Oosterakker|Bovenheide|"
    "Spoorwijk|Bloemenbuurt|Vogelwijk|Componistenwijk|Schildersbuurt|Havenkwartier|"
    "Stationsbuurt|De Horst|Rivierenwijk|Zeeheldenbuurt|Industriewijk|Tuindorp|De Hoven|"
    "Kastelenbuurt|Het Zand|Nieuwland|Oranjewijk|Transvaal|Overvecht|De Linden"
).split("|")


def shares(number):
    """How the work is shared by organisations: the first does a ninth of the country's.

    >>> [round(share, 2) for share in shares(3)]
    [0.43, 0.32, 0.26]
    >>> round(shares(50)[0], 2), round(shares(50)[49], 3)
    (0.11, 0.006)
    """
    weights = [1 / (3 + place) for place in range(number)]
    return [weight / sum(weights) for weight in weights]


def parts(total, weights):
    """A whole number in whole parts by weight, which add up to it.

    >>> parts(10, [1, 1, 1])
    [3, 4, 3]
    """
    found, so_far, given = [], 0, 0
    for weight in weights:
        so_far += weight
        upto = round(total * so_far / sum(weights))
        found.append(upto - given)
        given = upto
    return found


def choose(inhabitants, number, wanted):
    """The neighbours in the list of `{area: inhabitants}`, largest first, that have about so many.

    >>> choose({"a": 50, "b": 9, "c": 5, "d": 4, "e": 1}, 2, 10)
    ['c', 'd']
    """
    ordered = sorted(inhabitants, key=lambda area: (-inhabitants[area], area))
    windows = [ordered[start : start + number] for start in range(len(ordered) - number + 1)]
    return min(windows, key=lambda window: abs(sum(map(inhabitants.get, window)) - wanted))


def deal(inhabitants, weights):
    """Areas dealt by inhabitants: each, largest first, to who is furthest from its share.

    >>> deal({"a": 5, "b": 4, "c": 1}, [0.6, 0.4])
    [['a', 'c'], ['b']]
    """
    lacking = [weight * sum(inhabitants.values()) for weight in weights]
    dealt = [[] for _weight in weights]
    ordered = sorted(inhabitants, key=lambda area: (-inhabitants[area], area))
    for place, area in enumerate(ordered):
        left = len(ordered) - place
        empty = [index for index, areas in enumerate(dealt) if not areas]
        candidates = empty if len(empty) == left else range(len(dealt))
        chosen = max(candidates, key=lambda index: (lacking[index], -index))
        dealt[chosen].append(area)
        lacking[chosen] -= inhabitants[area]
    return dealt


def divide(area):
    """Values of the neighbourhoods of a municipality; none of a small one."""
    if area.inhabitants < DIVIDED_FROM:
        return []
    number = min(area.inhabitants // NEIGHBOURHOOD, len(NAMES))
    sizes = parts(area.inhabitants, [2 + (place * 7) % 5 for place in range(number)])
    return [
        {
            "name": NAMES[place],
            "code": f"BU{area.code[2:]}{place:04d}",
            "kind": "neighbourhood",
            "parent_id": area.id,
            "inhabitants": size,
        }
        for place, size in enumerate(sizes)
    ]
