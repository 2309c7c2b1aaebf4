from dateutil.relativedelta import relativedelta

from odoo import models


class BuurtbemiddelingPrivacyAccessCaseMixin(models.AbstractModel):
    """What the file of a resident tells of one case, and never of the neighbour."""

    _name = "buurtbemiddeling.privacy.access.case.mixin"
    _description = "A Case in the File of One Person"

    def _get_case_sections(self, party, mask):
        """Return what is known of the person in one case."""
        case = party.case_id
        first = party == case._get_first_party("a")
        names = ["registration_date", "close_date"]
        if first:  # how the case came in, and what it is about, is the reporter's
            names += [
                "channel", "referral_partner_id", "referrer_type_id", "referral_date",
                "nuisance_type_ids", "quarrel_duration", "escalation", "talked_with_neighbour",
            ]  # fmt: skip
        values = [
            *self._get_values(
                case, {"party"}, mask, only=[*names, "referrer_ref"] if first else names
            ),
            self._value("source", self.env._("Where the data come from"), self._get_source(party)),
            self._get_retention_value(case),
            *self._get_values(party, {"party"}, mask),
        ]
        sections = [self._section("party", party.display_name, [("", values)])]
        sections.append(self._get_talk_section(party, mask))
        sections.append(self._get_agreement_section(party, mask))
        if first:
            told = self.env["buurtbemiddeling.feedback"].search([("case_id", "=", case.id)])
            sections.append(
                self._section(
                    "feedback",
                    self.env._("What the referrer was told"),
                    [
                        (row.referral_partner_id.display_name, values)
                        for row in told
                        if (values := self._get_values(row, {"party", "case"}, mask))
                    ],
                )
            )
        return sections

    def _get_source(self, party):
        """Return from whom the data come (AVG, articles 14 and 15(1)(g)), without a name."""
        referrer = party.case_id.referral_partner_id
        if party.side == "b":
            return self.env._("The neighbour who asked for mediation, and you.")
        if referrer:
            return self.env._("You, and who referred you: %s.", referrer.display_name)
        return self.env._("You.")

    def _get_retention_value(self, case):
        months = case.company_id.buurtbemiddeling_retention_months
        label = self.env._("Kept until")
        if case.close_date:
            return self._value(
                "retention_date", label, case.close_date + relativedelta(months=months)
            )
        return self._value(
            "retention_date",
            label,
            self.env._("%s months after the case is closed", months),
        )

    def _get_talk_section(self, party, mask):
        """Return the talks to which this side was invited; never the home of the other."""
        talks = party.case_id.meeting_ids.filtered(lambda talk: party in talk.party_ids)
        rows = []
        for talk in talks.sorted("start"):
            names = ["start", "kind", "state"]
            values = self._get_values(talk, {"party"}, mask, only=names)
            place = talk.where
            if talk.place in ("home_a", "home_b"):
                at_home = talk.place == f"home_{party.side}"
                place = self.env._("At your home") if at_home else ""
            if place:
                label = talk._fields["where"]._description_string(self.env)
                values.append(self._value("where", label, mask(place)))
            rows.append(("", values))
        return self._section("talks", self.env._("Talks"), rows)

    def _get_agreement_section(self, party, mask):
        """Return what the neighbours agreed; how the other kept it is not told."""
        rows = []
        whose = {
            "both": self.env._("Both"),
            party.side: self.env._("You"),
        }
        for agreement in party.case_id.agreement_ids:
            values = self._get_values(agreement, {"case"}, mask, only=["name", "date_due"])
            values.append(
                self._value(
                    "who",
                    agreement._fields["who"]._description_string(self.env),
                    whose.get(agreement.who) or self.env._("The other party"),
                )
            )
            if agreement.who == party.side:
                values += self._get_values(agreement, {"case"}, mask, only=["kept", "kept_date"])
            rows.append(("", values))
        return self._section("agreements", self.env._("Agreements"), rows)
