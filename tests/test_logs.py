"""No personal data in any line of a log: markers go through every door, and the log has none.

What goes wrong is on purpose: an error tells more than a success. Odoo runs as in production, at
its own level (info), with the log of its web server.
"""

import json
import re
import subprocess
import sys

import pytest

from lib import database, paths, postgres
from tests.office import Office, run_sql, shell, user_script
from tests.smtp import MailServer
from tests.visits import ADMIN, DATABASE, MANAGER, MEDIATOR, STRANGER, visit

sys.path.insert(0, str(paths.ROOT / "tests" / "test_buurtbemiddeling" / "forgetting"))
from markers import Markers, find_markers  # noqa: E402

# docs/operations.md tells an operator to set these
SETTINGS = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
SEED = """
import json
from datetime import datetime, timedelta
from freezegun import freeze_time
company = env.company
company.write({
    "buurtbemiddeling_request_form": True, "buurtbemiddeling_application_form": True,
    "email": "office@example.org",
})
new = lambda model, **values: env[model].with_context(import_file=True).create(values)
code = lambda model, code: env["buurtbemiddeling." + model].search([("code", "=", code)]).id
organisation = new("res.partner", name="Wonen", is_company=True)
referrer = new("buurtbemiddeling.referral.partner", partner_id=organisation.id,
    referrer_type_id=code("referrer.type", "CORPORATIE"), company_id=company.id)
_link, address = env["buurtbemiddeling.referral.link"]._make(referrer, organisation.browse())
user = env["res.users"].search([("login", "=", "mediator")])
volunteer = new("buurtbemiddeling.volunteer", partner_id=user.partner_id.id, user_id=user.id,
    company_id=company.id, stage_id=code("volunteer.stage", "interest"))
env.flush_all()
env.cr.execute("UPDATE buurtbemiddeling_volunteer SET stage_id = %%s WHERE id = %%s",
    (code("volunteer.stage", "active"), volunteer.id))
env.invalidate_all()
person = new("res.partner", name="Anna", company_id=company.id, is_confidential=True)
case = new("buurtbemiddeling.case", company_id=company.id, registration_date="2026-01-05",
    party_ids=[(0, 0, {"side": "a", "partner_id": person.id}), (0, 0, {"side": "b"})])
assignment = new("buurtbemiddeling.assignment", case_id=case.id, volunteer_id=volunteer.id,
    state="accepted", date_start="2026-01-06")
with freeze_time(datetime.now() - timedelta(minutes=5)):
    tokens = {
        name: env[model]._make_token(company)
        for name, model in (
            ("request", "buurtbemiddeling.web.request"),
            ("application", "buurtbemiddeling.volunteer.application"),
            ("referral", "buurtbemiddeling.referral.form"),
        )
    }
json.dump({
    "company": company.id, "link": address.rpartition("/")[2], "feed": volunteer._make_feed_token(),
    "assignment": assignment.id, "party": case.party_ids[0].id, "case": case.id,
    "person": person.id, "tokens": tokens,
}, open(%(file)r, "w"))
env.cr.commit()
"""
MAIL = """
import logging
from odoo.exceptions import UserError
texts = iter(%(texts)r)
word = lambda: next(texts)
email = lambda: f"{word()} <{word()}@example.com>"
env["ir.mail_server"].create({"name": "s", "smtp_host": "127.0.0.1", "smtp_port": %(port)r})
env["mail.alias.domain"].create({"name": "example.org", "company_ids": [(4, env.company.id)]})
env.company.buurtbemiddeling_mail_name = "help"
env.cr.commit()
route = env["mail.thread"].message_process
party = env["buurtbemiddeling.case.party"].browse(%(party)r)
for to, model, thread in (
    ("help@example.org", None, None), ("catchall@example.org", None, None),
    (email(), None, None), (email(), party._name, party.id), (email(), word(), 1),
):
    raw = (
        f"From: {email()}\\nTo: {to}, {email()}\\nCc: {email()}\\nSubject: {word()}\\n"
        f"Date: {word()}\\nMessage-Id: <{word()}@{word()}>\\nIn-Reply-To: <{word()}@x>\\n"
        f"Return-Path: <{word()}@x>\\nMIME-Version: 1.0\\n"
        "Content-Type: multipart/mixed; boundary=b\\n\\n"
        f"--b\\nContent-Type: text/plain; charset=zz\\n\\n{word()}\\n"
        f"--b\\nContent-Type: application/pdf; name={word()}.pdf\\n"
        f"Content-Transfer-Encoding: base64\\n"
        f"Content-Disposition: attachment; filename={word()}.pdf\\n\\n{word()}=\\n--b--\\n"
    )
    for _twice in range(2):
        try:
            route(model, raw, thread_id=thread)
            env.cr.commit()
        except Exception:
            env.cr.rollback()
            logging.getLogger("odoo.addons.mail.models.fetchmail").info("Failed", exc_info=True)
for to in ("refused", "taken"):
    mails = env["mail.mail"].create([{
        "email_from": "office@example.org", "email_to": f"{word()} <{word()}{to}@example.net>",
        "subject": word(), "body_html": word(), "headers": word(),
    } for _mail in range(2)])
    mails.send()
env.cr.commit()
job = env["ir.cron"].create({
    "name": "fails", "model_id": env.ref("base.model_res_partner").id, "state": "code",
    "code": f"raise UserError({word()!r} if model else 0)\\n#{word()}",
})
env.cr.commit()
for script in (
    f"raise UserError({word()!r})", f"int({word()!r})", f"{{}}[{word()!r}]",
    f"env.cr.execute('SELECT %%s::int', [{word()!r}])",
    f"model.create({{'name': {word()!r}, 'company_id': {word()!r}}})",
    f"env['mail.blacklist'].create([{{'email': {(word() + '@a.nl')!r}}}] * 2)",
    f"env.cr.execute('INSERT INTO res_partner (comment) VALUES (%%s)', [{word()!r}])",
    f"log({word()!r} + '@example.com')",
):
    job.code = script
    env.cr.commit()
    try:
        job._callback(job.cron_name, job.ir_actions_server_id.id)
    except Exception:
        logging.getLogger("odoo.addons.base.models.ir_cron").exception("Job %%r failed", job.id)
"""
pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def markers():
    """Gives each place a text of its own, which is of no other tests on the same PostgreSQL."""
    return Markers(90000)


