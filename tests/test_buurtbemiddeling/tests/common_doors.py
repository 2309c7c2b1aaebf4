import re
from datetime import date, datetime, timedelta
from urllib.parse import quote

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import JourneyCase

SECRET = "Zwijgmans"  # in each text of a case that the people at the doors have no part in
FORMS = ("buurtbemiddeling_application_form", "buurtbemiddeling_request_form")
OURS = ("buurtbemiddeling_case", "buurtbemiddeling_volunteer", "buurtbemiddeling_report")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ARGUMENT = re.compile(r"<(?:(?P<converter>\w+)(?:\([^>]*\))?:)?(?P<name>\w+)>")


class Route:
    """An address of ours with everything that answers there, whatever the method."""

    def __init__(self, path):
        self.path = path
        self.endpoints = {}  # {method: routing}

    @property
    def arguments(self):
        """The converters of what varies in the address, such as ``["int", "string"]``."""
        return [found["converter"] or "string" for found in ARGUMENT.finditer(self.path)]

    def make_url(self, values):
        """Return the address with these texts for what varies in it."""
        values = iter(values)
        return ARGUMENT.sub(lambda _found: quote(next(values), safe="%"), self.path)


class DoorScene(JourneyCase):
    """Who comes to the doors: a mediator, a referrer, and somebody who is neither.

    The mediator is on ``own_case``. Nobody of them has anything to do with ``other_case``, of which
    every text has ``SECRET`` in it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mediator = cls.make_user("door_mediator", "Mia Bemiddelaar")
        cls.referrer = cls.make_user("door_referrer", "Rita Verwijzer")
        cls.nobody = cls.make_user("door_nobody", "Noor Niemand")
        cls.volunteer = cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.mediator.partner_id.id,
                "user_id": cls.mediator.id,
                "company_id": cls.company.id,
                "stage_id": cls.volunteers.stage_id.id,
            }
        )
        cls.make_ready(cls.volunteer)
        cls.referral_partner = cls.env["buurtbemiddeling.referral.partner"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.referrer.partner_id.parent_id = cls.referral_partner.partner_id
        cls.company.update({name: True for name in FORMS if name in cls.company._fields})
        cls.own_case = cls.make_case("Anneke de Melder", "Bert Buur")
        cls.own_case.referral_partner_id = cls.referral_partner
        cls.own_case.referral_contact_id = cls.referrer.partner_id
        cls.own_assignment = cls.couple(cls.own_case, cls.volunteer)
        cls.invitation = cls.couple(
            cls.make_case("Carla de Melder", "Dirk Buur"), cls.volunteer, "invited"
        )
        cls.invitation.invited_on = datetime.now()
        cls.own_talk = cls.make_talk(cls.own_case)
        cls.other_case = cls.make_case(f"Anna {SECRET}", f"Bert {SECRET}")
        cls.other_assignment = cls.couple(cls.other_case, cls.volunteers[0])
        cls.other_talk = cls.make_talk(cls.other_case, location=f"Bij {SECRET}")

    @classmethod
    def make_user(cls, login, name, groups="base.group_portal", company=None):
        """Create somebody with a login, in Dutch."""
        company = company or cls.company
        return mail_new_test_user(
            cls.env,
            login=login,
            name=name,
            lang="nl_NL",
            tz="Europe/Amsterdam",
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def make_case(cls, reporter, neighbour):
        """Create a case of two residents that has its mediators."""
        return (
            cls.env["buurtbemiddeling.case"]
            .with_user(cls.coordinator)
            .create(
                {
                    "company_id": cls.company.id,
                    "registration_date": date.today(),
                    "stage_id": cls.env.ref("buurtbemiddeling_case.case_stage_talk_a").id,
                    "intake_decision": "suitable",
                    "reporter_name": reporter,
                    "reporter_street": f"{reporter}laan 12",
                    "neighbour_name": neighbour,
                    "neighbour_street": f"{neighbour}laan 14",
                }
            )
        )

    @classmethod
    def couple(cls, case, volunteer, state="accepted"):
        """Put a volunteer on a case."""
        return (
            cls.env["buurtbemiddeling.assignment"]
            .with_user(cls.coordinator)
            .create(
                {
                    "case_id": case.id,
                    "volunteer_id": volunteer.id,
                    "state": state,
                    "date_start": date.today(),
                }
            )
        )

    @classmethod
    def make_talk(cls, case, **values):
        """Plan a talk with the reporter, a week from now."""
        return (
            cls.env["buurtbemiddeling.meeting"]
            .with_user(cls.coordinator)
            .create(
                {
                    "case_id": case.id,
                    "kind": "talk_a",
                    "start": datetime.now() + timedelta(days=7),
                    **values,
                }
            )
        )

    def get_routes(self, modules=OURS):
        """Return the routes that these modules made, not those of others that they change."""
        routes = {}
        for rule in self.env["ir.http"].routing_map().iter_rules():
            name = rule.endpoint.func.__name__
            makers = [
                cls for cls in type(rule.endpoint.func.__self__).mro() if name in cls.__dict__
            ]
            module = makers[-1].__module__.removeprefix("odoo.addons.").split(".")[0]
            if module in modules:
                route = routes.setdefault(rule.rule, Route(rule.rule))
                methods = rule.endpoint.routing["methods"] or METHODS
                route.endpoints.update(dict.fromkeys(methods, rule.endpoint.routing))
        return list(routes.values())
