"""Two coordinators do the same at one moment: each gets a right result, or is told.

Each race is run on purpose and not by luck: see `races.py`.
"""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.office import wait_for
from tests.races import (
    WAITING,
    ask_aftercare,
    fill_in,
    needed,
    needs,
    one_done,
    running,
    sentence,
)

REQUEST = {
    "nuisance_types": "PARKEREN",
    "duration": "months",
    "talked": "tried",
    "story": "De auto staat altijd voor onze deur.",
    "neighbour_street": "Testlaan 12",
    "neighbour_zip": "0123 AB",
    "neighbour_city": "Lindewaard",
    "street": "Testlaan 14",
    "zip": "0123 AB",
    "city": "Lindewaard",
    "name": "Anna Melder",
    "phone": "06 0000 0123",
    "consent": "1",
}
MIN_SECONDS = 3  # a form that is filled in faster comes from a machine
IMPORT = "buurtbemiddeling.import"
pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def world(installed, tmp_path_factory, request):
    """A running Odoo with what the tests of this file need; everybody has logged in."""
    log = tmp_path_factory.mktemp("office") / "odoo.log"
    with running(installed, "bb_test_parallel_office", log, needed(request)) as world:
        yield world


@pytest.fixture
def made(world, request):
    """What was made for a test."""
    return world.made[request.node.name]


@needs("made = quarrel().id")
def test_two_save_the_same_field_of_a_case(world, made):
    """One is kept; the other hears who was first, and nothing of it is overwritten."""
    case = made

    def save(browser, text):
        seen = {"buurtbemiddeling.case": {case: {"referrer_ref": [False, text]}}}
        return browser.ask_call(
            "buurtbemiddeling.case",
            "web_save",
            [case],
            {"referrer_ref": text},
            {"referrer_ref": {}},
            context={"buurtbemiddeling_seen": seen},
        )

    answers = world.race(
        "buurtbemiddeling_case",
        lambda: save(world.first, "een"),
        lambda: save(world.second, "twee"),
    )
    (told,) = one_done(answers)
    (kept,) = [answer["result"][0]["referrer_ref"] for answer in answers if "result" in answer]
    winner = "first" if kept == "een" else "second"
    assert told.startswith(f"{winner} saved ")
    assert world.sql(f"SELECT referrer_ref FROM buurtbemiddeling_case WHERE id = {case}") == kept


@needs("made = quarrel().id")
def test_two_save_other_fields_of_a_case(world, made):
    """Both are kept."""
    case = made

    def save(browser, **vals):
        return browser.ask_call("buurtbemiddeling.case", "web_save", [case], vals, {})

    answers = world.race(
        "buurtbemiddeling_case",
        lambda: save(world.first, referrer_ref="van mij"),
        lambda: save(world.second, channel="visit"),
    )
    assert not any(map(sentence, answers))
    assert (
        world.sql(f"SELECT referrer_ref, channel FROM buurtbemiddeling_case WHERE id = {case}")
        == "van mij|visit"
    )


def test_the_next_case_number(world):
    """The first cases of a year: each has a number of its own."""
    before = int(world.sql("SELECT count(*) FROM buurtbemiddeling_case"))
    browsers = [world.first, world.second, world.browser("first"), world.browser("second")]
    answers = world.race(
        "buurtbemiddeling_case",
        *(
            lambda browser=browser: browser.ask_call(
                "buurtbemiddeling.case", "create", [{"registration_date": "2024-05-01"}] * 3
            )
            for browser in browsers
        ),
    )
    assert not any(map(sentence, answers))
    assert int(world.sql("SELECT count(*) FROM buurtbemiddeling_case")) == before + 12
    names = world.sql("SELECT name FROM buurtbemiddeling_case WHERE name LIKE '2024-%' ORDER BY 1")
    numbers = [int(name.partition("-")[2]) for name in names.split()]
    assert len(set(numbers)) == len(numbers) == 12


CLOSED = """
case = quarrel(stage_id=w.stage("assigned").id)
solved = w.code("outcome", "OPG_BEM")
case.write({"stage_id": case._get_closed_stage().id, "close_date": date(2026, 3, 20),
            "outcome_id": solved.id})
made = case.id, solved.id, w.code("outcome", "NIET_OPG").id, case.party_ids.ids
"""


@needs(CLOSED)
def test_two_note_aftercare(world, made):
    """The second hears what the first noted; not half of each."""
    case, solved, unsolved, parties = made
    answers = world.race(
        "buurtbemiddeling_case",
        ask_aftercare(world.first, case, solved, "solved", parties),
        ask_aftercare(world.second, case, unsolved, "worse", parties),
    )
    (told,) = one_done(answers)
    assert "was noted while you had this window open" in told
    noted = world.sql(
        "SELECT DISTINCT o.code, p.aftercare_result FROM buurtbemiddeling_case c"
        " JOIN buurtbemiddeling_outcome o ON o.id = c.aftercare_outcome_id"
        f" JOIN buurtbemiddeling_case_party p ON p.case_id = c.id WHERE c.id = {case}"
    )
    assert noted in ("OPG_BEM|solved", "NIET_OPG|worse")


