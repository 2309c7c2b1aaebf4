"""Mediators and the office do the same at one moment: each gets a right result, or is told.

Each race is run on purpose and not by luck: see `races.py`.
"""

import pytest

from tests.races import ask_aftercare, fill_in, needed, needs, one_done, running, sentence

pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def world(installed, tmp_path_factory, request):
    """A running Odoo with what the tests of this file need; everybody has logged in."""
    log = tmp_path_factory.mktemp("mediators") / "odoo.log"
    with running(installed, "bb_test_parallel_mediators", log, needed(request)) as world:
        yield world


@pytest.fixture
def made(world, request):
    """What was made for a test."""
    return world.made[request.node.name]


@needs("made = quarrel().id, vera.id")
def test_a_mediator_is_invited_twice(world, made):
    """One invitation, one mail; the other coordinator hears that it was done."""
    case, vera = made
    answers = world.race(
        "buurtbemiddeling_assignment",
        *(
            lambda browser=browser: browser.ask_call(
                "buurtbemiddeling.assignment", "create", [{"case_id": case, "volunteer_id": vera}]
            )
            for browser in (world.first, world.second)
        ),
    )
    (told,) = one_done(answers)
    assert "invited or at work in this case already" in told
    rows = world.sql(f"SELECT count(*) FROM buurtbemiddeling_assignment WHERE case_id = {case}")
    assert rows == "1"


@needs("made = quarrel().id")
def test_a_pair_is_proposed_twice_and_invited_twice(world, made):
    """Both coordinators press the same button of the proposal."""
    case = made
    pairs = []
    for browser in (world.first, world.second):
        action = browser.call("buurtbemiddeling.case", "action_couple", [case], door="button")
        pairs.append(
            browser.find("buurtbemiddeling.couple.pair", [["wizard_id", "=", action["res_id"]]])
        )
    answers = world.race(
        "buurtbemiddeling_assignment",
        *(
            lambda browser=browser, pair=pair: browser.ask_call(
                "buurtbemiddeling.couple.pair", "action_invite", [pair], door="button"
            )
            for browser, pair in zip((world.first, world.second), pairs, strict=True)
        ),
    )
    one_done(answers)
    rows = world.sql(f"SELECT count(*) FROM buurtbemiddeling_assignment WHERE case_id = {case}")
    assert rows == "2"


@needs("made = w.make_session(capacity=1).id, vera.id, wim.id")
def test_the_last_seat_in_a_training(world, made):
    """One gets it, the other waits for the next one."""
    session, vera, wim = made
    answers = world.race(
        "buurtbemiddeling_training_enrolment",
        *(
            lambda browser=browser, volunteer=volunteer: browser.ask_call(
                "buurtbemiddeling.training.enrolment",
                "create",
                [{"session_id": session, "volunteer_id": volunteer}],
            )
            for browser, volunteer in ((world.first, vera), (world.second, wim))
        ),
    )
    assert not any(map(sentence, answers))
    states = world.sql(
        f"SELECT state FROM buurtbemiddeling_training_enrolment WHERE session_id = {session}"
        " ORDER BY 1"
    )
    assert states.split() == ["enrolled", "waiting"]
    seats = "SELECT seats_taken, seats_free, waiting_count FROM buurtbemiddeling_training_session"
    assert world.sql(f"{seats} WHERE id = {session}") == "1|0|1"


@needs(
    "session = w.make_session(capacity=1)\n"
    'rows = w.enrol(session, vera, wim, state="waiting")\nmade = session.id, rows.ids'
)
def test_two_take_the_last_seat_from_the_waiting_list(world, made):
    """Of two who are moved up at one moment, the second hears that it is full."""
    session, rows = made
    answers = world.race(
        "buurtbemiddeling_training_enrolment",
        *(
            lambda browser=browser, row=row: browser.ask_call(
                "buurtbemiddeling.training.enrolment", "write", [row], {"state": "enrolled"}
            )
            for browser, row in zip((world.first, world.second), rows, strict=True)
        ),
    )
    (told,) = one_done(answers)
    assert "is full" in told
    seats = "SELECT seats_taken FROM buurtbemiddeling_training_session"
    assert world.sql(f"{seats} WHERE id = {session}") == "1"


