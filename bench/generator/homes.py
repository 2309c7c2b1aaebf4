"""Where made-up residents live, how they are reached, and what they say. Nobody, nowhere."""

from dataclasses import dataclass
from itertools import count

from .people import FIRST_NAMES, LAST_NAMES

STREETS = (
    "Merelhof|Lijsterlaan|Wulpstraat|Kievitsweg|Reigerpad|Zwaluwplein|Vinkenhof|Spechtdreef|"
    "Berkenlaan|Elzenstraat|Esdoornweg|Populierhof|Wilgenpad|Kastanjeplein|Lindedreef|Meidoornlaan|"
    "Anjerstraat|Klaproosweg|Korenbloemhof|Zonnebloempad|Tulpplein|Narcisdreef|Irislaan|Asterstraat|"
    "Molenweg|Wiekhof|Maalderijpad|Bakkersplein|Smidsdreef|Kuiperslaan|Weverstraat|Touwslagersweg|"
    "Sluishof|Kadepad|Havenplein|Brugdreef|Dijklaan|Polderstraat|Veldweg|Akkerhof|Weidepad|Heideplein|"
    "Bosdreef|Duinlaan|Zandstraat|Kleiweg|Turfhof|Veenpad|Steenplein|Marmerdreef|Granietlaan|"
    "Kwartsstraat|Saffierweg|Robijnhof|Topaaspad|Opaalplein|Barnsteendreef|Koraallaan|Schelpstraat"
).split("|")
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
FLAT = ("above", "below")

STORIES = {
    "GELUID_PERSONEN": "Wij horen de buren lopen en met deuren slaan, tot laat in de nacht.",
    "GELUID_APPARATUUR": "De muziek staat zo hard dat het glaswerk in onze kast meetrilt.",
    "GELUID_KLUSSEN": "Er wordt al weken geboord en gehamerd, ook op zondag en in de avond.",
    "KINDEREN": "De kinderen ballen de hele middag tegen onze muur en rennen door het huis.",
    "DIEREN": "De hond blaft zodra zij van huis zijn, soms uren achter elkaar.",
    "PESTEN_LASTIGVALLEN": "Wij worden nagekeken en uitgelachen als wij langs hun huis lopen.",
    "VERSTOORDE_RELATIE": "Wij groeten elkaar niet meer en alles is aanleiding voor ruzie.",
    "INTIMIDATIE_BEDREIGING": "Zij stond schreeuwend aan de deur en dat durven wij niet nog eens.",
    "TUIN_ERFAFSCHEIDING": "De schutting staat volgens ons een halve meter op onze grond.",
    "ROOK_BBQ": "Als zij de vuurkorf aansteken moeten bij ons alle ramen dicht.",
    "STANK_GEUR": "Er komt een lucht door de afvoer waar wij misselijk van worden.",
    "ROMMEL_VUILNIS": "De galerij staat vol met vuilniszakken en oude spullen.",
    "PARKEREN": "De bus staat elke dag zo dat wij onze oprit niet af kunnen.",
    "VERNIELING": "De plantenbakken zijn voor de derde keer omgegooid.",
    "LEEFSTIJL": "Zij leven in de nacht en slapen overdag, wij juist andersom.",
    "OVERIG": "Er is van alles voorgevallen en wij komen er samen niet uit.",
}
HOW_LONG = (
    "Het speelt nu een paar maanden.",
    "In het begin viel het mee, de laatste tijd is het veel erger.",
    "Sinds zij hier wonen is het zo.",
    "Vroeger konden wij goed met elkaar opschieten.",
    "Het gaat met pieken, soms is het weken stil.",
)
WISHES = (
    "Ik wil graag rustig met ze praten, met iemand erbij.",
    "Ik heb het een keer gezegd en dat hielp een week.",
    "Ik durf er niet meer over te beginnen.",
    "Ik wil gewoon weer kunnen slapen.",
    "Verhuizen wil ik niet, dus we moeten er samen uitkomen.",
)
ANSWERS = (
    "Wij wisten niet dat dit zo te horen was.",
    "Zij klagen overal over, wij doen niets bijzonders.",
    "Er is nooit iets tegen ons gezegd, wij kregen meteen een brief.",
    "Wij willen best rekening houden, maar zij ook met ons.",
)
AGREEMENTS = (
    "Na tien uur 's avonds is het stil.",
    "Klussen gebeurt op werkdagen tot zeven uur en op zaterdag tot vijf uur.",
    "Wie een feest geeft, zegt dat een week eerder.",
    "De hond blijft niet langer dan vier uur alleen.",
    "De muziek staat overdag zo dat die hiernaast niet te verstaan is.",
    "De haag wordt in mei en september geknipt, op gezamenlijke kosten.",
    "De auto staat niet voor de oprit.",
    "Wie last heeft, stuurt eerst een bericht en belt niet meteen een instantie.",
    "De buren groeten elkaar weer.",
    "Over een half jaar drinken zij samen koffie om te zien hoe het gaat.",
)
# to residents by mail: (subject, body)
MAILS = {
    "received": (
        "Uw vraag aan Buurtbemiddeling",
        "<p>Beste bewoner,</p><p>Wij hebben uw vraag besproken. Binnen een week hoort u van ons hoe"
        " het verder gaat. Wat u vertelt, blijft tussen u en ons.</p><p>Met vriendelijke groet,<br>"
        "Buurtbemiddeling</p>",
    ),
    "answer": (
        "Re: Uw vraag aan Buurtbemiddeling",
        "<p>Dank u wel. Deze week ben ik het beste na zes uur te bereiken.</p>",
    ),
    "approach": (
        "Een vraag van Buurtbemiddeling",
        "<p>Beste bewoner,</p><p>Iemand uit uw buurt heeft ons gevraagd om mee te denken. Wij horen"
        " graag hoe u het ziet. Wilt u ons bellen of mailen? Meedoen is vrijwillig.</p><p>Met"
        " vriendelijke groet,<br>Buurtbemiddeling</p>",
    ),
    "thanks": (
        "Bedankt voor het gesprek",
        "<p>Beste bewoner,</p><p>Bedankt voor uw vertrouwen. Over enkele weken vragen wij u hoe het"
        " nu gaat.</p><p>Met vriendelijke groet,<br>Buurtbemiddeling</p>",
    ),
}


