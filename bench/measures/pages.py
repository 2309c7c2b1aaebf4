"""Opening pages: what the browser of a coordinator asks, beside that of a seller and of a helpdesk.

The calls were recorded from a real browser (`pages.json`, made anew by `bin/bench --record`). They
are asked with the record rules of the user who is logged in, and are counted to the last byte of
the answer. A page that may be opened again leaves its trace each time.

Beside the peers it is the coordinator of the largest organisation; theirs is a seller in the same
one, who may see as many records. Whether a page grows is seen by a coordinator who has about as
many cases in each database (`bench.people`).
"""

import copy
import json
import math
import statistics
from pathlib import Path

from lxml import etree

from bench.browser import Browser
from bench.people import find_alike
from bench.timing import REPEATS, WARM_UP, Result, medians

RECORDING = Path(__file__).with_suffix(".json")
COORDINATOR, SELLER = "coordinator1", "sales1"
ALONG = ("activity_", "display_name")  # what the web client asks for by itself
SUBJECTS = 5  # different records and words that are taken in turn

CASE = "buurtbemiddeling.case"
LEAD = "crm.lead"
TICKET = "helpdesk.ticket"
PEERS = {LEAD: "crm.lead", TICKET: "helpdesk ticket"}
ACTIONS = {
    CASE: "buurtbemiddeling_case.buurtbemiddeling_case_action",
    LEAD: "crm.crm_lead_action_pipeline",
    TICKET: "helpdesk_mgmt.helpdesk_ticket_action",
}
LOGINS = {CASE: COORDINATOR, LEAD: SELLER, TICKET: SELLER}
# The board and the list of a team, as ours show those of an organisation; crm opens with one's own.
OPENED = {CASE: {}, LEAD: {"context": {"default_type": "opportunity"}}, TICKET: {}}
# Whoever looks for somebody looks in all years: without the filters with which the page opens.
UNFILTERED = {
    CASE: {},
    LEAD: {"default_type": "opportunity", "show_user_team_stages": 1},
    TICKET: {},
}
# Ours finds people and addresses by one line in the search bar. The search bar of crm finds people,
# and that of helpdesk by its second line; an address is a filter of one's own there.
NAME_LINE = {CASE: 0, LEAD: 0, TICKET: 1}
ADDRESS = {
    LEAD: [["type", "=", "opportunity"], ["street", "ilike", "SOUGHT"]],
    TICKET: [["partner_id.street", "ilike", "SOUGHT"]],
}
PAGES = {
    "board": "open the board",
    "list": "open the list",
    "name": "search by name",
    "address": "search by street and number",
    "form": "open a form with its messages",
}
LARGE = 10_000  # cases from which a page has to be as quick as that of a peer
PAGES_OF_MANY = ("board", "list")  # these hold as many as there are, or as fit


def measure(office, quick):
    """Time and queries of each page, ours beside each peer."""
    recording = json.loads(RECORDING.read_text(encoding="utf-8"))
    check_recording(office, recording)
    repeats, warm_up = (1, 0) if quick else (REPEATS, WARM_UP)
    return [
        *measure_beside_peers(office, recording, repeats, warm_up),
        *measure_alike(office, recording, repeats, warm_up),
    ]


def measure_beside_peers(office, recording, repeats, warm_up):
    """Each page of the largest organisation, beside as many records of each peer.

    With a few thousand records there is nothing to search through: what a page shows takes all of
    its time, and ours shows more. That is told and not judged.
    """
    with office.request() as env:
        limit = 1 if env[CASE].search_count([]) >= LARGE else None
    subjects = {model: find_subjects(office, model, LOGINS[model]) for model in ACTIONS}
    with Browser(office, COORDINATOR) as coordinator, Browser(office, SELLER) as seller:
        browsers = {COORDINATOR: coordinator, SELLER: seller}
        for page in PAGES:
            ways = {
                model: Opening(browsers[LOGINS[model]], recording[f"{model} {page}"], values)
                for model in ACTIONS
                if (values := subjects[model].get(page))
            }
            if CASE not in ways:
                continue
            if page in PAGES_OF_MANY:
                shown = ways[CASE].count_rows()
                for way in ways.values():
                    way.show(shown)
            seconds = medians({model: way.seconds for model, way in ways.items()}, repeats, warm_up)
            for peer in PEERS:
                if peer in ways:
                    yield from compared(page, seconds, ways, peer, limit)


def compared(page, seconds, ways, peer, limit):
    """Seconds and queries of a page of ours beside a peer's."""
    action, peer_name = PAGES[page], PEERS[peer]
    rows = f"{ways[CASE].rows} rows beside {ways[peer].rows}" if page != "form" else ""
    queries = {model: ways[model].queries for model in (CASE, peer)}
    for values, unit, most, remark in (
        (seconds, "s", limit, rows),
        (queries, "queries", None, ""),
    ):
        yield Result(
            "pages",
            action,
            values[CASE],
            values[peer],
            peer_name,
            limit=most,
            unit=unit,
            remark=remark,
            grows=False,
        )


def measure_alike(office, recording, repeats, warm_up):
    """Each page of an organisation with about as many open cases in each database."""
    login, _open = find_alike(office, "coordinator") or (None, 0)
    if not login:
        return
    subjects = find_subjects(office, CASE, login)
    with Browser(office, login) as browser:
        for page, action in PAGES.items():
            if not subjects[page]:
                continue
            way = Opening(browser, recording[f"{CASE} {page}"], subjects[page])
            [seconds] = medians({CASE: way.seconds}, repeats, warm_up).values()
            action = f"{action}, of a small organisation"
            remark = f"{way.rows} rows" if page != "form" else ""
            yield Result("pages", action, seconds, remark=remark)
            yield Result("pages", action, way.queries, unit="queries")