@needs(
    'case = quarrel(stage_id=w.stage("assigned").id)\n'
    "made = (case.id, w.code('outcome', 'OPG_BEM').id, w.code('outcome', 'NIET_OPG').id,"
    " case.party_ids.ids)"
)
def test_two_close_a_case(world, made):
    """With another result each: one is kept, with the results of its parties."""
    case, solved, unsolved, parties = made
    closings = []
    for browser, outcome, result in (
        (world.first, solved, "solved"),
        (world.second, unsolved, "unchanged"),
    ):
        wizard = browser.call(
            "buurtbemiddeling.case.close",
            "create",
            [
                {
                    "case_ids": [[6, 0, [case]]],
                    "outcome_id": outcome,
                    "line_ids": [
                        [0, 0, {"party_id": party, "closing_result": result}] for party in parties
                    ],
                }
            ],
        )
        closings.append(
            lambda browser=browser, wizard=wizard: browser.ask_call(
                "buurtbemiddeling.case.close", "action_close", wizard, door="button"
            )
        )
    (told,) = one_done(world.race("buurtbemiddeling_case", *closings))
    assert "is closed already" in told
    noted = world.sql(
        "SELECT DISTINCT o.code, p.closing_result FROM buurtbemiddeling_case c"
        " JOIN buurtbemiddeling_outcome o ON o.id = c.outcome_id"
        f" JOIN buurtbemiddeling_case_party p ON p.case_id = c.id WHERE c.id = {case}"
    )
    assert noted in ("OPG_BEM|solved", "NIET_OPG|unchanged")


@needs(
    'partner = w.make_referral_partner(feedback_wording="result")\n'
    "case = quarrel(referral_partner_id=partner.id,"
    ' referral_contact_id=w.make_contact_person(partner).id, reporter_feedback_consent="yes",'
    " close_date=date(2026, 4, 1), outcome_id=w.code('outcome', 'OPG_BEM').id)\n"
    "made = case.id"
)
def test_the_referrer_is_told_twice(world, made):
    """It is told once; the other coordinator is not bothered."""
    case = made
    tellings = []
    for browser in (world.first, world.second):
        action = browser.call("buurtbemiddeling.case", "action_feedback", [case], door="button")
        tellings.append(
            lambda browser=browser, wizard=action["res_id"]: browser.ask_call(
                "buurtbemiddeling.case.feedback", "action_mail", [wizard], door="button"
            )
        )
    before = int(world.sql("SELECT count(*) FROM mail_mail"))
    answers = world.race("buurtbemiddeling_case", *tellings)
    assert not any(map(sentence, answers))
    rows = world.sql(f"SELECT count(*) FROM buurtbemiddeling_feedback WHERE case_id = {case}")
    assert rows == "1"
    assert int(world.sql("SELECT count(*) FROM mail_mail")) == before + 1


def test_a_request_is_sent_twice(world):
    """A resident taps twice: it is one request."""
    visitor = world.browser(None)
    before = int(world.sql("SELECT count(*) FROM buurtbemiddeling_web_request"))
    send = fill_in(visitor, "/buurtbemiddeling/aanmelden", **REQUEST)
    time.sleep(MIN_SECONDS)
    pages = world.race("buurtbemiddeling_web_request", send, send)
    assert {page.status_code for page in pages} == {303}, [page.text[-2000:] for page in pages]
    after = int(world.sql("SELECT count(*) FROM buurtbemiddeling_web_request"))
    assert after == before + 1


# a year of three cases, of which one is closed; with an open case
BENCHMARK = (
    "company = env['res.company'].create({'name': f'Jaar {datetime.now()}'})\n"
    "users = env['res.users'].search([('login', 'in', ('first', 'second'))])\n"
    "users.company_ids += company\nw.company = company\n"
    "cases = w.env['buurtbemiddeling.case'].create([{'registration_date': date(2025, 3, 1),"
    " 'company_id': company.id, 'intake_decision': 'suitable'}] * 3)\n"
    "closed = {'stage_id': cases._get_closed_stage().id, 'close_date': date(2025, 5, 1),"
    " 'outcome_id': w.code('outcome', 'OPG_BEM').id}\n"
    "cases[0].write(closed)\n"
    "benchmark = env['buurtbemiddeling.benchmark'].create({'year': 2025,"
    " 'company_id': company.id})\nbenchmark.action_compute()\n"
    "made = company.id, benchmark.id, cases[1].id, cases._get_closed_stage().id,"
    " w.code('outcome', 'OPG_BEM').id"
)


def count_closed(world, benchmark):
    """Return how many cases are closed by the figure, and by the facts that are kept with it."""
    line = world.sql(
        "SELECT value FROM buurtbemiddeling_benchmark_line l"
        " JOIN buurtbemiddeling_indicator i ON i.id = l.indicator_id"
        f" WHERE l.benchmark_id = {benchmark} AND i.code = 'cases_closed'"
        " AND l.dimension_id IS NULL"
    )
    return float(line)


