from datetime import date

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon

from .common_worlds import TODAY, World

MODULES = ("buurtbemiddeling_case", "buurtbemiddeling_volunteer", "buurtbemiddeling_report")


class AccessScene(VolunteerCommon):
    """Four worlds, and somebody in every role.

    - ``own``: in an open project; the user made the record, or is whose it is. The mediator is on
      the case, the referrer sent it.
    - ``colleague``: in the same project; of another coordinator. The mediator was on the case.
    - ``closed``: in a project that is only for its own coordinators.
    - ``elsewhere``: of another organisation in the same database.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.users = cls.make_users()
        cls.worlds = cls.make_worlds()

    @classmethod
    def make_users(cls):
        """Return ``{role: user}``, all of one organisation, each with at most one role of ours."""
        ours = {
            "coordinator": "buurtbemiddeling_case.group_user",
            "coordinator_reader": "buurtbemiddeling_case.group_user",
            "administrator": "buurtbemiddeling_case.group_manager",
            "extra": "buurtbemiddeling_case.group_extra",
            "figures": "buurtbemiddeling_report.group_reporting",
            "reader": "buurtbemiddeling_report.group_reporting",
        }
        others = {
            "employee": "base.group_user",
            "other_apps": "base.group_user",
            "odoo_admin": "base.group_system,base.group_erp_manager",
            "mediator": "base.group_portal",
            "referrer": "base.group_portal",
        }
        users = {role: cls.make_user(f"table_{role}", groups) for role, groups in others.items()}
        for role, group in ours.items():
            users[role] = cls.make_user(f"table_{role}", f"{group},base.group_allow_export")
        users["public"] = cls.env.ref("base.public_user")
        users["other_apps"].group_ids += cls.get_groups_of_others()
        return users

    @classmethod
    def get_groups_of_others(cls):
        """Return all groups of other apps for people who work here, but that of Odoo's settings."""
        groups = cls.env["res.groups"].search([])
        names = groups.get_external_id()
        ours = groups.filtered(lambda group: names[group.id].partition(".")[0] in MODULES)
        left_out = cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        left_out |= cls.env.ref("base.group_system")
        return groups.filtered(
            lambda group: not group.all_implied_ids & ours and group not in left_out
        )

    @classmethod
    def make_worlds(cls):
        """Return ``{name: World}``."""
        colleague, member = (
            cls.make_user(f"table_{name}", "buurtbemiddeling_case.group_user")
            for name in ("colleague", "member")
        )
        here, there = (
            cls.make_user(f"table_peer_{name}", "buurtbemiddeling_case.group_extra", company)
            for name, company in (("here", cls.company), ("there", cls.other_company))
        )
        readers = cls.users["reader"] | cls.users["coordinator_reader"]
        open_project = cls.make_project("open", cls.company)
        closed_project = cls.make_project(
            "closed",
            cls.company,
            is_members_only=True,
            user_ids=[Command.set((member | here).ids)],
            reader_ids=[Command.set(readers.ids)],
        )
        worlds = {
            "own": World(open_project, cls.users["coordinator"], here),
            "colleague": World(open_project, colleague, here),
            "closed": World(closed_project, member, here),
            "elsewhere": World(
                cls.make_project("elsewhere", cls.other_company), cls.stranger, there
            ),
        }
        for name, world in worlds.items():
            cls.make_case_of(name, world)
        cls.make_mediator(worlds)
        return worlds

    @classmethod
    def make_project(cls, name, company, **values):
        area = cls.env["buurtbemiddeling.area"].create(
            {"name": name, "code": f"TABLE{name}", "kind": "municipality", "inhabitants": 1000}
        )
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": f"Project {name}",
                "company_id": company.id,
                "area_ids": [Command.set(area.ids)],
                "date_start": date(2020, 1, 1),
                **values,
            }
        )

    @classmethod
    def make_case_of(cls, name, world):
        """Create the case to which the rows of a world link, and who referred it."""
        partner = world.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": world.make_contact(is_company=True).id,
                "referrer_type_id": world.find_coded("referrer.type", "CORPORATIE"),
                "company_id": world.company.id,
            }
        )
        referrer = cls.users["referrer"].partner_id
        if name == "own":
            referrer.parent_id = partner.partner_id
        case = world.env["buurtbemiddeling.case"].create(
            {
                "registration_date": TODAY,
                "company_id": world.company.id,
                "user_id": world.user.id,
                "area_id": world.project.area_ids.id,
                "intake_decision": "suitable",
                "stage_id": cls.stage("talk_a").id,
                "reporter_name": f"Anna {name}",
                "reporter_street": f"{name}straat 1",
                "neighbour_name": f"Bert {name}",
                "neighbour_street": f"{name}straat 3",
                "referral_partner_id": partner.id,
                "referral_contact_id": name == "own" and referrer.id,
            }
        )
        world.samples["buurtbemiddeling.referral.partner"] = partner
        world.samples["buurtbemiddeling.case"] = case
        world.samples["buurtbemiddeling.case.party"] = case.party_ids[0]

    @classmethod
    def make_mediator(cls, worlds):
        """Create a volunteer with a login: on the own case, and before on that of a colleague."""
        mediator = cls.make_volunteer("Mia")
        mediator.partner_id = cls.users["mediator"].partner_id
        mediator.user_id = cls.users["mediator"]
        for name, state in (("own", "accepted"), ("colleague", "ended")):
            world = worlds[name]
            world.samples["buurtbemiddeling.volunteer"] = mediator
            world.samples["buurtbemiddeling.assignment"] = cls.couple(
                world.sample("buurtbemiddeling.case"), mediator, state
            )

    @classmethod
    def make_all_rows(cls):
        """Create the row of every model in every world, and what it takes to create one more.

        :return: ``{model: sentence}`` of the models of which that fails
        """
        failed = {}
        models = cls.get_models()
        # SQL views last: they show the others
        models.sort(key=lambda name: not cls.env[name]._auto)
        for step in ("get_row", "get_new_values"):
            for model in models:
                for name, world in cls.worlds.items():
                    try:
                        with cls.cr.savepoint():
                            done = getattr(world, step)(model)
                            done = done.ids if step == "get_row" else done
                            problem = "nothing is found" if done == [] else ""
                    except (UserError, ValueError, psycopg2.Error) as error:
                        problem = f"{type(error).__name__}: {error}"
                    if problem:
                        failed[model] = f"{model} in “{name}”: {problem}"
        return failed

    @classmethod
    def get_models(cls):
        """Return the models of the three modules that have rows."""
        return sorted(
            name
            for name, model in cls.env.items()
            if model._original_module in MODULES and not model._abstract
        )
