"""What people open all day beside the cases: My day, Signals, volunteers, and pages of the doors.

Most has no peer, and is judged by its growth: it may take no longer in a country than in a small
organisation. Each page is opened by somebody with about as much work in every database
(`bench.people`): how much somebody has is no matter of the size of the country. As with the other
pages, a trace is left each time, and removed.
"""

import gc
from time import perf_counter

from bench.browser import Browser
from bench.people import find_alike
from bench.timing import REPEATS, WARM_UP, Result, medians
from bench.visitors import specification

DAY = "buurtbemiddeling.attention"
VOLUNTEER = "buurtbemiddeling.volunteer"
PAGE = 80  # lines on a page of a list
LINES = 20  # of volunteers: an organisation in each database has as many
OF_VOLUNTEERS = tuple(f"buurtbemiddeling.{name}" for name in ("volunteer", "assignment", "expense"))


def measure(office, quick):
    """Seconds and queries of each page."""
    results = []
    if coordinator := find_alike(office, "coordinator"):
        results += measure_office(office, *coordinator, quick)
    results += measure_doors(
        office, find_alike(office, "mediator"), find_alike(office, "referrer"), quick
    )
    return results


def rows(action, way, quick, peer_name="", peer=None, remark=""):
    """Seconds and queries of something, beside a peer when there is one.

    :param way: function without parameters that returns what has `seconds` and `queries`
    """
    found = {"ours": [], "peer": []}

    def take(name, function):
        def seconds():
            found[name].append(function())
            return found[name][-1].seconds

        return seconds

    ways = {"ours": take("ours", way)} | ({"peer": take("peer", peer)} if peer else {})
    repeats, warm_up = (1, 0) if quick else (REPEATS, WARM_UP)
    seconds = medians(ways, repeats, warm_up)
    queries = {name: pages[-1].queries for name, pages in found.items() if pages}
    for values, unit in ((seconds, "s"), (queries, "queries")):
        yield Result(
            "daily",
            action,
            values["ours"],
            values.get("peer"),
            peer_name if peer else "",
            unit=unit,
            remark=remark if unit == "s" else "",
        )


# ------------------------------------------------------------
# OF A COORDINATOR
# ------------------------------------------------------------


def measure_office(office, login, count, quick):
    """My day, all signals with what they list, the volunteers, the Monday mail."""
    remark = f"({count} open cases)"
    in_my_day = [("in_my_day", "=", True)]
    with office.request(login) as env:
        day = read_all(env, DAY, "kanban", in_my_day)
        signals = read_all(env, DAY, "kanban", [("res_model", "in", OF_VOLUNTEERS)])
        volunteers = read_all(env, VOLUNTEER, "list", [("stage_id.is_active", "=", True)], LINES)
        lists = list_calls(env)
        user_id = env.uid
    with Browser(office, login) as browser:
        yield from rows("open My day", lambda: browser.open(day), quick, remark=remark)
        yield from rows("open Signals", lambda: browser.open(signals), quick, remark=remark)
        yield from rows(
            f"open the list behind each of {len(lists)} signals, all together",
            lambda: browser.open(lists),
            quick,
            remark=remark,
        )
        yield from rows(
            f"open the list of volunteers, {LINES} lines", lambda: browser.open(volunteers), quick
        )
    yield from rows(
        "make the Monday mail of a coordinator",
        lambda: Digest(office, user_id),
        quick,
        remark=remark,
    )


def read_all(env, model, kind, domain, limit=PAGE):
    """The calls by which the browser opens the first page of a list or of cards."""
    views = env[model].get_views([(False, kind)])
    fields = {name: values["fields"] for name, values in views["models"].items()}
    asked = specification(views["views"][kind]["arch"], model, fields)
    return list_call(model, asked, domain, limit)


def list_call(model, asked, domain, limit=PAGE):
    """The call for the first page of a list."""
    values = {"specification": asked, "domain": domain, "limit": limit, "count_limit": 10001}
    context = {"lang": "nl_NL", "tz": "Europe/Amsterdam", "allowed_company_ids": {"$": "companies"}}
    kwargs = {**values, "offset": 0, "context": context}
    params = {"model": model, "method": "web_search_read", "args": [], "kwargs": kwargs}
    return [[f"/web/dataset/call_kw/{model}/web_search_read", params]]


def list_calls(env):
    """The calls for the list behind each kind of attention: by what it counts."""
    calls, asked = [], {}
    for kind in env[DAY].search([]):
        model = kind.res_model
        if model not in asked:
            [[_path, params]] = read_all(env, model, "list", [])
            asked[model] = params["kwargs"]["specification"]
        calls += list_call(model, asked[model], kind.action_open()["domain"])
    return calls


class Digest:
    """The Monday mail of one coordinator, made and thrown away."""

    def __init__(self, office, user_id):
        with office.request() as env:
            gc.collect()
            before, started = env.cr.sql_log_count, perf_counter()
            env["buurtbemiddeling.digest"]._send_to(env["res.users"].browse(user_id))
            env.flush_all()
            self.seconds = perf_counter() - started
            self.queries = env.cr.sql_log_count - before


# ------------------------------------------------------------
# AT THE DOORS
# ------------------------------------------------------------


def measure_doors(office, mediator, referrer, quick):
    """The pages of a mediator, of a referrer, and the form for residents."""
    if mediator:
        login, count = mediator
        remark = f"({count} cases)"
        with office.request(login) as env:
            mine = env["buurtbemiddeling.assignment"]._get_mine(("accepted",))
            path = f"/my/bemiddelingen/{mine[:1].id}"
        with Browser(office, login) as browser:
            home = "/my/bemiddelingen"
            yield from rows("a mediator's cases", lambda: browser.get(home), quick, remark=remark)
            yield from rows(
                "the page of one case to its mediator", lambda: browser.get(path), quick
            )
    if referrer:
        login, count = referrer
        with office.request(login) as env:
            has_peer = "helpdesk.ticket" in env and env["helpdesk.ticket"].search_count([], limit=1)
        with Browser(office, login) as browser:
            yield from rows(
                "a referrer's referrals",
                lambda: browser.get("/my/verwijzingen"),
                quick,
                "helpdesk, /my/tickets",
                (lambda: browser.get("/my/tickets")) if has_peer else None,
                f"({count} referrals)",
            )
    with office.request() as env:
        open_to_all = [("buurtbemiddeling_request_form", "=", True)]
        company = env["res.company"].search(open_to_all, limit=1)
        path = f"/buurtbemiddeling/aanmelden?organisation={company.id}"
    if company:
        with Browser(office, None) as browser:
            yield from rows("the form for residents", lambda: browser.get(path), quick)
