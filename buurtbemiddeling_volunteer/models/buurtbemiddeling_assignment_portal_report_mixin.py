from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ..tools.answers import read_day, read_number, write_number

REPORT_ACTIVITY = "buurtbemiddeling_volunteer.mail_activity_type_report"
TEXT_LIMIT = 4000  # characters
MAX_HOURS = 24  # as the model has it
# the mediators wait for the coordinator
ASKING_STEPS = ("coordinator", "stop", "refer")


class BuurtbemiddelingAssignmentPortalReportMixin(models.AbstractModel):
    """Visit reports on the portal: a mediator writes them, corrects them, and adds hours.

    Each report is about one party. Someone reads what was written while at work in the case
    oneself; what was written before, only when the coordinator chose so.
    """

    _name = "buurtbemiddeling.assignment.portal.report.mixin"
    _description = "Visit Reports on the Portal"
    _inherit = ["buurtbemiddeling.assignment.portal.talk.mixin"]

    def _get_portal_case_values(self):
        return {
            **super()._get_portal_case_values(),
            "reports": [
                self._get_portal_report_values(report) for report in self._get_portal_reports()
            ],
            "report_parties": [
                (party.id, self._get_portal_party_name(party)) for party in self.case_id.party_ids
            ],
        }

    # ------------------------------------------------------------
    # WHAT A MEDIATOR READS
    # ------------------------------------------------------------

    def _get_portal_reports(self):
        """Return the reports that this mediator may read.

        One's own, those of visits since one came to the case, and of earlier mediators what the
        coordinator opened for the next ones.
        """
        return self.case_id.visit_report_ids.filtered(
            lambda report: (
                report.volunteer_id == self.volunteer_id
                or report.for_successors
                or (report.assignment_id and report.date >= self._get_first_day())
            )
        )

    def _get_first_day(self):
        """Return the day from which the mediator is at work in the case."""
        answered = self.answered_on and self.answered_on.date()
        return max(filter(None, [self.date_start, answered]), default=self.create_date.date())

    def _find_portal_report(self, report_id):
        """Return the report with this id, or none when this mediator may not read it."""
        return self._get_portal_reports().filtered(lambda report: report.id == report_id)

    def _get_portal_report_values(self, report):
        """Return what a page shows of a report: plain values, in the language of the user."""
        steps = dict(report._fields["next_step"]._description_selection(self.env))
        return {
            "id": report.id,
            "about": self._get_portal_party_name(report.party_id),
            "date": format_date(self.env, report.date),
            "by": report.volunteer_id.name,
            "text": report.text,
            "next_step": steps.get(report.next_step),
            "my_hours": self._get_portal_hours(report).hours,
            "is_mine": self._is_own_report(report),
            "can_correct": self._can_correct_report(report),
        }

    def _is_own_report(self, report):
        return report.assignment_id == self

    def _can_correct_report(self, report):
        """One's own, until the coordinator did something with it: that is not undone."""
        untouched = report.create_uid == report.write_uid == self.env.user
        return self._is_own_report(report) and untouched

    def _get_portal_hours(self, report):
        return report.hours_ids.filtered(lambda row: row.assignment_id == self)

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    def _get_portal_report_scope(self, talk_id, party_id):
        """Return what a new report is about: ``(talk, parties)``, of this case only.

        :param talk_id: after a talk, each of its parties gets a report of its own; left out are
            those of which this mediator wrote one already
        :param party_id: without a talk, one party
        :return: no parties when there is nothing to report on
        """
        talk = self._find_portal_talk(talk_id)
        if not talk:
            return talk, self.case_id.party_ids.filtered(lambda party: party.id == party_id)
        mine = self.case_id.visit_report_ids.filtered(
            lambda row: row.meeting_id == talk and row.volunteer_id == self.volunteer_id
        )
        return talk, talk.party_ids - mine.party_id

    def _get_portal_report_form(self, talk, parties):
        """Return the questions of a report, one text for each party.

        :param talk: the talk that is reported on; may be none
        """
        reports, talks = self.case_id.visit_report_ids, self.case_id.meeting_ids
        to_end = talk.state == "planned" and talk._has_come()
        return {
            "parties": [(party.id, self._get_portal_party_name(party)) for party in parties],
            "talk": self._get_portal_talk_values(talk)[0] if talk else None,
            "next_steps": reports._fields["next_step"]._description_selection(self.env),
            "outcomes": to_end and talks._fields["outcome"]._description_selection(self.env),
            "limits": {f"text_{party.id}": TEXT_LIMIT for party in parties},
            "today": fields.Date.context_today(self).isoformat(),
            "answers": {"date": fields.Date.context_today(self).isoformat()},
        }

    def _read_portal_report(self, answers, talk, parties):
        """Return what was typed as values of reports, one a party, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone
        :return: ``({"outcome": code, "reports": [values]}, {name of the question: sentence})``
        """
        form = self._get_portal_report_form(talk, parties)
        texts, errors = self.env["buurtbemiddeling.door.key"]._read_texts(
            answers, form["limits"], tuple(form["limits"])
        )
        if not any(texts.values()):
            errors[next(iter(texts))] = self.env._("Write what was told and agreed.")
        # of a talk that was cancelled meanwhile it is told that it was, and not dropped in silence
        is_asked = form["outcomes"] or talk.state == "cancelled"
        outcome = answers.get("outcome") if is_asked else None
        if form["outcomes"] and outcome not in dict(form["outcomes"]):
            errors["outcome"] = self.env._("Choose how the talk ended.")
        day = talk._get_local_start().date() if talk else self._read_visit_day(answers, errors)
        hours = self._read_hours(answers, errors)
        reports = []
        for party in parties:
            if not texts[f"text_{party.id}"]:
                continue
            step = answers.get(f"next_step_{party.id}")
            if step and step not in dict(form["next_steps"]):
                errors[f"next_step_{party.id}"] = self.env._("Choose one of the next steps.")
            # of a talk with both, the hours stand in one of the two reports
            own = [Command.create({"assignment_id": self.id, "hours": hours})]
            reports.append(
                {
                    "party_id": party.id,
                    "meeting_id": talk.id,
                    "assignment_id": self.id,
                    "date": day,
                    "text": texts[f"text_{party.id}"],
                    "next_step": step or False,
                    "hours_ids": own if hours and not reports else [],
                }
            )
        return {"outcome": outcome, "reports": reports}, errors

    def _read_visit_day(self, answers, errors):
        """Return the day of a visit; what is wrong with it is put in ``errors``."""
        day = read_day(answers.get("date"))
        if not day:
            errors["date"] = self.env._("Fill in the day of the visit.")
        elif day > fields.Date.context_today(self):
            errors["date"] = self.env._("A visit is reported once it was made.")
        elif day < self.case_id.registration_date:
            errors["date"] = self.env._("The case did not exist on that day. Is the year right?")
        return day

    @api.model
    def _read_hours(self, answers, errors):
        """Return the hours that were typed, 0 when left empty; what is wrong is in ``errors``."""
        text = (answers.get("hours") or "").strip()
        hours = read_number(text) if text else 0
        if hours is None or hours > MAX_HOURS:
            errors["hours"] = self.env._("Fill in a number of hours up to 24, such as 1.5.")
        return hours

    def _get_portal_correction_form(self, report):
        """Return a report with the questions to correct it, of which some may be shut."""
        hours = self._get_portal_hours(report).hours
        point = get_lang(self.env).decimal_point
        return {
            "report": self._get_portal_report_values(report),
            "next_steps": report._fields["next_step"]._description_selection(self.env),
            "limits": {"text": TEXT_LIMIT},
            "answers": {
                "text": report.text,
                "next_step": report.next_step,
                "hours": write_number(hours, point) if hours else None,
            },
        }

    def _read_portal_correction(self, answers, report):
        """Return what was typed as values of a report, one's hours, and what is wrong with it.

        :return: ``(values, hours, {name of the question: sentence})``; no values for a report that
            is not one's own
        """
        errors = {}
        hours = self._read_hours(answers, errors)
        if not self._is_own_report(report) or "text" not in answers:
            return {}, hours, errors
        values, too_long = self.env["buurtbemiddeling.door.key"]._read_texts(
            answers, {"text": TEXT_LIMIT}, ("text",)
        )
        errors |= too_long
        if not values["text"]:
            errors["text"] = self.env._("Write what was told and agreed.")
        step = answers.get("next_step")
        if step and step not in dict(report._fields["next_step"]._description_selection(self.env)):
            errors["next_step"] = self.env._("Choose one of the next steps.")
        return {**values, "next_step": step or False}, hours, errors

    # ------------------------------------------------------------
    # WHAT A MEDIATOR DOES
    # ------------------------------------------------------------

    def _write_portal_reports(self, talk, values):
        """Keep reports, and how their talk ended; the coordinator is told.

        :param values: as ``_read_portal_report`` gives them
        :raise UserError: when the talk was cancelled or is still to come
        """
        if values["outcome"]:
            self._hold_portal_talk(talk, values["outcome"])
        reports = self.env["buurtbemiddeling.visit.report"].create(values["reports"])
        self._tell_report(reports)
        return reports

    def _correct_portal_report(self, report, values, hours):
        """Correct one's own report, of which the coordinator is told again, and one's hours.

        :param values: as ``_read_portal_correction`` gives them, empty for a colleague's report
        :raise UserError: when the coordinator did something with it in the meantime
        """
        self._note_portal_hours(report, hours)
        if not values:
            return
        if not self._can_correct_report(report):
            raise UserError(
                self.env._(
                    "Your coordinator has worked on this report. Call to have something corrected."
                )
            )
        report.write(values)
        self._tell_report(report)

    def _note_portal_hours(self, report, hours):
        """Note this mediator's own hours in a report; the hours of a colleague stay as they are."""
        own = self._get_portal_hours(report)
        if own:
            own.hours = hours
        elif hours:
            own.create({"report_id": report.id, "assignment_id": self.id, "hours": hours})

    def _tell_report(self, reports):
        """Put reading on the coordinator's list, once for each case; nothing of it is told there.

        What asks for the coordinator is there with words of its own.
        """
        lang = self.user_id.lang or self.company_id.partner_id.lang or self.env.lang
        # the to-do of a case is the organisation's: mediators have none
        case = self.case_id.with_user(SUPERUSER_ID).with_context(lang=lang)
        is_asking = any(report.next_step in ASKING_STEPS for report in reports)
        todos = case.activity_search([REPORT_ACTIVITY])
        summary = (
            case.env._("The mediators wait for you: read their visit report")
            if is_asking
            else case.env._("A visit report came in: read it")
        )
        if not todos:
            case._plan_todo(REPORT_ACTIVITY, summary=summary)
        elif is_asking:
            todos.summary = summary
