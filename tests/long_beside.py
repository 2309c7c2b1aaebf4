"""Beside the apps that an organisation has already, nobody notices anything of ours but its users.

Takes a quarter of an hour. The other apps are there first, with or without the demo data of Odoo
itself and of all of them, or come later.
"""

import re

import pytest
import requests

from lib import database, odoo, paths, peer
from lib.testlog import read
from tests.office import Office, shell, user_script

APPS = ("crm", "event", "helpdesk_mgmt", "hr", "mass_mailing", "project", "sale", "website")
RESIDENT = "Zeldzaam Geheim"
SEED = f"""
env.company.buurtbemiddeling_request_form = True
env["res.partner"].create(
    {{"name": "{RESIDENT}", "is_confidential": True, "company_id": env.company.id}})
env.cr.commit()
"""
BOSS = (
    "buurtbemiddeling_case.group_manager", "buurtbemiddeling_case.group_extra",
    "buurtbemiddeling_report.group_reporting", "base.group_allow_export",
)  # fmt: skip
CLERK = (
    "base.group_user", "base.group_partner_manager", "sales_team.group_sale_manager",
    "project.group_project_manager", "hr.group_hr_manager", "event.group_event_manager",
    "mass_mailing.group_mass_mailing_user", "helpdesk_mgmt.group_helpdesk_manager",
    "website.group_website_designer",
)  # fmt: skip

pytestmark = pytest.mark.timeout(3000)


def addons_path():
    """That of Odoo's configuration, with the app of others."""
    peer.prepare()
    return ",".join(map(str, [*odoo.addons_path(), peer.addons_path()]))


def install(name, modules, log, kind):
    """Install, and return the warnings in the log without their numbers."""
    database.install(name, modules, log, kind, f"--addons-path={addons_path()}")
    text = (paths.LOG / log).read_text(encoding="utf-8", errors="replace")
    return {re.sub(r"\d+", "#", str(record)) for record in read(text).warnings}


def template(kind):
    """The name of a new database, with Odoo's own demo data or without anything."""
    name = f"bb_long_beside_{kind}"
    if kind == "plain":
        database.copy(database.template("plain", "long-template.log"), name)
    else:
        database.drop(name)
    return name


@pytest.fixture(scope="module", params=["plain", "demo"])
def last(request):
    """A database in which the other apps were there first, and what its installation warned of."""
    name = template(request.param)
    theirs = install(name, APPS, f"{name}-theirs.log", request.param)
    ours = install(name, paths.modules(), f"{name}.log", request.param)
    yield {"name": name, "theirs": theirs, "ours": ours}
    database.drop(name)


@pytest.fixture(scope="module")
def office(last, tmp_path_factory):
    """A running Odoo on it, with somebody of ours and somebody who does all the rest."""
    name = last["name"]
    people = user_script("boss", *BOSS) + user_script("clerk", *CLERK)
    shell(name, people + SEED, {"ODOO_ADDONS_PATH": addons_path()})
    log = tmp_path_factory.mktemp("beside") / "odoo.log"
    with Office(name, log, f"--addons-path={addons_path()}") as office:
        yield office


def test_ours_come_without_a_warning(last):
    """Odoo's log says nothing that it did not say of the others."""
    assert not last["ours"] - last["theirs"]


def test_others_come_after_ours_without_a_warning(last):
    """The other way round as well."""
    if last["name"].endswith("demo"):
        pytest.skip("Odoo's own demo data comes first or not at all")
    name = "bb_long_beside_after"
    database.copy(database.template("plain", "long-template.log"), name)
    assert not install(name, paths.modules(), f"{name}.log", "plain")
    assert not install(name, APPS, f"{name}-theirs.log", "plain") - last["theirs"]
    database.drop(name)


@pytest.mark.parametrize("login", ["boss", "clerk"])
def test_every_screen_opens(office, login):
    """All menus that they have show their screens, with what is in them."""
    browser = office.browser(login)
    menus = browser.call("ir.ui.menu", "load_web_menus", [], False)
    actions = {menu["actionID"] for menu in menus.values() if menu.get("actionID")}
    assert len(actions) > 40
    opened, refused = 0, {}
    for action_id in sorted(actions):
        action = browser.post_json("/web/action/load", action_id=action_id)
        if action["type"] != "ir.actions.act_window" or not action["res_model"]:
            continue
        views = [[view_id, kind] for view_id, kind in action["views"]] + [[False, "search"]]
        for answer in (
            browser.ask_call(action["res_model"], "get_views", views),
            browser.ask_call(action["res_model"], "search_read", [], ["id"], limit=3),
        ):
            opened += 1
            if "error" in answer:
                refused[action["name"]] = answer["error"]["data"]["message"]
    assert not refused
    assert opened > 60


def test_a_resident_does_not_exist_for_who_does_all_the_rest(office):
    """Nor in lists, nor in what is suggested, nor as somebody to mail to or to invite."""
    clerk = office.browser("clerk")
    assert clerk.call("res.partner", "name_search", RESIDENT) == []
    domain = [["name", "ilike", RESIDENT]]
    found = clerk.call(
        "res.partner",
        "web_search_read",
        domain,
        {"display_name": {}},
        context={"active_test": False},
    )
    assert found["length"] == 0
    assert clerk.call("res.partner", "search_count", [["is_company", "=", False]])
    assert office.browser("boss").call("res.partner", "name_search", RESIDENT)


def test_the_form_for_residents_works_on_a_website(office):
    """With the page of the organisation around it."""
    answer = requests.get(f"{office.address}/buurtbemiddeling/aanmelden", timeout=120)
    assert answer.ok
    assert "<form" in answer.text and 'id="wrapwrap"' in answer.text
