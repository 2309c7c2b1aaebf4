from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_case.demo.journeys import TALK_PHASES, workday

from ..tools.pairing import FILTERS

INVITATION_DAYS, RECENT = 7, timedelta(days=60)
PAID_UNTIL, CLAIMED_SINCE = timedelta(days=30), timedelta(days=120)
REFUSALS = ("GEEN_TIJD", "TE_VEEL_ZAKEN", "KENT_PARTIJ")
# why a tie of someone at work was found to be no objection
REASONS = {
    "met": "Was jaren terug in een andere zaak van deze buur. Die is goed afgerond, de buur vindt"
    " het prima.",
    "declared_street": "Kent de straat van een oude baan, maar deze buren niet.",
}
OTHER_REASON = "Met beide buren besproken. Zij hebben geen bezwaar."
DAYPARTS = ("tue_evening", "wed_evening", "thu_evening")


class BuurtbemiddelingDemo(models.AbstractModel):
    """What the demo mediators do: answer, visit, report, claim, look back, and are thanked."""

    _inherit = "buurtbemiddeling.demo"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _complete_work(self, plan, volunteers, today):
        """Fill in the work on the demo cases.

        :param plan: what work.json says
        """
        reasons = self.env["buurtbemiddeling.assignment.reason"].search([]).grouped("code")
        cases = self.env["buurtbemiddeling.case"].union(
            *(case for _number, case in self._get_assigned_cases())
        )
        self._tell_reasons(cases, reasons)
        self._replace_mediator(cases, volunteers, reasons, today)
        self._ask_assigned(cases, reasons, today)
        self._ask_pairs(today)
        self._judge_ties(cases, today)
        self._object(cases, plan, today)
        self._share_with_mediators(cases, plan)
        self._report_visits(cases, plan, today)
        self._claim_expenses(cases, plan, today)
        self._look_back(cases, plan, today)
        self._thank(cases, plan, volunteers, today)

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    @api.model
    def _tell_reasons(self, cases, reasons):
        """Why somebody said no, in turn; all others were there until the end."""
        rows = cases.assignment_ids
        rows.filtered(lambda row: row.state == "ended").reason_id = reasons["AFGEROND"]
        declined = rows.filtered(lambda row: row.state == "declined").sorted("id")
        for number, code in enumerate(REFUSALS):
            declined[number :: len(REFUSALS)].reason_id = reasons[code]

    @api.model
    def _replace_mediator(self, cases, volunteers, reasons, today):
        """In the case that runs longest, someone stopped and another took over."""
        running = cases.filtered(lambda case: case.stage_id.code == "aftercare")
        case = min(running, key=lambda case: min(case.assignment_ids.mapped("date_start")))
        follower = case.assignment_ids.filtered(lambda row: row.state == "accepted")[-1:]
        first = follower.date_start
        able = volunteers.filtered(
            lambda v: v.is_experienced and v.date_start < first
        ) - case.assignment_ids.volunteer_id  # fmt: skip
        tied = self.env["buurtbemiddeling.assignment"]._get_conflicts(case, able)
        able -= able.browse().union(*(conflict.volunteer for conflict in tied))
        stopped = workday(first + timedelta(days=6))
        self.env["buurtbemiddeling.assignment"].create(
            {
                "case_id": case.id,
                "volunteer_id": able[-1].id,
                "date_start": first,
                "date_end": stopped,
                "state": "ended",
                "hours": 2,
                "reason_id": reasons["TERUGGETREDEN"].id,
                "reason_note": "Kreeg het te druk op het werk.",
                "replaced_by_id": follower.id,
            }
        )
        follower.date_start = stopped

    @api.model
    def _prepare_invitation(self, today, days, reminded=False):
        asked = today - timedelta(days=days)
        return {
            "date_start": asked,
            "invited_on": self._moment(asked, 10),
            "expires_on": asked + timedelta(days=INVITATION_DAYS),
            "reminded_on": reminded and self._moment(asked + timedelta(days=2), 7),
        }

    @api.model
    def _ask_assigned(self, cases, reasons, today):
        """Of the cases with one mediator, the other did not answer, or was asked yesterday."""
        for row in cases.assignment_ids.filtered(lambda row: row.state == "invited"):
            if row.date_start > today - timedelta(days=INVITATION_DAYS):
                row.write(self._prepare_invitation(today, 1))
                continue
            asked = self._prepare_invitation(today, INVITATION_DAYS + 2, reminded=True)
            row.write(asked)
            row.write(
                {
                    "state": "declined",
                    "reason_id": reasons["GEEN_ANTWOORD"].id,
                    "answered_on": False,
                    "date_end": asked["expires_on"],
                }
            )

    @api.model
    def _ask_pairs(self, today):
        """For two cases that wait, a pair was asked that the product proposes.

        For one the best, for the other the best with a mediator who can log in and answer.
        """
        with_login = self.env.ref("buurtbemiddeling_volunteer.demo_volunteer_01").id
        dayparts = self.env["buurtbemiddeling.daypart"].search([("code", "in", DAYPARTS)])
        waiting = self.env["buurtbemiddeling.case"].search(
            [("stage_id.code", "=", "waiting")], order="name"
        )
        waiting.daypart_ids = dayparts
        reasons = self.env["buurtbemiddeling.assignment.reason"].search([]).grouped("code")
        assignments = self.env["buurtbemiddeling.assignment"]
        for place, case in enumerate(waiting.filtered(lambda c: c.waiting_reason != "resident")):
            pairs = case._propose_pairs(50)[0].pairs or case._propose_pairs(50, FILTERS)[0].pairs
            if place:
                pairs.sort(key=lambda pair: with_login not in (pair.first.key, pair.second.key))
            asked = self._prepare_invitation(today, 1 if place else 3, reminded=not place)
            rows = assignments.create(
                [
                    {"case_id": case.id, "volunteer_id": one.key, **asked}
                    for one in (pairs[0].first, pairs[0].second)
                ]
            )
            if place:
                continue
            yesterday = self._moment(today - timedelta(days=1), 19)
            rows[0].write({"state": "accepted", "answered_on": yesterday, "reminded_on": False})
            # somebody else had been asked first
            others = {one.key for pair in pairs[1:] for one in (pair.first, pair.second)}
            for key in sorted(others - set(rows.volunteer_id.ids))[:1]:
                assignments.create(
                    {
                        "case_id": case.id,
                        "volunteer_id": key,
                        **self._prepare_invitation(today, 5),
                        "state": "declined",
                        "answered_on": self._moment(today - timedelta(days=4), 21),
                        "date_end": today - timedelta(days=4),
                        "reason_id": reasons["GEEN_TIJD"].id,
                        "reason_note": "Over een maand graag weer.",
                    }
                )

    @api.model
    def _judge_ties(self, cases, today):
        """One mediator knows the street; the coordinator said why that is no objection."""
        running = cases.filtered(lambda case: case.stage_id.code == "mediation")
        row = running[-1].assignment_ids.filtered(lambda row: row.state == "accepted")[:1]
        home = self._get_party(row.case_id, "a").partner_id
        self.env["buurtbemiddeling.volunteer.declaration"].create(
            {
                "volunteer_id": row.volunteer_id.id,
                "kind": "street",
                "street": home.street.rpartition(" ")[0],
                "city": home.city,
                "date": row.date_start - timedelta(days=200),
            }
        )
        live = self.env["buurtbemiddeling.assignment"].search(
            [("state", "in", ("invited", "accepted"))]
        )
        found = live._find_conflicts(
            {case: rows.volunteer_id for case, rows in live.grouped("case_id").items()}
        )
        for row in live:
            kinds = [c.kind for c in found[row.case_id] if c.volunteer == row.volunteer_id]
            if kinds:
                row.write(
                    {
                        "independence_reason": REASONS.get(kinds[0], OTHER_REASON),
                        "independence_kinds": ",".join(sorted(kinds)),
                        "independence_user_id": row.user_id.id,
                        "independence_date": self._moment(row.date_start, 9, 30),
                    }
                )

    @api.model
    def _object(self, cases, plan, today):
        case = cases.filtered(lambda case: case.stage_id.code == "talk_b")[:1]
        self.env["buurtbemiddeling.assignment.objection"].create(
            {
                "case_id": case.id,
                "party_id": self._get_party(case, "a").id,
                "volunteer_id": case.volunteer_ids[:1].id,
                "date": workday(today - timedelta(days=1), -1),
                "ground": "partial",
                "note": plan["objection"],
            }
        )

    @api.model
    def _share_with_mediators(self, cases, plan):
        """What the coordinator lets the mediators know of a neighbour, in most running cases."""
        notes = plan["mediator_notes"]
        for number, case in enumerate(cases.filtered(lambda case: not case.is_closed)):
            for party in case.party_ids:
                texts = [*notes[party.side], False]
                party.mediator_note = texts[number % len(texts)]

    # ------------------------------------------------------------
    # WHAT THEY DID
    # ------------------------------------------------------------

    @api.model
    def _report_visits(self, cases, plan, today):
        """A report of each party in each talk of the cases that run, or ended not long ago."""
        recent = cases.filtered(lambda c: not c.close_date or c.close_date > today - RECENT)
        values_list = []
        for number, talk in enumerate(recent.meeting_ids.sorted("start")):
            if talk.state != "done" or talk.kind not in TALK_PHASES:
                continue
            day = talk._get_local_start().date()
            rows = talk.case_id.assignment_ids.filtered(
                lambda row, day=day: (
                    row.state in ("accepted", "ended")
                    and row.date_start <= day
                    and (not row.date_end or day <= row.date_end)
                )
            )
            texts = plan["reports"][talk.kind]
            for place, party in enumerate(talk.party_ids):
                hours = [
                    Command.create({"assignment_id": row.id, "hours": talk.duration + 0.5})
                    for row in rows
                    if not place
                ]
                values_list.append(
                    {
                        "party_id": party.id,
                        "meeting_id": talk.id,
                        "assignment_id": rows[(number + place) % len(rows)].id if rows else False,
                        "text": texts[(number + place) % len(texts)],
                        "next_step": plan["next_steps"][talk.kind],
                        "hours_ids": hours,
                    }
                )
        self.env["buurtbemiddeling.visit.report"].create(values_list)

    @api.model
    def _claim_expenses(self, cases, plan, today):
        """The fixed amount of closed cases and some travel: exported, approved, or still to do."""
        rows = cases.assignment_ids
        closed = rows.filtered(
            lambda row: (
                row.state == "ended"
                and row.case_id.close_date
                and row.case_id.close_date > today - CLAIMED_SINCE
            )
        )
        values_list = [
            {"assignment_id": row.id, "kind": "fixed", "date": row.case_id.close_date}
            for row in closed.sorted(lambda row: (row.date_end, row.id))
        ]
        working = rows.filtered(lambda row: row.state == "accepted").sorted("id")
        for number, row in enumerate(working[::2]):
            kind, text, distance = plan["trips"][number % len(plan["trips"])]
            day = max(row.date_start, today - timedelta(days=3 + 2 * number))
            values_list.append({"assignment_id": row.id, "kind": kind, "description": text,
                                "distance": distance, "date": min(day, today)})  # fmt: skip
        text, amount = plan["parking"]
        values_list.append({"assignment_id": working[:1].id, "kind": "parking", "amount": amount,
                            "description": text, "date": today - timedelta(days=4)})  # fmt: skip
        approver = self._demo_ref("user_coordinator")
        exported = today - PAID_UNTIL
        for number, values in enumerate(values_list):
            values["state"] = "submitted"
            if values["date"] <= exported or number % 3:
                decided = min(workday(values["date"] + timedelta(days=2)), today)
                values.update(state="approved", approved_by_id=approver.id, approved_on=decided)
        expenses = self.env["buurtbemiddeling.expense"].create(values_list)
        export = self.env["buurtbemiddeling.expense.export"]._export(
            expenses.filtered(lambda expense: expense.date <= exported), exported,
            today - CLAIMED_SINCE,
        )  # fmt: skip
        export.date = workday(exported + timedelta(days=2))

    @api.model
    def _look_back(self, cases, plan, today):
        """Debriefs of the cases of the last months, two of which became a case card."""
        closed = cases.filtered(lambda c: c.close_date and c.close_date > today - 2 * RECENT)
        values_list = []
        for number, case in enumerate(closed.sorted("close_date")[:-4]):
            rows = case.assignment_ids.filtered(lambda row: row.state == "ended")
            values_list.append(
                {
                    "case_id": case.id,
                    "date": min(workday(case.close_date + timedelta(days=4)), today),
                    "user_id": case.user_id.id,
                    "volunteer_ids": [Command.set(rows.volunteer_id.ids)],
                    **plan["debriefs"][number % len(plan["debriefs"])],
                }
            )
        for values, card in zip(reversed(values_list), plan["cards"], strict=False):
            values.update(card, is_case_card=True)
        self.env["buurtbemiddeling.debrief"].create(values_list)

    @api.model
    def _thank(self, cases, plan, volunteers, today):
        """Most were thanked in the last year; of a few that is longer ago."""
        occasions = self._get_codes("thanks.occasion")
        members = volunteers.filtered(lambda v: v.date_start and not v.date_end)
        self.env["buurtbemiddeling.thanks"].create(
            [
                {
                    "volunteer_id": volunteer.id,
                    "occasion_id": occasions["case" if number % 2 else "other"].id,
                    "date": workday(today - timedelta(days=20 + 37 * number), -1),
                    "mode": ("card", "spoken", "gift", "card")[number % 4],
                    "text": plan["thanks"][number % len(plan["thanks"])],
                    "user_id": volunteer.coordinator_id.id,
                }
                for number, volunteer in enumerate(members)
                if volunteer.date_start < fields.Date.subtract(today, days=60 + 37 * number)
            ]
        )