@needs(
    'case = quarrel(stage_id=w.stage("aftercare").id)\n'
    "assignment = w.couple(case, vera)\n"
    'talk = env["buurtbemiddeling.meeting"].create({"case_id": case.id, "kind": "aftercare",'
    ' "start": datetime.now().replace(microsecond=0) - timedelta(days=1),'
    ' "party_ids": [(6, 0, case.party_ids.ids)]})\n'
    "made = (case.id, assignment.id, talk.id, w.code('outcome', 'OPG_BEM').id,"
    " case.party_ids.ids)"
)
def test_aftercare_by_a_mediator_and_by_the_coordinator(world, made):
    """The mediator reports the talk while the coordinator notes how it is now: both stay."""
    case, assignment, talk, solved, parties = made
    report = fill_in(
        world.vera,
        f"/my/bemiddelingen/{assignment}/verslag?talk={talk}",
        talk=talk,
        outcome="agreements",
        hours="1",
        **{f"text_{party}": f"Het gaat goed {party}" for party in parties},
    )
    portal, backend = world.race(
        "buurtbemiddeling_case",
        report,
        ask_aftercare(world.first, case, solved, "solved", parties),
    )
    assert portal.status_code == 303, portal.text[-3000:]
    assert not sentence(backend)
    reports = world.sql(
        f"SELECT count(*) FROM buurtbemiddeling_visit_report WHERE case_id = {case}"
    )
    assert reports == "2"
    assert world.sql(f"SELECT state FROM buurtbemiddeling_meeting WHERE id = {talk}") == "done"
    state = f"SELECT aftercare_state FROM buurtbemiddeling_case WHERE id = {case}"
    assert world.sql(state) == "done"


@needs(
    'case = quarrel(stage_id=w.stage("assigned").id)\n'
    "assignment = w.couple(case, vera)\n"
    'talk = env["buurtbemiddeling.meeting"].create({"case_id": case.id, "kind": "mediation",'
    ' "start": datetime.now().replace(microsecond=0) - timedelta(days=1),'
    ' "party_ids": [(6, 0, case.party_ids.ids)]})\n'
    "made = case.id, assignment.id, talk.id, case.party_ids.ids"
)
def test_a_talk_is_reported_and_cancelled(world, made):
    """The mediator reports what the coordinator cancels: one of the two hears of the other."""
    case, assignment, talk, parties = made
    seen = {"cancel_reason": [False, "other"]}
    portal, backend = world.race(
        "buurtbemiddeling_meeting",
        fill_in(
            world.vera,
            f"/my/bemiddelingen/{assignment}/verslag?talk={talk}",
            talk=talk,
            outcome="agreements",
            **{f"text_{parties[0]}": "Het was een goed gesprek"},
        ),
        lambda: world.first.ask_call(
            "buurtbemiddeling.meeting",
            "web_save",
            [talk],
            {"cancel_reason": "other"},
            {},
            context={"buurtbemiddeling_seen": {"buurtbemiddeling.meeting": {talk: seen}}},
        ),
    )
    state = world.sql(f"SELECT state FROM buurtbemiddeling_meeting WHERE id = {talk}")
    reports = world.sql(
        f"SELECT count(*) FROM buurtbemiddeling_visit_report WHERE case_id = {case}"
    )
    assert (state, reports, portal.status_code) in (("done", "1", 303), ("cancelled", "0", 422))
    assert bool(sentence(backend)) == (state == "done")
    if portal.status_code == 422:
        assert "Het was een goed gesprek" in portal.text


@needs(
    "case = quarrel()\n"
    "rows = [w.couple(case, volunteer).id for volunteer in (vera, wim)]\n"
    'agreement = env["buurtbemiddeling.case.agreement"].create('
    '{"case_id": case.id, "name": "Stil na tienen"})\nmade = *rows, agreement.id'
)
def test_two_mediators_correct_the_same_agreement(world, made):
    """The second sees what the first made of it, and keeps what was typed."""
    of_vera, of_wim, agreement = made
    pages = world.race(
        "buurtbemiddeling_case_agreement",
        *(
            fill_in(
                browser,
                f"/my/bemiddelingen/{assignment}/afspraak/{agreement}",
                name=f"Stil volgens {assignment}",
                who="both",
            )
            for browser, assignment in ((world.vera, of_vera), (world.wim, of_wim))
        ),
    )
    assert sorted(page.status_code for page in pages) == [303, 422]
    (told,) = [page.text for page in pages if page.status_code == 422]
    assert f"Stil volgens {of_vera}" in told and f"Stil volgens {of_wim}" in told