@pytest.fixture(scope="module")
def logs(installed, markers, tmp_path_factory):
    """What Odoo and PostgreSQL logged of all that was done, and how often each door answered."""
    folder = tmp_path_factory.mktemp("logs")
    database.copy(installed, DATABASE)
    for name, value in SETTINGS.items():
        run_sql(DATABASE, f"ALTER DATABASE {DATABASE} SET {name} = '{value}'")
    shell(
        DATABASE,
        user_script(MANAGER, "base.group_user", "buurtbemiddeling_case.group_manager")
        + user_script(STRANGER, "base.group_user", "base.group_allow_export")
        + user_script(MEDIATOR, "base.group_portal")
        + user_script(ADMIN, "base.group_system")
        + SEED % {"file": str(folder / "seed.json")},
    )
    seed = json.loads((folder / "seed.json").read_text())
    server_log = postgres.Cluster().folder / "server.log"
    start = server_log.stat().st_size
    log = folder / "odoo.log"
    with Office(DATABASE, log, "--max-cron-threads=0") as office:
        visit(office, markers, seed)
    with MailServer(refused={"refused": "550 nobody here is called {}"}) as mail_server:
        script = MAIL % {
            "texts": [markers.text(f"mail {number}") for number in range(200)],
            "port": mail_server.port,
            "party": seed["party"],
        }
        mail_log = shell(DATABASE, script, level="info")
    with server_log.open("rb") as file:
        file.seek(start)
        of_postgres = file.read()
    yield {
        "odoo": log.read_bytes(),
        "mail": mail_log.encode(),
        "postgres": of_postgres,
        "seed": seed,
        "mails": mail_server.mails,
    }
    database.drop(DATABASE)


def find(log, markers):
    """Return where the markers in a log were typed."""
    places = markers.as_dict()
    return sorted(places[number] for number in find_markers(log) if number in places)


def show(log, markers):
    """Say which markers are where in a log."""
    lines = [line.decode(errors="replace") for line in log.splitlines() if find(line, markers)]
    return f"{find(log, markers)}\n" + "\n".join(line[:400] for line in lines[:40])


def test_odoo_tells_nothing_of_what_people_type(logs, markers):
    """No marker is in the log of the server, nor in that of the mail it got and sent."""
    for name in ("odoo", "mail"):
        assert not find(logs[name], markers), show(logs[name], markers)


def test_keys_are_not_in_the_log(logs):
    """Nobody opens a one-time link or a calendar with what the log says."""
    for name in ("link", "feed"):
        assert logs["seed"][name].encode() not in logs["odoo"]
    for token in logs["seed"]["tokens"].values():
        assert token.encode() not in logs["odoo"]
    assert b"/buurtbemiddeling/verwijzen/\xe2\x80\xa6 HTTP" in logs["odoo"]
    assert b"/buurtbemiddeling/agenda/\xe2\x80\xa6 HTTP" in logs["odoo"]


def test_a_technician_finds_what_went_wrong(logs):
    """Control: the errors are in the log, with kind, place, code and constraint."""
    log = logs["odoo"].decode() + logs["mail"].decode()
    for part in (
        "psycopg2.errors.NotNullViolation, sqlstate 23502, table buurtbemiddeling_case",
        "psycopg2.errors.UniqueViolation, sqlstate 23505, table res_users, constraint res_users_",
        "sqlstate 40001",  # written at once
        "could not serialize access due to concurrent update",
        "4 tries left, try again in",
        "odoo.exceptions.AccessError, in /",
        "odoo.exceptions.UserError, in /",
        "Traceback (most recent call last):\n  File",
        "Login failed for login:… from 127.0.0.1",
        "Routing mail from … to …",
        'GET /my/… HTTP/1.1" 404',
        "smtplib.SMTPRecipientsRefused",
    ):
        assert part in log, f"{part}\n{log[-3000:]}"
    assert "can not be shown" not in log
    assert logs["mails"], "a mail was sent"


def test_postgresql_tells_nothing_when_it_is_set_so(logs, markers):
    """With the settings of docs/operations.md its log has no values; Odoo's has the errors."""
    assert not find(logs["postgres"], markers), show(logs["postgres"], markers)
    manual = (paths.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name, value in SETTINGS.items():
        assert re.search(rf"^\s*{name} = {value}\b", manual, re.MULTILINE), name


def test_postgresql_tells_all_when_it_is_not(markers):
    """Control: as it comes out of the box PostgreSQL logs the whole statement."""
    word = markers.text("statement")
    server_log = postgres.Cluster().folder / "server.log"
    start = server_log.stat().st_size
    with pytest.raises(subprocess.CalledProcessError):
        run_sql("postgres", f"SELECT 1 / 0, '{word}'")
    assert find(server_log.read_bytes()[start:], markers)