@dataclass(slots=True)
class Home:
    """An address."""

    street: str
    zip: str
    city: str


class Homes:
    """Homes in one organisation, so few that some come back."""

    def __init__(self, towns):
        """:param towns: `{area: name of its municipality}`"""
        self.towns = towns

    def a_place(self, chance):
        """A street and a number in it."""
        return int(len(STREETS) * chance.random()), 1 + int(160 * chance.random())

    def near(self, number, relation, chance):
        """The number of a neighbour in the same street."""
        if relation in FLAT:  # in a flat the next floor is some numbers further
            return number + (24 if relation == "above" else 48)
        if relation in ("opposite", "behind", "other"):
            return number + 1 + 2 * int(3 * chance.random())
        return number + 2

    def at(self, area, place, number):
        """The home at this number."""
        digits = f"0{area % 1000:03d}"  # no postcode begins with 0
        letters = LETTERS[place % 20] + LETTERS[(place // 20 * 7 + number // 24) % 20]
        return Home(f"{STREETS[place]} {number}", f"{digits} {letters}", self.towns[area])


class Residents:
    """Names, phone numbers and addresses of residents: every number and address is one's own."""

    def __init__(self):
        self.numbers = count(1)

    def a_name(self, chance):
        """A first and a last name."""
        first = FIRST_NAMES[int(len(FIRST_NAMES) * chance.random())]
        return f"{first} {LAST_NAMES[int(len(LAST_NAMES) * chance.random())]}"

    def reach(self, name, has_phone, has_mail):
        """A phone number that nobody has, and a mail address that does not exist; or None."""
        number = next(self.numbers)
        phone = f"06-0{number * 7_368_787 % 10_000_000:07d}" if has_phone else None
        # the first name without accents, as nobody has them in an address
        plain = "".join(letter for letter in name.split()[0].lower() if "a" <= letter <= "z")
        return phone, f"{plain}.{number}@example.org" if has_mail else None
