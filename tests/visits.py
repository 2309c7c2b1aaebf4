"""Everybody at every door of a running Odoo, with a marker in all that they type."""

import base64
import json
import re
import threading

import psycopg2

from lib import postgres
from tests.office import Browser, run_sql, wait_for

DATABASE = "bb_test_logs"
MANAGER, STRANGER, MEDIATOR, ADMIN = "manager", "stranger", "mediator", "boss"
PARTNER, CASE, PARTY = "res.partner", "buurtbemiddeling.case", "buurtbemiddeling.case.party"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')


def visit(office, markers, seed):
    """Go through each door of a running Odoo with a marker in everything."""
    use_client(office, markers, seed)
    write_at_once(office, markers, seed)
    use_forms(office, markers, seed)
    use_portal(office, markers, seed)
    get_lost(office, markers, seed)


def use_client(office, markers, seed):
    """Do and try in the web client what a colleague does, and what is refused."""
    manager, stranger = office.browser(MANAGER), office.browser(STRANGER)
    contact = do_work(manager, markers, seed)
    for browser in (manager, stranger):
        make_mistakes(browser, markers.text, seed, contact)
        export(browser, markers.text)
    make_login_twice(office.browser(ADMIN), markers.text)
    import_sheets(manager, markers.text)


def do_work(manager, markers, seed):
    """Write, look up and tell what belongs there; return a new contact, as its ids."""
    text = markers.text
    ids = manager.call(
        PARTNER,
        "create",
        [
            {
                "name": text("name"),
                "email": f"{text('email')}@example.com",
                "phone": markers.phone("phone"),
                "street": text("street"),
            }
        ],
    )
    manager.call(CASE, "write", [seed["case"]], {"external_ref": text("external ref")})
    manager.call(PARTY, "write", [seed["party"]], {"story": text("story")})
    manager.call(PARTNER, "name_search", text("name_search"))
    manager.call(
        PARTNER, "web_search_read", [("name", "ilike", text("domain"))], {"display_name": {}}
    )
    manager.call(PARTNER, "message_post", ids, body=text("body"), subject=text("post"))
    return ids


def make_mistakes(browser, text, seed, contact):
    """Try what does not exist, is no value of its field, or is not for everybody."""
    for model, method, *args in (
        (PARTNER, "no_such_method", [text("argument")]),
        ("no.such.model", "read", [text("argument")]),
        (PARTNER, "create", [{"name": text("x"), text("field"): text("value")}]),
        (PARTNER, "write", contact, {"company_id": text("integer")}),
        (PARTNER, "write", contact, {"name": {text("key"): text("dict")}}),
        (PARTNER, "write", contact, {"type": text("selection")}),
        (PARTNER, "write", contact, {"parent_id": contact[0], "name": text("circle")}),
        (PARTNER, "write", [seed["person"]], {"name": text("hidden")}),
        (PARTNER, "search", [("name", text("operator"), text("operand"))]),
        (PARTNER, "search", [(text("path"), "=", 1)]),
        (PARTNER, "search", text("no domain")),
        (PARTNER, "web_read_group", [], [text("group")], [text("aggregate")]),
        (PARTY, "write", [seed["party"]], {"side": text("side"), "story": text("story")}),
        (PARTY, "create", [{"case_id": False, "story": text("failing row")}]),
        (
            CASE,
            "write",
            [seed["case"]],
            {"company_id": False, "external_ref": text("no company")},
        ),
        (CASE, "write", [seed["case"]], {"registration_date": text("date")}),
        (CASE, "load", ["name", text("column")], [[text("cell"), text("cell")]]),
        ("buurtbemiddeling.import", "create", [{"file": text("file"), "filename": text("n")}]),
        ("res.users", "create", [{"name": text("user"), "login": MANAGER}]),
    ):
        assert "result" in (answer := browser.ask_call(model, method, *args)) or "error" in answer


def export(browser, text):
    """Take a file of contacts."""
    asked = {
        "model": PARTNER,
        "fields": [{"name": "name", "label": text("label"), "type": "char"}],
        "ids": False,
        "domain": [["name", "ilike", text("export")]],
        "import_compat": False,
        "groupby": [],
        "context": {},
    }
    browser.post(f"{browser.address}/web/export/csv", data={"data": json.dumps(asked)})


def make_login_twice(admin, text):
    """Give somebody a login that is taken."""
    login = text("login")
    for _twice in range(2):
        admin.ask_call("res.users", "create", [{"name": text("user"), "login": login}])


def import_sheets(manager, text):
    """Import a sheet with other columns, and one that is no sheet."""
    for content in (
        f"{text('head')};{text('b')}\n{text('cell')};1".encode(),
        b"PK\3\4" + text("z").encode(),
    ):
        values = {
            "file": base64.b64encode(content).decode(),
            "filename": text("filename") + ".xlsx",
            "kind": "case",
        }
        (import_id,) = manager.call("buurtbemiddeling.import", "create", [values])
        manager.ask_call("buurtbemiddeling.import", "action_read", [import_id])
        manager.ask_call("buurtbemiddeling.import", "action_check", [import_id])


