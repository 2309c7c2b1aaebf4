"""Letters when the mail server refuses, is away or silent, or ours is killed while it sends.

What a resident gets, gets there once; what does not, is seen by who sent it, and holds up nothing.
"""

import pytest

from lib import database, postgres
from tests.faults import GROUPS, KILLS, Asking, FragileOffice
from tests.office import free_port, user_script, wait_for
from tests.smtp import MailServer

DATABASE = "bb_test_faults_mail"
QUEUE = "mail.ir_cron_mail_scheduler_action"
RESIDENTS = ["anna", "nobody", "full", "bert", "carla", "dirk", "emma", "fred"]
RESIDENTS += [f"resident{turn}{place}" for turn in range(KILLS) for place in "abc"]
# A letter to each, which waits until a test puts it in the queue.
LETTERS = f"""
env = env(user=env["res.users"].search([("login", "=", "boss")]))
cases = env["buurtbemiddeling.case"].create([
    {{"reporter_name": name, "reporter_email": f"{{name}}@example.com",
      "reporter_street": "Dorpsstraat 1", "registration_date": "2026-03-02",
      "user_id": env.uid}}
    for name in {RESIDENTS!r}])
cases.party_ids.with_context(mail_notify_force_send=False)._mail_letter("registered")
env.flush_all()
env.cr.execute("UPDATE mail_mail SET state = 'cancel'")
"""
# What is known of the letters to residents, by the name of the resident.
STATUS = """
SELECT r.name, n.notification_status, m.state, n.failure_type
  FROM mail_notification n
  JOIN res_partner r ON r.id = n.res_partner_id
  LEFT JOIN mail_mail m ON m.id = n.mail_mail_id
 WHERE n.notification_type = 'email' AND r.is_confidential
"""

pytestmark = pytest.mark.timeout(300 + 30 * KILLS)


@pytest.fixture(scope="module")
def office(installed, tmp_path_factory):
    """An Odoo that sends by a mail server of which the port is known, and that is not there."""
    folder = tmp_path_factory.mktemp("mail")
    database.copy(installed, DATABASE)
    port = free_port()
    office = FragileOffice(
        DATABASE,
        folder / "odoo.log",
        postgres.Cluster(),
        *("--smtp", "127.0.0.1", f"--smtp-port={port}"),
    )
    office.mail_port = port
    try:
        office.prepare(
            "\nenv.company.email = 'office@example.com'\n"
            + user_script("administrator", "base.group_system", GROUPS[0])
            + LETTERS
        )
        office.start()
        yield office
    finally:
        office.stop()
        database.drop(DATABASE)


@pytest.fixture
def mail_server(office):
    """The mail server."""
    with MailServer(office.mail_port) as server:
        yield server
        server.is_open.set()


def write_letters(office, *names):
    """Put the letters to these residents in the queue."""
    office.sql(
        f"""
        UPDATE mail_mail SET state = 'outgoing'
          FROM mail_mail_res_partner_rel rel JOIN res_partner r ON r.id = rel.res_partner_id
         WHERE rel.mail_mail_id = mail_mail.id AND r.name = ANY('{{{",".join(names)}}}')
        """
    )


def status(office, *names):
    """Of the letters to these: `{name: [status, state of the mail, kind of failure]}`."""
    return {name: rest for name, *rest in office.rows(STATUS) if name in names}


def send_queue(office, *names):
    """Let the queue go out, until nothing waits for it."""
    waiting = "SELECT count(*) FROM mail_mail WHERE state = 'outgoing'"
    wait_for(lambda: not office.works() and (office.sql(waiting) == "0" or office.wake(QUEUE)), 90)


def failures(office):
    """Of how many letters the coordinator is told that they did not arrive."""
    found = office.boss.post_json("/mail/data", fetch_params=["failures"])
    return len(found.get("mail.notification", ()))


def test_one_address_that_is_refused_keeps_back_no_other(office, mail_server):
    """For ever (5xx) or for now (4xx): who sent it is told."""
    mail_server.refused = {
        "nobody@example.com": "550 no such mailbox",
        "full@example.com": "452 mailbox full",
    }
    names = ("anna", "nobody", "full", "bert")
    write_letters(office, *names)
    before = failures(office)
    send_queue(office)
    for name in ("anna", "bert"):
        assert len(mail_server.received(f"{name}@example.com")) == 1
    found = status(office, *names)
    assert {name: each[0] for name, each in found.items()} == {
        "anna": "sent", "bert": "sent", "nobody": "exception", "full": "exception",
    }  # fmt: skip
    assert failures(office) == before + 2


