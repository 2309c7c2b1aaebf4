"""What is the same for all cases: the lists with their codes, and each organisation."""

from datetime import timedelta

from . import shares
from .homes import Homes
from .shares import Draw

LISTS = (
    "case.stage", "outcome", "intervention", "intake.reason", "nuisance.type", "complexity",
    "contraindication", "referrer.type", "language", "feedback.wording",
)  # fmt: skip


class Lists:
    """The lists of the field: `lists["outcome"]["OPG_BEM"]` is an id."""

    def __init__(self, env):
        records = {name: env[f"buurtbemiddeling.{name}"].search([]) for name in LISTS}
        self.ids = {
            name: {record.code: record.id for record in found} for name, found in records.items()
        }
        self.ids["language"][None] = self.ids["intervention"][None] = None
        self.norms = {stage.code: stage.norm_days for stage in records["case.stage"]}
        # names as they are in tracked values
        self.stage_names = {stage.code: stage.name for stage in records["case.stage"]}
        self.outcome_names = {outcome.code: outcome.name for outcome in records["outcome"]}
        self.handled = {outcome.code for outcome in records["outcome"] if outcome.counts_handled}
        self.suitable = {outcome.code for outcome in records["outcome"] if outcome.counts_suitable}
        self.wordings = {record.code: record.text for record in records["feedback.wording"]}
        areas = env["buurtbemiddeling.area"].search([])
        self.municipalities = {area.id: area.municipality_id.id for area in areas}
        unnamed = env["buurtbemiddeling.case"].new({"name": "{}"})
        talk = env["buurtbemiddeling.meeting"].new({"case_id": unnamed})
        self.talk_title = talk._prepare_calendar_values()["name"]
        lang = env["res.lang"]._get_data(code=env.lang)
        self.date_format = lang.date_format

    def __getitem__(self, name):
        return self.ids[name]


class Desk:
    """An organisation, with all that its cases need."""

    def __init__(self, env, index, organisation, working):
        self.index = index
        self.organisation = organisation
        company = env["res.company"].browse(organisation.company_id)
        self.company_id = company.id
        self.country_id = company.country_id.id or None
        self.aftercare_days = (
            timedelta(company.buurtbemiddeling_aftercare_min_days),
            timedelta(company.buurtbemiddeling_aftercare_max_days),
        )
        self.working = working
        self.homes = Homes(organisation.area_towns)
        self.draw_area = Draw(organisation.area_weights)
        self.draw_referrer = Draw(
            {
                code: share
                for code, share in shares.REFERRERS.items()
                if organisation.referral_partners.get(code)
            }
        )
        users = env["res.users"].browse(organisation.coordinator_ids)
        self.partner_ids = {user.id: user.partner_id.id for user in users}
        self.names = {user.id: user.name for user in users}
        self.emails = {user.id: user.partner_id.email_formatted or None for user in users}
        self.tells_result = {
            partner.id
            for partner in env["buurtbemiddeling.referral.partner"].search(
                [("company_id", "=", company.id), ("feedback_wording", "=", "result")]
            )
        }
        people = [id_ for ids in organisation.referral_contacts.values() for id_ in ids]
        contacts = env["res.partner"].browse(people)
        self.contact_names = {contact.id: contact.display_name for contact in contacts}
        self.known = []  # reporters who may come back

    def coordinator(self, project_id, chance):
        """One of the coordinators of a project."""
        users = self.organisation.project_coordinator_ids.get(project_id)
        users = users or self.organisation.coordinator_ids
        return users[int(len(users) * chance.random())]

    def referrer(self, chance):
        """A partner that refers, with one of its people: `(code, partner, contact person)`."""
        code = self.draw_referrer(chance)
        partners = self.organisation.referral_partners[code]
        partner = partners[int(len(partners) * chance.random())]
        people = self.organisation.referral_contacts[partner]
        return code, partner, people[int(len(people) * chance.random())] if people else None
