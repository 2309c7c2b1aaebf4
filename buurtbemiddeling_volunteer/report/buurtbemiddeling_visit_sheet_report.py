from odoo import api, fields, models
from odoo.tools import format_datetime

from ..models.buurtbemiddeling_assignment_portal_talk_mixin import NOT_OF_MEDIATORS


def make_initials(name):
    """Return the first letter of each word of a name, each with a full stop.

    >>> make_initials("Anna de Vries-Bakker"), make_initials("  ’t hart"), make_initials(False)
    ('A.D.V.', 'T.H.', '')
    """
    words = ("".join(filter(str.isalpha, word)) for word in (name or "").split())
    return "".join(f"{word[0].upper()}." for word in words if word)


class BuurtbemiddelingVisitSheetReport(models.AbstractModel):
    """What mediators take along on a visit: one page for one party. Paper gets lost.

    So it holds the number of the case, initials, the front door, the language and the next talk,
    and no name, phone, mail or story. Nothing of it is about the other side, nor which side this
    is: the page lies on the table. What the coordinator shares with the mediators is read on the
    portal and not printed. Each printing leaves a trace, as of all reports.
    """

    _name = "report.buurtbemiddeling_volunteer.report_visit_sheet"
    _description = "Visit Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return plain values, so that the page can show nothing else.

        :raise AccessError: the user may not read one of the parties
        """
        parties = self.env["buurtbemiddeling.case.party"].browse(docids)
        parties.check_access("read")
        return {
            "doc_ids": parties.ids,
            "doc_model": parties._name,
            "sheets": [self._get_sheet(party) for party in parties],
            # by whom stands in the trace, and not on paper
            "printed": self.env._(
                "Printed on %s.", format_datetime(self.env, fields.Datetime.now())
            ),
        }

    @api.model
    def _get_sheet(self, party):
        return {
            "number": party.case_id.name,
            "initials": make_initials(party.partner_id.name),
            "address": party.address,
            "language": party.language_id.name,
            "needs_interpreter": party.needs_interpreter,
            "talk": self._get_talk(party),
        }

    @api.model
    def _get_talk(self, party):
        """Return when and where the next talk with this party is, or ``None``.

        Texts ``day``, ``time`` and ``where``; the home of the other side is not told.
        """
        talks = party.case_id.meeting_ids.filtered(
            lambda talk: (
                talk.state == "planned"
                and talk.kind not in NOT_OF_MEDIATORS
                and party in talk.party_ids
                and not talk._has_come()
            )
        )
        if not talks:
            return None
        talk = talks.sorted("start")[0]
        day, time = talk._format_start(self.env.lang or "en_US")
        place = talk._get_place_for(party)
        if place in ("own_home", "other_home"):
            where = self.env._("At this address") if place == "own_home" else ""
        else:
            where = ", ".join(filter(None, [talk.where, talk.address]))
        return {"day": day, "time": time, "where": where}
