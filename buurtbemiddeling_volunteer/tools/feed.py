"""A calendar feed (RFC 5545) that a phone asks for again and again."""

from datetime import datetime

import vobject
from vobject.icalendar import utc

SINCE = datetime(2020, 1, 1)


def make_feed(name, domain, entries):
    """Return a calendar as bytes; each entry has the same UID every time, so that it never doubles.

    :param domain: makes the UIDs this database's own
    :param entries: dicts ``uid``, ``start``, ``stop``, ``changed`` (naive datetimes in UTC),
        ``title``, ``place``, ``is_cancelled``

    >>> at = datetime(2027, 3, 8, 18, 30)
    >>> entry = {"uid": "talk-1", "start": at, "stop": at, "changed": at, "title": "A,\\nB",
    ...          "place": "", "is_cancelled": True}
    >>> text = make_feed("Feed", "x", [entry]).decode()
    >>> "DTSTART:20270308T183000Z" in text, "STATUS:CANCELLED" in text, "A\\\\,\\\\nB" in text
    (True, True, True)
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//Buurtbemiddeling//Odoo//NL"
    calendar.add("x-wr-calname").value = name
    calendar.add("x-published-ttl").value = "PT1H"
    for entry in entries:
        event = calendar.add("vevent")
        event.add("uid").value = f"{entry['uid']}@{domain}"
        event.add("dtstart").value = entry["start"].replace(tzinfo=utc)
        event.add("dtend").value = entry["stop"].replace(tzinfo=utc)
        event.add("summary").value = _printable(entry["title"])
        if entry["place"]:
            event.add("location").value = _printable(entry["place"])
        # without METHOD, DTSTAMP says when it was last revised (RFC 5545, 3.8.7.2)
        changed = entry["changed"].replace(microsecond=0)
        event.add("dtstamp").value = changed.replace(tzinfo=utc)
        event.add("last-modified").value = changed.replace(tzinfo=utc)
        # grows with each change, and stays a small number for calendars that count in 32 bits
        event.add("sequence").value = str(max(int((changed - SINCE).total_seconds()), 0))
        event.add("status").value = "CANCELLED" if entry["is_cancelled"] else "CONFIRMED"
        event.add("class").value = "PRIVATE"
        event.add("transp").value = "TRANSPARENT" if entry["is_cancelled"] else "OPAQUE"
    return calendar.serialize().encode()


def _printable(text):
    """Return a text without the control characters that no calendar may have."""
    return "".join(letter for letter in text if letter >= " " or letter == "\n")
