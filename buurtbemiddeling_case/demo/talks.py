"""When and where the talks of the demo cases are, and how they ended. Plain data, no records."""

from random import Random

from .journeys import SEED

EVENING, OFFICE = ((18, 30), (19, 0), (19, 30), (20, 0)), ((10, 0), (11, 0), (13, 30), (15, 0))
LATE = (19, 30)  # a talk of today is mostly still to come when the demo is made
DURATIONS = {
    "talk_a": (1.25, 1.5, 1.5), "approach_b": (0.25, 0.5), "talk_b": (1.0, 1.25, 1.5),
    "mediation": (1.5, 2.0, 2.0), "aftercare": (0.25, 0.5),
}  # fmt: skip
PLACES = {
    "talk_a": {"home_a": 74, "room": 22, "phone": 4},
    "approach_b": {"home_b": 1},
    "talk_b": {"home_b": 66, "room": 30, "phone": 4},
    "mediation": {"room": 1},
    "aftercare": {"phone": 1},
}
CANCELLED_BY = {"a": 25, "b": 40, "mediator": 25, "place": 10}


def draw(rng, shares):
    """Draw one key of ``{key: share}``."""
    return rng.choices(list(shares), list(shares.values()))[0]


class Agenda:
    """Gives every talk an hour and a place; a room holds one talk in a part of the day."""

    def __init__(self, rooms, today):
        """:param rooms: ``{town: [names of rooms]}``"""
        self.rooms = rooms
        self.today = today
        self.taken = set()  # (room, day, in the evening)

    def plan(self, case):
        """Return the talks of a case as dictionaries."""
        rng = Random(f"{SEED}/talks/{case['number']}")
        journey = case["journey"]
        return [self._talk(rng, case, *talk, number) for number, talk in enumerate(journey.talks)]

    def _talk(self, rng, case, kind, day, state, number):
        journey = case["journey"]
        evening = kind != "aftercare" and day.weekday() < 4 and rng.random() < 0.65
        hour = rng.choice(EVENING if evening else OFFICE)
        if day == self.today and state == "planned":
            evening, hour = True, LATE
        talk = {
            "kind": kind,
            "day": day,
            "hour": hour,
            "duration": rng.choice(DURATIONS[kind]),
            "state": state,
            "place": draw(rng, PLACES[kind]),
        }
        ending = journey.ending
        if ending and ending.intervention == "TELEFONISCH_ONLINE" and kind == "talk_b":
            talk["place"] = "online"
        if talk["place"] == "room":
            talk["room"] = self._book(rng, case["city"], day, evening)
        if state == "done":
            talk["outcome"] = journey.outcome_of(number)
        elif state == "cancelled":
            talk["cancel_reason"] = draw(rng, CANCELLED_BY)
        return talk

    def _book(self, rng, city, day, evening):
        """Return a free room in the town, or else in the other one."""
        near = rng.sample(self.rooms[city], len(self.rooms[city]))
        far = [room for town, rooms in self.rooms.items() if town != city for room in rooms]
        room = next(room for room in near + far if (room, day, evening) not in self.taken)
        self.taken.add((room, day, evening))
        return room
