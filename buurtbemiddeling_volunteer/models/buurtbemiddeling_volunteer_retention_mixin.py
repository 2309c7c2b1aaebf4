from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .buurtbemiddeling_assignment import LIVE_STATES
from .buurtbemiddeling_visit_report import WORKED_STATES

VIEW_KEEP_LONGER = "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_view_form_keep_longer"
# what may not be filled in again, next to what the inventory says
REVIVING = {"stage_id", "partner_id", "active"}


class BuurtbemiddelingVolunteerRetentionMixin(models.AbstractModel):
    """Who left, and who asked to become a volunteer and did not, are kept for a term.

    - A **volunteer** began, and left: the term counts from the last day.
    - An **applicant** never began. The Autoriteit Persoonsgegevens says of applicants: remove their
      data at the latest 4 weeks after the procedure has ended, or 1 year after with their consent
      (autoriteitpersoonsgegevens.nl, "Sollicitaties"). The procedure has ended on the day of
      leaving, or after the last sign of who was found not suitable or was archived. Of whom nothing
      was decided, it has ended when there was no sign for a longer term of its own. Who agreed to
      be kept longer, is put on hold until the day that was agreed.

    Hours, results, assignments, neighbourhood and dates stay, of a volunteer with a number for a
    name, so that no figure of any year changes.
    """

    _name = "buurtbemiddeling.volunteer.retention.mixin"
    _description = "Term of a Volunteer"
    _inherit = ["buurtbemiddeling.retention.mixin"]
    # what a volunteer wrote or is told of may be about a case as well: it goes with either of them
    _anonymized_about = ("volunteer", "applicant", "case", "party")

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    @api.model
    def _get_due_domain(self, company, kind, day):
        domain = super()._get_due_domain(company, kind, day)
        if kind not in ("applicant", "volunteer"):
            return domain
        ours = Domain("company_id", "=", company.id) & Domain("anonymized_date", "=", False)
        ours &= Domain("assignment_ids", "not any", [("state", "in", LIVE_STATES)])
        began = (
            Domain("date_start", "!=", False)
            | Domain("stage_id.is_active", "=", True)
            | Domain("assignment_ids", "any", [("state", "in", WORKED_STATES)])
        )
        gone = Domain("stage_id.is_left", "=", True) | Domain("active", "=", False)
        limit = company._get_retention_limit(kind, day)
        if kind == "volunteer":
            return ours & began & gone & self._get_ended_domain(limit)
        open_limit = min(limit, company._get_retention_limit("applicant_open", day))
        refused = Domain("intake_result", "=", "not") | Domain("evaluation_result", "=", "not")
        return (
            ours
            & ~began
            & (
                (gone & self._get_ended_domain(limit))
                | (refused & self._get_silent_domain(limit))
                | self._get_silent_domain(open_limit)
            )
        )

    @api.model
    def _get_asking_domain(self, asking):
        return Domain("partner_id", "any", self._get_asked_by(asking, "partner_id"))

    @api.model
    def _get_ended_domain(self, limit):
        """Return the domain of whose last day was on or before ``limit``, as far as it is known.

        Who applied again after that is here again, also before a coordinator has looked at it.
        """
        again = Domain("application_ids", "any", [("create_date", ">=", _as_moment(limit))])
        last_day = Domain("date_end", "!=", False) & Domain("date_end", "<=", limit)
        unknown = Domain("date_end", "=", False) & self._get_silent_domain(limit)
        return (last_day & ~again) | unknown

    @api.model
    def _get_silent_domain(self, limit):
        """Return the domain of whom nothing was heard since ``limit``, and nothing is planned."""
        moment = _as_moment(limit)
        return (
            Domain("create_date", "<", moment)
            & (Domain("application_date", "=", False) | Domain("application_date", "<", limit))
            & (Domain("next_talk_date", "=", False) | Domain("next_talk_date", "<", limit))
            & Domain("application_ids", "not any", [("create_date", ">=", moment)])
            & Domain("talk_ids", "not any", [("date", ">=", limit)])
            & Domain(
                "assignment_ids",
                "not any",
                Domain("date_start", ">=", limit) | Domain("date_end", ">=", limit),
            )
            & Domain(
                "enrolment_ids",
                "not any",
                Domain("date_end", ">=", moment) | Domain("create_date", ">=", moment),
            )
            & Domain("activity_ids", "not any", [("date_deadline", ">=", limit)])
            & Domain("message_ids", "not any", [("date", ">=", moment)])
        )

    def _get_retention_starts(self, kind):
        """The last day; where that is not known, or has not come, the day of the last sign."""
        starts = {}
        for volunteer in self:
            known = volunteer.is_left_stage and volunteer.date_end
            starts[volunteer] = known or volunteer._get_last_sign()
        return starts

    def _get_last_sign(self):
        self.ensure_one()
        moments = [
            self.create_date,
            *self.application_ids.mapped("create_date"),
            *self.enrolment_ids.mapped("create_date"),
            *self.enrolment_ids.mapped("date_end"),
            *self.message_ids.mapped("date"),
        ]
        days = [
            self.application_date,
            self.next_talk_date,
            *self.talk_ids.mapped("date"),
            *self.assignment_ids.mapped("date_start"),
            *self.assignment_ids.mapped("date_end"),
            *self.activity_ids.mapped("date_deadline"),
        ]
        return max(filter(None, (*(moment and moment.date() for moment in moments), *days)))

    def _get_due_dates(self, kind):
        """Of whom nothing was decided, the longer term counts."""
        waiting = self.browse()
        if kind == "applicant":
            waiting = self.filtered(
                lambda each: (
                    each.active
                    and not each.is_left_stage
                    and "not" not in (each.intake_result, each.evaluation_result)
                )
            )
        dates = super(BuurtbemiddelingVolunteerRetentionMixin, self - waiting)._get_due_dates(kind)
        dates.update(
            super(BuurtbemiddelingVolunteerRetentionMixin, waiting)._get_due_dates("applicant_open")
        )
        return dates

    def _prepare_retention_values(self):
        values = super()._prepare_retention_values()
        messages, files = self._count_hanging({self._name: self.ids})
        for volunteer in self:
            values[volunteer].update(
                name=self.env._("Volunteer %s", volunteer.id),
                user_id=volunteer.coordinator_id.id,
                project_id=volunteer.project_id.id,
                message_count=messages.get((self._name, volunteer.id), 0),
                file_count=files.get((self._name, volunteer.id), 0),
            )
        return values

    def action_keep_longer(self):
        """Ask until when, and why, the personal data of this volunteer are kept longer."""
        self.ensure_one()
        view = self.env.ref(VIEW_KEEP_LONGER)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keep longer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------
    # REMOVING
    # ------------------------------------------------------------

    def _anonymize(self):
        """Remove who these are: login, contact and words. What they did stays."""
        # sudo: contact and login go, whoever may read them; nothing comes back
        volunteers = self.sudo().with_context(active_test=False)
        volunteers._close_logins()
        volunteers._replace_names()
        volunteers._empty_or_replace_contacts()
        res = super()._anonymize()
        volunteers._archive_anonymized()
        return res

    def _get_neutral_names(self):
        """Return ``{volunteer: a number for a name}``, in the language of the organisation."""
        names = {}
        for volunteer in self:
            company = volunteer.company_id
            env = volunteer.with_context(lang=company.partner_id.lang or self.env.lang).env
            began = volunteer.date_start or any(
                row.state in WORKED_STATES for row in volunteer.assignment_ids
            )
            names[volunteer] = (
                env._("Former mediator %s", volunteer.id)
                if began
                else env._("Former applicant %s", volunteer.id)
            )
        return names

    def _replace_names(self):
        """Put the number for the name where messages that stay tell of these volunteers.

        Those are on the cases and the residents with whom they worked, and on trainings.
        """
        self.env.flush_all()
        for volunteer, neutral in self._get_neutral_names().items():
            cases = volunteer.assignment_ids.case_id
            # queries of one volunteer: a message may tell of several of them
            self.env["buurtbemiddeling.anonymizer"]._replace_name(
                volunteer.name,
                neutral,
                [cases, cases.party_ids, volunteer.enrolment_ids.session_id],
            )

    def _empty_or_replace_contacts(self):
        """Empty the contacts of these volunteers, of each with its login.

        A contact that is used for something else, at whatever department, stays as it is: the
        volunteer gets an empty one.
        """
        engine = self.env["buurtbemiddeling.anonymizer"]
        contacts = self.partner_id
        elsewhere = engine._get_used_elsewhere(contacts, [(self._table, "partner_id")])
        shared = contacts.filtered("parent_id")  # works for an organisation
        shared |= self.search(
            [("partner_id", "in", contacts.ids), ("id", "not in", self.ids)]
        ).partner_id
        elsewhere |= shared
        names = self._get_neutral_names()
        replaced = self.filtered(lambda volunteer: volunteer.partner_id in elsewhere)
        fresh = self.env["res.partner"].with_context(tracking_disable=True)
        fresh = fresh.create(
            [
                {"name": names[volunteer], "company_id": volunteer.company_id.id, "active": False}
                for volunteer in replaced
            ]
        )
        given = dict(zip(replaced, fresh, strict=True))
        ours = [(self._table, "partner_id"), ("buurtbemiddeling_case_party", "partner_id")]
        residents = elsewhere - shared - engine._get_used_elsewhere(elsewhere, ours)
        parting = replaced.filtered(lambda each: each.partner_id in residents)
        parting._leave_contacts_to_cases({each: given[each] for each in parting})
        engine._empty_contacts(
            {
                **{volunteer.partner_id: names[volunteer] for volunteer in self - replaced},
                **{given[volunteer]: names[volunteer] for volunteer in parting},
            }
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s kept SET partner_id = given.partner_id, name = given.name"
                " FROM unnest(%s::int[], %s::int[], %s::text[]) AS given (id, partner_id, name)"
                " WHERE kept.id = given.id",
                SQL.identifier(self._table),
                self.ids,
                [given.get(volunteer, volunteer.partner_id).id for volunteer in self],
                [names[volunteer] for volunteer in self],
            )
        )
        self.env.invalidate_all(flush=False)

    def _leave_contacts_to_cases(self, given):
        """Let contacts of these, who are residents as well, go when their cases go.

        As a contact of a volunteer it was open to colleagues; from now on it is that of a resident.

        :param given: ``{volunteer: the empty contact that stays with the volunteer and the login}``
        """
        parties = self.env["buurtbemiddeling.case.party"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        for volunteer, fresh in given.items():
            contact = volunteer.partner_id
            companies = parties.filtered(
                lambda party, of=contact: party.partner_id == of
            ).company_id
            if len(companies) > 1:
                continue  # a confidential contact is one organisation's
            self.env.cr.execute(
                SQL(
                    "UPDATE res_users SET partner_id = %s WHERE partner_id = %s",
                    fresh.id,
                    contact.id,
                )
            )
            self.env.invalidate_all(flush=False)
            contact.with_context(tracking_disable=True).write(
                {"is_confidential": True, "company_id": companies.id}
            )
        self.env.flush_all()

    def _archive_anonymized(self):
        """Out of the lists: there is nobody to write to, or to choose."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET active = FALSE WHERE id = ANY(%s)",
                    SQL.identifier(self._table),
                    self.ids,
                )
            )
            self.invalidate_recordset(flush=False)

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def _check_not_anonymized(self, vals):
        """Who comes back is a new volunteer: nobody knows any more which number it was."""
        if REVIVING & {name for name in vals if vals[name]}:
            self._refuse_anonymized()
        return super()._check_not_anonymized(vals)

    def _refuse_anonymized(self):
        # sudo: only whether and when; said to who is changing the record
        done = self.sudo().filtered("anonymized_date")[:1]
        if done:
            raise UserError(
                self.env._(
                    "The personal data of %(volunteer)s were removed on %(date)s. Add whoever comes"
                    " back as a new volunteer.",
                    volunteer=done.name,
                    date=format_date(self.env, done.anonymized_date),
                )
            )


def _as_moment(day):
    return fields.Datetime.to_datetime(day)