@needs(BENCHMARK)
def test_a_benchmark_is_frozen_while_a_case_is_closed(world, made):
    """The figures are of one moment, and what came after is shown as a difference."""
    company, benchmark, case, stage, outcome = made
    context = {"allowed_company_ids": [company]}
    closing = {"stage_id": stage, "close_date": "2025-06-01", "outcome_id": outcome}
    with ThreadPoolExecutor(1) as pool:
        with world.held("buurtbemiddeling_benchmark", lambda: True):
            freezing = pool.submit(
                world.first.ask_call,
                "buurtbemiddeling.benchmark",
                "action_freeze",
                [benchmark],
                door="button",
                context=context,
            )
            wait_for(lambda: int(world.sql(WAITING)) >= 1)
            world.second.call("buurtbemiddeling.case", "write", [case], closing, context=context)
        assert not sentence(freezing.result(timeout=60))
    assert count_closed(world, benchmark) == 1
    world.first.call(
        "buurtbemiddeling.benchmark", "action_check", [benchmark], door="button", context=context
    )
    differing = world.sql(
        "SELECT count(*) FROM buurtbemiddeling_benchmark_difference"
        f" WHERE benchmark_id = {benchmark}"
    )
    assert int(differing) > 0
    assert count_closed(world, benchmark) == 1


@needs(BENCHMARK)
def test_figures_that_grew_old_are_not_frozen(world, made):
    """Who freezes after the case was closed is told to compute again."""
    company, benchmark, case, stage, outcome = made
    context = {"allowed_company_ids": [company]}
    closing = {"stage_id": stage, "close_date": "2025-06-01", "outcome_id": outcome}
    world.second.call("buurtbemiddeling.case", "write", [case], closing, context=context)
    freeze = ("buurtbemiddeling.benchmark", "action_freeze", [benchmark])
    told = sentence(world.first.ask_call(*freeze, door="button", context=context))
    assert told and "again" in told


@needs(BENCHMARK)
def test_a_benchmark_is_frozen_twice_and_computed_meanwhile(world, made):
    """Whatever comes first, the frozen figures are whole and of one computation."""
    company, benchmark, *_others = made
    context = {"allowed_company_ids": [company]}

    def press(browser, button):
        return browser.ask_call(
            "buurtbemiddeling.benchmark", button, [benchmark], door="button", context=context
        )

    lines = "SELECT count(*) FROM buurtbemiddeling_benchmark_line WHERE benchmark_id = %s"
    before = world.sql(lines % benchmark)
    answers = world.race(
        "buurtbemiddeling_benchmark",
        lambda: press(world.first, "action_freeze"),
        lambda: press(world.second, "action_freeze"),
        lambda: press(world.browser("second"), "action_compute"),
    )
    told = [sentence(answer) for answer in answers]
    assert told[:2].count(None) == 1, told
    state = f"SELECT state FROM buurtbemiddeling_benchmark WHERE id = {benchmark}"
    assert world.sql(state) == "frozen"
    assert world.sql(lines % benchmark) == before
    assert count_closed(world, benchmark) == 1


def start_import(world, count):
    """Upload the same sheet of so many rows with both administrators; return the two imports."""
    rows = "\n".join(f"{count}-{n};01-02-2024;Anna {n};Bert {n}" for n in range(count))
    sheet = f"Zaaknummer;Datum aanmelding;Naam melder;Naam wederpartij\n{rows}\n"
    content = base64.b64encode(sheet.encode()).decode()
    made = []
    for browser in (world.first, world.second):
        (id_,) = browser.call(
            IMPORT, "create", [{"kind": "case", "file": content, "filename": "zaken.csv"}]
        )
        for button in ("action_read", "action_to_codes", "action_check"):
            browser.call(IMPORT, button, [id_], door="button")
        made.append(id_)
    return made


def test_the_same_sheet_is_imported_by_two_at_once(world):
    """Each row becomes one case, whoever of the two makes it."""
    first, second = start_import(world, 60)
    before = int(world.sql("SELECT count(*) FROM buurtbemiddeling_case"))
    answers = world.race(
        "buurtbemiddeling_case",
        lambda: world.first.ask_call(IMPORT, "action_run", [first], door="button"),
        lambda: world.second.ask_call(IMPORT, "action_run", [second], door="button"),
    )
    assert not any(map(sentence, answers)), answers
    states = (
        f"SELECT state, stopped_why FROM buurtbemiddeling_import WHERE id IN ({first},{second})"
    )
    assert world.sql(states).split() == ["done|", "done|"]
    assert int(world.sql("SELECT count(*) FROM buurtbemiddeling_case")) == before + 60


def test_one_import_is_started_by_two_at_once(world):
    """Two press the button of one import: nothing is done twice."""
    first, _second = start_import(world, 50)
    before = int(world.sql("SELECT count(*) FROM buurtbemiddeling_case"))
    world.race(
        "buurtbemiddeling_case",
        *(
            lambda browser=browser: browser.ask_call(IMPORT, "action_run", [first], door="button")
            for browser in (world.first, world.second)
        ),
    )
    state = f"SELECT state FROM buurtbemiddeling_import WHERE id = {first}"
    assert world.sql(state) == "done"
    assert int(world.sql("SELECT count(*) FROM buurtbemiddeling_case")) == before + 50
