"""What everything that makes cases has at hand, and what it passes on."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .desks import Desk, Lists
from .homes import Residents
from .journeys import WorkingDays
from .words import Words

# the last cases take some time, and have norms after that
AFTERWARDS = timedelta(730)
NETHERLANDS = ZoneInfo("Europe/Amsterdam")


class Kit:
    """The database, chance, the lists of the field, and what day it is."""

    def __init__(self, env, world, writer, chance):
        self.env = env
        self.add = writer.add
        self.next_id = writer.next_id
        self.chance = chance
        self.random = chance.random
        self.today = world.last_day
        self.holidays = world.holidays
        self.lists = Lists(env)
        self.words = Words(env)
        self.residents = Residents()
        self.get_door_keys = env["buurtbemiddeling.case.party"]._get_door_keys
        working = WorkingDays(world.first_day, world.last_day + AFTERWARDS, world.holidays)
        self.desks = [
            Desk(env, index, organisation, working)
            for index, organisation in enumerate(world.organisations)
        ]
        self.hours_ahead = {}
        self.following = set()  # (referral partner, coordinator)
        self.last_told = {}  # {referral partner: the last message}

    def within(self, number):
        """A whole number from 0, less than `number`."""
        return int(number * self.random())

    def one_of(self, sequence):
        """One of these."""
        return sequence[int(len(sequence) * self.random())]

    def moment(self, day, hour, minute=0):
        """A moment of the Dutch day, in universal time as it is stored."""
        if day not in self.hours_ahead:  # two in summer, one in winter
            self.hours_ahead[day] = datetime.combine(day, time(12), NETHERLANDS).utcoffset()
        return datetime.combine(day, time(hour, minute)) - self.hours_ahead[day]


@dataclass
class Party:
    """A party: the values of its row, and what else is known of it."""

    values: dict
    name: str = ""
    email: str | None = None
    is_new: bool = False  # whether its contact was made for this case

    @property
    def email_from(self):
        """Who a mail of theirs is from."""
        return f'"{self.name}" <{self.email}>'


@dataclass
class File:
    """A case while it is made."""

    desk: Desk
    journey: object
    case: dict  # the values of its row
    came_in: datetime
    trace: dict  # who made it when, and changed it last
    nuisance: str = ""
    parties: list = field(default_factory=list)  # the reporter first, then the other party
    mails: list = field(default_factory=list)  # to and of residents: (day, party, kind, is answer)

    @property
    def coordinator_id(self):
        """The contact of the coordinator."""
        return self.desk.partner_ids[self.case["user_id"]]

    def under(self, **values):
        """Values of a row under the case."""
        return {
            "case_id": self.case["id"],
            "company_id": self.desk.company_id,
            **values,
            **self.trace,
        }