def test_a_letter_that_nobody_sent_by_hand_is_told_to_the_coordinator(office, mail_server):
    """A reminder goes out by itself: that it did not arrive is a to-do, once."""
    mail_server.refused = {"fred@example.com": "550 no such mailbox"}
    organisation = "SELECT partner_id FROM res_company ORDER BY id LIMIT 1"
    office.sql(
        f"""
        UPDATE mail_message SET author_id = ({organisation}) WHERE id IN (
            SELECT m.mail_message_id FROM mail_mail m
              JOIN mail_mail_res_partner_rel rel ON rel.mail_mail_id = m.id
              JOIN res_partner r ON r.id = rel.res_partner_id AND r.name = 'fred')
        """
    )
    for _turn in range(2):
        write_letters(office, "fred")
        send_queue(office)
        assert status(office, "fred")["fred"][0] == "exception"
        assert office.rows(
            """
            SELECT u.login, a.summary FROM mail_activity a JOIN res_users u ON u.id = a.user_id
             WHERE a.res_model = 'buurtbemiddeling.case.party' AND a.summary LIKE '%arrive%'
            """
        ) == [["boss", "A letter did not arrive: phone, or send it again"]]


def test_a_mail_server_that_is_away_is_told_and_loses_no_letter(office):
    """Nobody is there: each letter says so, and goes out when an administrator tries it again."""
    names = ("carla", "dirk")
    write_letters(office, *names)
    before = failures(office)
    send_queue(office)
    assert {each[0] for each in status(office, *names).values()} == {"exception"}
    assert failures(office) == before + 2
    with MailServer(office.mail_port) as server:
        failed = office.sql("SELECT id FROM mail_mail WHERE state = 'exception'").split()
        administrator = office.browser("administrator")
        answer = administrator.ask_call("mail.mail", "action_retry", [int(mail) for mail in failed])
        assert "error" not in answer, answer
        send_queue(office)
        for name in names:
            assert len(server.received(f"{name}@example.com")) == 1
    assert {each[0] for each in status(office, *names).values()} == {"sent"}


@pytest.mark.parametrize("turn", range(KILLS))
def test_who_is_killed_while_sending_sends_no_letter_twice(office, mail_server, turn):
    """The one under way is told to be uncertain; those behind it go out, those before it did."""
    names = [f"resident{turn}{place}" for place in "abc"]
    write_letters(office, *names)
    mail_server.is_open.clear()
    wait_for(lambda: mail_server.waiting.is_set() or office.wake(QUEUE), 60)
    office.kill_workers()
    office.settle()
    mail_server.is_open.set()
    send_queue(office)
    got = [len(mail_server.received(f"{name}@example.com")) for name in names]
    assert got == [1, 1, 1]
    found = [each[0] for each in status(office, *names).values()]
    assert sorted(found) == ["exception", "sent", "sent"]
    assert failures(office)


def test_who_is_killed_while_a_letter_goes_out_at_once_sends_it_once(office, mail_server):
    """Also when the coordinator sends it, and it does not wait for the queue."""
    write_letters(office, "emma")
    send_queue(office)
    party = "(SELECT id FROM res_partner WHERE name = 'emma')"
    party = int(
        office.sql(f"SELECT id FROM buurtbemiddeling_case_party WHERE partner_id = {party}")
    )
    compose = "buurtbemiddeling.letter.compose"
    (letter,) = office.boss.call(compose, "create", [{"party_id": party, "kind": "inform"}])
    mail_server.is_open.clear()
    asking = Asking(
        office.browser("boss"),
        lambda browser: browser.call(compose, "action_mail", [letter], door="button"),
    )
    assert mail_server.waiting.wait(60)
    office.kill_workers()
    office.settle()
    asking.join(60)
    mail_server.is_open.set()
    send_queue(office)
    assert len(mail_server.received("emma@example.com")) == 2
    assert status(office, "emma")["emma"][0] in ("sent", "exception")