def write_at_once(office, markers, seed):
    """Let a colleague write while somebody else is busy with the same record."""
    name = markers.text("written at once")
    with psycopg2.connect(dbname=DATABASE, **connection()) as other:
        cursor = other.cursor()
        cursor.execute("UPDATE res_partner SET ref = 'x' WHERE id = %s", (seed["person"],))
        writer = threading.Thread(
            target=lambda: office.browser(MANAGER).ask_call(
                PARTNER, "write", [seed["person"]], {"name": name}
            )
        )
        writer.start()
        wait_for(
            lambda: (
                run_sql(
                    DATABASE,
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    f" AND datname = '{DATABASE}'",
                )
                != "0"
            )
        )
    writer.join(30)
    other.close()


def connection():
    """Where the cluster of this checkout is, for psycopg2."""
    env = postgres.environment()
    return {
        key: env[name]
        for key, name in (("host", "PGHOST"), ("port", "PGPORT"), ("user", "PGUSER"))
        if name in env
    }


def send(browser, path, answers):
    """Send a form as a browser does, with the tokens of its page."""
    page = browser.get(browser.address + path).text
    found = {"csrf_token": CSRF.search(page), "token": TOKEN.search(page)}
    tokens = {name: match[1] for name, match in found.items() if match}
    return browser.post(browser.address + path, data={**tokens, **answers}, allow_redirects=False)


def use_forms(office, markers, seed):
    """Send the forms that need no login, right and wrong."""
    text, company = markers.text, seed["company"]
    for right in (True, False):
        about = {
            "name": text("name"),
            "email": text("email") + ("@example.com" if right else "@@"),
            "street": text("street") + " 1",
            "zip": "1234 AB",
            "city": text("city"),
            "story": text("story"),
            "motivation": text("motivation"),
            "neighbour_name": text("neighbour"),
            "neighbour_street": text("their street") + " 2",
            "nuisance_types": "GELUID_APPARATUUR",
            "remark": text("remark"),
            "consent": "1",
            text("unknown"): text("unknown"),
        }
        link = f"/buurtbemiddeling/verwijzen/{seed['link']}"
        for name, path in (
            ("request", f"/buurtbemiddeling/aanmelden?organisation={company}"),
            ("application", f"/buurtbemiddeling/vrijwilliger?organisation={company}"),
            ("referral", link),
        ):
            answer = send(
                Browser(office.address, DATABASE),
                path,
                {**about, "token": seed["tokens"][name]} if right else about,
            )
            assert answer.status_code in (303, 422), (path, answer.status_code)
            if right and name != "referral":
                assert answer.status_code == 303, (path, re.findall(r"invalid.*", answer.text))


def use_portal(office, markers, seed):
    """Do what a mediator does on the portal, and fetch the own calendar."""
    mediator, text = office.browser(MEDIATOR), markers.text
    assert mediator.fetch(f"/buurtbemiddeling/agenda/{seed['feed']}.ics")
    home = f"/my/bemiddelingen/{seed['assignment']}"
    for hours in ("1", text("hours")):
        report = f"{home}/verslag?party={seed['party']}"
        answers = {
            "party": str(seed["party"]),
            f"text_{seed['party']}": text("report"),
            "hours": hours,
            "date": text("date"),
        }
        assert send(mediator, report, answers).status_code in (303, 422)
        expense = {"kind": text("kind"), "amount": hours, "description": text("expense")}
        send(mediator, f"{home}/kosten", expense)
        send(mediator, f"{home}/afspraak", {"name": text("agreement"), "text": text("agreed")})
        send(mediator, "/my/profiel", {"phone": text("phone"), "name": text("name")})
        send(mediator, "/my/account", {"name": text("name"), "email": text("email")})


def get_lost(office, markers, seed):
    """Ask for what is not there, log in as nobody, send what no form sends."""
    text, nobody = markers.text, Browser(office.address, DATABASE)
    for path in (
        f"/{text('path')}",
        f"/my/{text('path')} {text('path')}",
        f"/web/content/{text('file')}/{text('file')}.pdf",
        f"/my/bemiddelingen?search={text('search')}#{text('anchor')}",
        f"/web/login?login={text('login')}@example.com",
        f"/buurtbemiddeling/verwijzen/{text('secret')}",
        f"/buurtbemiddeling/agenda/{text('token')}.ics",
        f"/report/pdf/no.such_report/1?options={text('options')}",
        f"/report/pdf/buurtbemiddeling_case.report_letter/1?context={text('context')}",
        f"/web/image/res.partner/{text('id')}/{text('field')}",
    ):
        for browser in (nobody, office.browser(MANAGER)):
            browser.get(office.address + path)
            browser.post(office.address + path, data={"name": text("posted")})
    nobody.ask(
        "/web/session/authenticate",
        db=DATABASE,
        login=text("login") + "@example.com",
        password=text("password"),
    )
    nobody.post(f"{office.address}/jsonrpc", data=text("no json"))
    nobody.request(text("VERB"), office.address)
    send(nobody, "/web/login", {"login": text("login"), "password": text("password")})
