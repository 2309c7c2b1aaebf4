"""A backup made and restored with Odoo's own commands, and a copy to test with.

What is restored is all there, and goes on. From a copy nothing leaves, and nobody outside gets in.
"""

import hashlib
import json
import re
import subprocess

import pytest

from lib import database, odoo, paths
from tests.office import run_sql, shell
from tests.smtp import MailServer

SOURCE, RESTORED, COPY = "bb_test_backup", "bb_test_backup_restored", "bb_test_backup_copy"
# Odoo gives these anew to whatever is restored
GIVEN_ANEW = (
    "database.create_date", "database.secret", "database.uuid", "web.base.url",
    "base.login_cooldown_after", "base.login_cooldown_duration",
)  # fmt: skip
SEED = """
import base64, json
from dateutil.relativedelta import relativedelta
from odoo.fields import Date
company = env.company
env["mail.alias.domain"].create({"name": "example.org", "company_ids": [(4, company.id)]})
company.write({
    "buurtbemiddeling_request_form": True, "buurtbemiddeling_application_form": True,
    "buurtbemiddeling_mail_name": "help", "email": "office@example.org",
    "buurtbemiddeling_retention_automatic": True,
})
server = env["ir.mail_server"].create(
    {"name": "real", "smtp_host": "127.0.0.1", "smtp_port": PORT})
def new(model, **values):
    values.setdefault("company_id", company.id)
    return env[model].with_context(import_file=True).create(values)
def code(model, code):
    return env["buurtbemiddeling." + model].search([("code", "=", code)]).id
organisation = env["res.partner"].create({"name": "Wonen", "is_company": True})
referrer = new("buurtbemiddeling.referral.partner", partner_id=organisation.id,
    referrer_type_id=code("referrer.type", "CORPORATIE"))
link, address = env["buurtbemiddeling.referral.link"]._make(referrer, organisation.browse())
user = env["res.users"].create({"name": "Vera", "login": "vera", "email": "vera@example.com",
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)]})
volunteer = new("buurtbemiddeling.volunteer", partner_id=user.partner_id.id, user_id=user.id,
    stage_id=code("volunteer.stage", "interest"))
def make_case(day, **values):
    person = new("res.partner", name="Anna", is_confidential=True, email="anna@example.com",
        street="Dorpsstraat 1", zip="1234 AB", city="Dorp")
    return new("buurtbemiddeling.case", registration_date=day,
        party_ids=[(0, 0, {"side": "a", "partner_id": person.id, "story": "Loud"})], **values)
today = Date.today()
old = make_case(today - relativedelta(years=9), close_date=today - relativedelta(years=8),
    stage_id=code("case.stage", "closed"), outcome_id=code("outcome", "OPG_BEM"))
case = make_case(today)
env["ir.attachment"].create({"name": "letter.txt", "raw": b"Dear Anna",
    "res_model": case.party_ids._name, "res_id": case.party_ids.id})
env["mail.mail"].create([
    {"email_from": "office@example.org", "email_to": "anna@example.com", "body_html": "Hello",
     "subject": "queued", **more}
    for more in ({}, {"mail_server_id": server.id}, {"state": "exception"})
])
for login, group in (("mediator", "base.group_portal"), ("colleague", "base.group_user")):
    env["res.users"].create({"name": login, "login": login, "password": f"{login}-password",
        "group_ids": [(6, 0, env.ref(group).ids)]})
json.dump({
    "link": address.rpartition("/")[2], "feed": volunteer._make_feed_token(),
    "case": case.id, "number": case.name, "party": case.party_ids.id, "old": old.id,
}, open(FILE, "w"))
env.cr.commit()
"""
LOOK = """
import json
from odoo.exceptions import AccessDenied
def can_log_in(login):
    try:
        credential = {"type": "password", "login": login, "password": f"{login}-password"}
        return bool(env["res.users"].authenticate(credential, {"interactive": False}))
    except AccessDenied:
        return False
known = json.load(open(FILE))
cases = env["buurtbemiddeling.case"]
links = env["buurtbemiddeling.referral.link"]
case = cases.browse(known["case"])
parameters = env["ir.config_parameter"]
files = env["ir.attachment"].search([("id", "!=", False), ("res_field", "in", [False, "x"])])
json.dump({
    "link": links._find(known["link"])._is_open(),
    "feed": bool(env["buurtbemiddeling.volunteer"]._find_by_feed_token(known["feed"])),
    "forms": bool(env.company.buurtbemiddeling_request_form
        or env.company.buurtbemiddeling_application_form),
    "logins": [login for login in ("mediator", "colleague") if can_log_in(login)],
    "mail in": env.company.buurtbemiddeling_mail_name,
    "letter": env["ir.attachment"].search([("name", "=", "letter.txt")]).raw.decode(),
    "unreadable": len([file for file in files if file.store_fname and not file.raw]),
    "crons": env["ir.cron"].search([]).mapped("cron_name"),
    "queue": sorted(env["mail.mail"].search([("subject", "=", "queued")]).mapped("state")),
    "neutralised": parameters.get_param("database.is_neutralized"),
}, open(FOUND, "w"))
"""
GO_ON = """
import json
from odoo.fields import Date
known, found = json.load(open(FILE)), json.load(open(FOUND))
cases = env["buurtbemiddeling.case"]
new = cases.create({"registration_date": Date.today(), "reporter_name": "Bea",
    "reporter_street": "Dorpsstraat 1", "reporter_zip": "1234 AB", "reporter_city": "Dorp"})
found["number"] = new.name
found["earlier"] = new.earlier_case_ids.ids
runs = env["buurtbemiddeling.retention.run"]
runs._cron_retention()
found["to forget"] = runs.search([]).line_ids.mapped("res_id")
env.cr.commit()
json.dump(found, open(FOUND, "w"))
"""
SEND = """
party = env["buurtbemiddeling.case.party"].browse(PARTY)
party._mail_letter("registered")
env.cr.commit()
own = env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "like", "buurtbem")])
jobs = env["ir.cron"].with_context(active_test=False).browse(own.mapped("res_id"))
for job in jobs + env.ref("mail.ir_cron_mail_scheduler_action"):
    job.method_direct_trigger()
    env.cr.commit()
mails = env["mail.mail"].search([])
mails.mark_outgoing()
mails.send()
env.cr.commit()
"""

pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


def run_odoo(*args):
    """Run a command of Odoo, as `bin/odoo` does."""
    done = subprocess.run(
        odoo.command(*args), env=odoo.environment(), capture_output=True, text=True, cwd=paths.ROOT
    )
    assert not done.returncode, done.stdout + done.stderr


def get_content(name):
    """Return ``{table: (number of rows, checksum)}``, less what Odoo gives anew to a copy."""
    tables = run_sql(
        name,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " ORDER BY relname",
    ).splitlines()
    skipped = ", ".join(f"'{key}'" for key in GIVEN_ANEW)
    queries = (
        f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        + (f" WHERE key NOT IN ({skipped})" if table == "ir_config_parameter" else "")
        for table in tables
    )
    rows = run_sql(name, " UNION ALL ".join(queries)).splitlines()
    return {table: tuple(rest) for table, *rest in (row.split("|") for row in rows)}


def get_files(name):
    """Return ``{name of a file on disk: checksum}``."""
    folder = database.filestore(name)
    return {
        str(file.relative_to(folder)): hashlib.sha1(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and "checklist" not in file.parts
    }


@pytest.fixture(scope="module")
def story(installed, tmp_path_factory):
    """What was there, what came back, and what a copy has and does."""
    folder = tmp_path_factory.mktemp("backup")
    backup, seed = folder / "backup.zip", folder / "seed.json"
    for name in (RESTORED, COPY):
        database.drop(name)
    database.copy(installed, SOURCE)

    def play(name, *scripts, found=folder / "found.json"):
        names = {"FILE": str(seed), "FOUND": str(found), "PORT": mail_server.port}
        names["PARTY"] = seed.exists() and json.loads(seed.read_text())["party"]
        start = "".join(f"{key} = {value!r}\n" for key, value in names.items())
        output = shell(name, start + "\n".join(scripts))
        return output, json.loads(found.read_text()) if found.exists() else None

    with MailServer() as mail_server:
        play(SOURCE, SEED)
        run_odoo("db", "dump", SOURCE, backup)
        run_odoo("db", "load", RESTORED, backup)
        content = {name: get_content(name) for name in (SOURCE, RESTORED)}
        files = {name: get_files(name) for name in (SOURCE, RESTORED)}
        run_odoo("db", "duplicate", "--neutralize", RESTORED, COPY)
        calls = mail_server.callers
        of_copy, copy = play(COPY, LOOK, SEND, found=folder / "copy.json")
        calls_of_copy = mail_server.callers - calls
        _output, restored = play(RESTORED, LOOK, GO_ON, SEND)
    yield {
        "seed": json.loads(seed.read_text()),
        "content": content,
        "files": files,
        "restored": restored,
        "copy": copy,
        "output of the copy": of_copy,
        "calls of the copy": calls_of_copy,
        "mails": b"\n".join(mail_server.mails),
    }
    for name in (SOURCE, RESTORED, COPY):
        database.drop(name)


def test_everything_comes_back(story):
    """Each row of each table, and each file, is as it was."""
    before, after = (story["content"][name] for name in (SOURCE, RESTORED))
    assert len(before) > 300
    assert before["buurtbemiddeling_case"][0] == "2"
    signals = {table for table in before if table.startswith(("orm_signaling", "base_registry"))}
    different = {table for table in before if before[table] != after.get(table)}
    assert not different - signals
    assert before.keys() == after.keys()
    assert len(story["files"][SOURCE]) > 10
    assert story["files"][SOURCE] == story["files"][RESTORED]
    assert all(name.endswith(digest) for name, digest in story["files"][RESTORED].items())


def test_what_was_given_out_still_works(story):
    """Links that were mailed, calendars, forms and files work in the restored database."""
    restored = story["restored"]
    assert restored["link"] and restored["feed"] and restored["forms"]
    assert restored["logins"] == ["mediator", "colleague"]
    assert restored["letter"] == "Dear Anna"
    assert not restored["unreadable"]
    assert restored["mail in"] == "help"
    assert not restored["neutralised"]
    assert "Buurtbemiddeling: go on with imports" in restored["crons"]


def test_work_goes_on_where_it_was(story):
    """The next case has the next number, and who lives at a known address is recognised."""
    last, new = (re.findall(r"\d+", story[key]["number"]) for key in ("seed", "restored"))
    assert last[:-1] == new[:-1] and int(new[-1]) == int(last[-1]) + 1
    assert set(story["restored"]["earlier"]) == {story["seed"]["case"], story["seed"]["old"]}


def test_who_was_to_be_forgotten_does_not_come_back_unnoticed(story):
    """The first run of retention lists again whose term was over before the backup was made."""
    assert story["seed"]["old"] in story["restored"]["to forget"]


def test_nothing_leaves_a_copy(story):
    """No mail of a copy reaches a mail server, whatever runs and whoever presses send."""
    assert story["calls of the copy"] == 0, story["output of the copy"]
    assert b"anna@example.com" in story["mails"], "control: the restored database does send"
    assert story["copy"]["queue"] == ["cancel"] * 3
    assert story["restored"]["queue"] == ["exception", "outgoing", "outgoing"]


def test_nobody_outside_gets_into_a_copy(story):
    """Links and calendars of the real database open nothing there, and no form or mail comes in."""
    copy = story["copy"]
    assert not (copy["link"] or copy["feed"] or copy["forms"] or copy["mail in"])
    assert copy["logins"] == ["colleague"]
    assert copy["crons"] == ["Base: Auto-vacuum internal data"]
    assert copy["neutralised"]
    assert copy["letter"] == "Dear Anna", "it can be tested with"


def test_the_manual_has_these_commands():
    """docs/operations.md tells an operator the commands that are tried here."""
    manual = (paths.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for command in ("odoo db dump", "odoo db load", "odoo db duplicate --neutralize"):
        assert command in manual