class Opening:
    """A page that is opened time and again, each time of the next of its subjects."""

    def __init__(self, browser, calls, subjects):
        self.browser = browser
        self.calls = calls
        self.subjects = subjects
        self.pages = []

    def seconds(self):
        """How long it takes to open it once more."""
        subject = self.subjects[len(self.pages) % len(self.subjects)]
        self.pages.append(self.browser.open(self.calls, **subject))
        return self.pages[-1].seconds

    def count_rows(self):
        """Open it once, out of count, and return how many records it shows."""
        self.seconds()
        rows = self.rows
        self.pages.clear()
        return rows

    def show(self, number):
        """Let a board or a list hold so many records at most, and count whether there are more.

        That of ours may hold fewer than fit on a page, and the peers are not to read more then.
        """
        self.seconds()
        answer = self.pages.pop().answers[-1]
        columns = 1
        if isinstance(answer, dict) and "groups" in answer:
            columns = sum(bool(group.get("__records")) for group in answer["groups"]) or 1
        self.calls = copy.deepcopy(self.calls)
        for _path, params in self.calls:
            for name in ("limit", "unfold_read_default_limit"):
                if name in params.get("kwargs", ()):
                    params["kwargs"][name] = max(math.ceil(number / columns), 1)

    @property
    def queries(self):
        """How many queries the page took: the median, so without what is cached after once."""
        return statistics.median(page.queries for page in self.pages)

    @property
    def rows(self):
        """How many records came back, the last time."""
        return max(map(count_records, self.pages[-1].answers))


def count_records(answer):
    """How many records are in the answer of a call."""
    if isinstance(answer, dict) and "groups" in answer:
        return sum(len(group.get("__records", ())) for group in answer["groups"])
    if isinstance(answer, dict):
        return len(answer.get("records", ()))
    return len(answer)


# ------------------------------------------------------------
# WHAT IS OPENED
# ------------------------------------------------------------


def find_subjects(office, model, login):
    """What to open and to search for, `{page: [values, …]}`, spread over what the user may see."""
    with office.request(login) as env:
        records = spread(env[model])
        contacts = records.party_ids.partner_id if model == CASE else records.partner_id
        contacts = contacts.filtered(lambda contact: contact.name and contact.street)[:SUBJECTS]
        return {
            "board": [{}],
            "list": [{}],
            "name": [{"sought": contact.name} for contact in contacts],
            "address": [{"sought": contact.street} for contact in contacts],
            "form": [{"id": record.id} for record in records],
        }


def spread(model):
    """Some ordinary open records with messages: of ours, in which mediators are at work."""
    domain = [("partner_id", "!=", False)]
    if model._name == CASE:
        phases = ("talk_a", "approach_b", "talk_b", "mediation")
        domain = [("is_closed", "=", False), ("stage_id.code", "in", phases)]
    records = model.search([*domain, ("message_ids", "!=", False)]) or model.search(domain)
    if model._name == CASE:
        records = records.filtered(lambda case: len(case.party_ids) >= 2) or records
    return records[:: max(len(records) // SUBJECTS, 1)][:SUBJECTS]


# ------------------------------------------------------------
# RECORDING
# ------------------------------------------------------------


def record(office):
    """Let a real browser open the pages, and keep what it asks."""
    from bench.recorder import Opened
    from bench.recorder import record as watch

    pages = {}
    for model, action in ACTIONS.items():
        with office.request(LOGINS[model]) as env:
            before, latest = env[model].search([], order="id desc", limit=2).sorted("id").ids
        everything = {"context": UNFILTERED[model]}
        listed = {"viewType": "list"}
        opened = {
            "board": Opened(action, {"viewType": "kanban"}, OPENED[model]),
            "list": Opened(action, listed, OPENED[model]),
            "name": Opened(action, listed, everything, sought="SOUGHT", down=NAME_LINE[model]),
            "address": Opened(action, listed, everything, sought="SOUGHT"),
            # another one first: of what was open before, the browser has the messages
            "form": Opened(action, as_form(latest), values={"id": latest}, before=as_form(before)),
        }
        if model in ADDRESS:
            changes = {**everything, "domain": ADDRESS[model]}
            opened["address"] = Opened(action, listed, changes, values={"sought": "SOUGHT"})
        pages.setdefault(LOGINS[model], {}).update(
            {f"{model} {page}": how for page, how in opened.items()}
        )
    recorded = watch(office, pages)
    text = json.dumps(recorded, indent=1, sort_keys=True)
    RECORDING.write_text(text + "\n", encoding="utf-8")


def as_form(res_id):
    """The options to open the form of a record."""
    return {"viewType": "form", "props": {"resId": res_id}}


def check_recording(office, recording):
    """Refuse a recording that asks for other fields than our views do now.

    :raise RuntimeError: the views have changed since
    """
    with office.request(COORDINATOR) as env:
        for page, kind, key in (
            ("board", "kanban", "unfold_read_specification"),
            ("list", "list", "specification"),
            ("form", "form", "specification"),
        ):
            asked = recording[f"{CASE} {page}"][0][1]["kwargs"][key].keys()
            arch = etree.fromstring(env[CASE].get_view(view_type=kind)["arch"])
            shown = set(arch.xpath("//field[not(ancestor::field)]/@name"))
            changed = {name for name in shown ^ asked if not name.startswith(ALONG)}
            if changed:
                raise RuntimeError(
                    f"The {kind} of cases has changed ({', '.join(sorted(changed))}). Record anew "
                    "what the browser asks: bin/bench --record"
                )
