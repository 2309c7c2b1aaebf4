"""The volunteers and what they did: who mediated in which case, what they told, what they cost."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from random import Random

from ..copying import Writer
from . import pool
from .pool import STAMP, stamp
from .staff import make_users, user_values
from .world import in_dutch

ASSIGNMENT = "buurtbemiddeling_assignment"
REPORT = "buurtbemiddeling_visit_report"
HOURS = "buurtbemiddeling_visit_hours"
EXPENSE = "buurtbemiddeling_expense"
TABLES = {
    **pool.TABLES,
    ASSIGNMENT: (
        *("id", *STAMP, "answered_on", "case_id", "company_id", "date_end", "date_start"),
        *("expires_on", "hours", "invited_on", "reason_id", "replaced_by_id", "state"),
        *("typed_hours", "volunteer_id"),
    ),
    REPORT: (
        *("id", *STAMP, "assignment_id", "case_id", "company_id", "date", "meeting_id"),
        *("next_step", "party_id", "text"),
    ),
    HOURS: ("id", *STAMP, "assignment_id", "company_id", "hours", "report_id"),
    EXPENSE: (
        *("id", *STAMP, "amount", "approved_by_id", "approved_on", "assignment_id", "case_id"),
        *("company_id", "date", "export_id", "kind", "project_id", "state", "volunteer_id"),
    ),
}
DUO = 2
DECLINED = 0.08  # share of cases for which someone was asked who said no
REPLACED = 0.02  # share of cases in which a mediator was replaced
ASKED = 0.3  # share of waiting cases for which two were asked and did not answer yet
REPORTED = 0.25  # share of cases with visit reports; of the others only hours are known
PAID_YEARS = 3  # last years of which the expenses are known
HOURS_A_TALK = (1.5, 2, 2, 2.5, 3)
NO_REASONS = ("GEEN_TIJD", "GEEN_TIJD", "TE_VEEL_ZAKEN", "NIET_PASSEND")
REPORT_TEXT = "Goed gesprek. De bewoner wil dat het rustiger wordt en denkt mee over afspraken."
NEXT_STEPS = ("other_party", "follow_up", "joint", "coordinator")
KEPT = timedelta(days=730)  # after that the text of a report is removed
LOGINS = 8  # mediators of each organisation with a login and a running case
# history: nobody is mailed, nothing is tracked, nobody moves to another phase by it
PAST = {"import_file": True, "no_mail_to_attendees": True, "dont_notify": True}


def make(env, size, world, cases, say):
    """Make the volunteers, and their work in `cases`, a list of `cases.Made`."""
    chance = Random(f"volunteers of {size.name}")
    env = in_dutch(env, **PAST)
    writer = Writer(env.cr, TABLES)
    of_organisation = defaultdict(list)
    for case in cases:
        of_organisation[case.organisation].append(case)
    logins = []
    say(f"{size.volunteers:,} volunteers …")
    for index, organisation in enumerate(world.organisations):
        members = pool.make(env, world, organisation, chance, writer)
        work = Work(env, world, organisation, members, chance, writer)
        for case in of_organisation[index]:
            work.add(case)
        writer.flush()
        work.finish()
        logins += [(organisation, member) for member in work.get_working()[:LOGINS]]
        if not (index + 1) % 10:
            say(f"… of {index + 1} organisations")
    _give_logins(env, logins)
    world.tables += [*pool.ORM_TABLES, *TABLES]


def _give_logins(env, logins):
    """Logins for some mediators with a running case: mediator1, mediator2, …"""
    portal = env.ref("base.group_portal").id
    partners = env["res.partner"].browse([member.partner_id for _organisation, member in logins])
    users = make_users(
        env,
        [
            user_values(
                f"mediator{number}",
                partner.name,
                [portal],
                [organisation.company_id],
                partner_id=partner.id,
            )
            for number, ((organisation, _member), partner) in enumerate(
                zip(logins, partners, strict=True), start=1
            )
        ],
    )
    for (_organisation, member), user in zip(logins, users, strict=True):
        volunteer = env["buurtbemiddeling.volunteer"].browse(member.id)
        volunteer.write({"user_id": user.id, "is_login_given": True})
    env.flush_all()


class Work:
    """What the volunteers of one organisation do in its cases."""

    def __init__(self, env, world, organisation, members, chance, writer):
        self.env = env
        self.world = world
        self.organisation = organisation
        self.members = members
        self.chance = chance
        self.writer = writer
        self.founders = members[: pool.FOUNDERS]
        self.there = {}  # {(year, month): who was there then}
        self.working = set()
        self.running = []
        self.reasons = {
            row.code: row.id for row in env["buurtbemiddeling.assignment.reason"].search([])
        }
        self.exports = self._make_exports()
        self.totals = defaultdict(int)
        self.talks = self._read_talks()

    def get_working(self):
        """Who works in a case that runs, by id."""
        return sorted(
            (member for member in self.members if member.id in self.working),
            key=lambda member: member.id,
        )

    def add(self, case):
        """Write who mediated in a case, and what they did."""
        if not case.closed:
            self.running.append(case.id)
        if case.assigned:
            self._add_mediation(case)
        elif not case.closed and case.phase == "waiting" and self.chance.random() < ASKED:
            for member in self._choose(case, case.registered):
                self._add_assignment(case, member, "invited", self.world.last_day)

    def finish(self):
        """Let the ORM work out what it stores of all that was written beside it."""
        env = self.env
        for export in self.exports.values():
            export.amount = self.totals[export.id]
        env.invalidate_all()
        volunteers = env["buurtbemiddeling.volunteer"].browse([row.id for row in self.members])
        sessions = env["buurtbemiddeling.training.session"].search(
            [("company_id", "=", self.organisation.company_id)]
        )
        cases = env["buurtbemiddeling.case"].browse(self.running)
        for records, names in (
            (volunteers, ("cases_in_row", "rest_until", "basic_training_date", "last_peer_date")),
            (sessions, ("seats_taken", "seats_free", "waiting_count")),
            (cases, ("duo_state",)),
        ):
            for name in names:
                env.add_to_compute(records._fields[name], records)
        env.flush_all()
        env.invalidate_all()

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _choose(self, case, begin, number=DUO, but=()):
        """Volunteers who are there from the begin until the end of a case."""
        month = (begin.year, begin.month)
        if month not in self.there:
            first = begin.replace(day=1)
            self.there[month] = [row for row in self.members if row.is_there(first, first)]
        chosen = []
        for pick in (self.there[month],) * 5 + (self.founders,):
            rest = [row for row in pick if row not in chosen and row not in but]
            picked = self.chance.sample(rest, min(number - len(chosen), len(rest)))
            chosen += [row for row in picked if row.is_there(begin, case.closed)]
            if len(chosen) == number:
                break
        return chosen

    # ------------------------------------------------------------
    # WHAT
    # ------------------------------------------------------------

    def _read_talks(self):
        """The talks that were held; `{case: [(id, start, with whom), ...]}`."""
        talks = defaultdict(list)
        self.env.cr.execute(
            """
            SELECT case_id, id, start, side
              FROM buurtbemiddeling_meeting
             WHERE company_id = %s AND state = 'done' AND kind != 'aftercare'
             ORDER BY case_id, start
            """,
            [self.organisation.company_id],
        )
        for case_id, *talk in self.env.cr.fetchall():
            talks[case_id].append(talk)
        return talks

    def _add_mediation(self, case):
        """Two mediators, from a few days before it came to them until the case was closed."""
        chance = self.chance
        talks = self.talks[case.id]
        begin = max(case.registered, case.assigned - timedelta(days=chance.randrange(1, 6)))
        pair = self._choose(case, begin)
        if chance.random() < DECLINED:
            for member in self._choose(case, begin, 1, pair):
                self._add_assignment(
                    case, member, "declined", begin, begin, chance.choice(NO_REASONS)
                )
        is_reported = chance.random() < REPORTED
        typed = 0 if is_reported else 1 + sum(chance.choice(HOURS_A_TALK) for _ in talks)
        hours = [chance.choice(HOURS_A_TALK) for _talk in talks]
        values = {"typed_hours": typed, "hours": sum(hours) if is_reported and hours else typed}
        ending = ("ended", begin, case.closed, "ZAAK_GESLOTEN")
        rows = [
            self._add_assignment(
                case, member, *(ending if case.closed else ("accepted", begin)), **values
            )
            for member in pair
        ]
        if case.closed and chance.random() < REPLACED:
            left = begin + (case.closed - begin) / 2
            for member in self._choose(case, begin, 1, pair):
                self._add_assignment(
                    case, member, "ended", begin, left, "ZIEK", replaced_by_id=rows[0]
                )
        if is_reported:
            for (meeting, start, side), taken in zip(talks, hours, strict=True):
                parties = {"a": case.party_ids[:1], "b": case.party_ids[1:2]}
                parties = parties.get(side, case.party_ids)
                self._add_reports(case, meeting, start, parties, rows, taken)
        if case.closed and case.closed.year > self.world.last_day.year - PAID_YEARS:
            for member, row in zip(pair, rows, strict=True):
                self._add_expense(case, member, row)

    def _add_assignment(self, case, member, state, begin, end=None, reason=None, **values):
        """A row of a volunteer in a case, asked on its first day; its id."""
        asked = datetime.combine(begin, time(10, self.chance.randrange(60)))
        if state == "accepted":
            self.working.add(member.id)
        row = {
            "case_id": case.id,
            "company_id": self.organisation.company_id,
            "volunteer_id": member.id,
            "state": state,
            "date_start": begin,
            "date_end": end,
            "invited_on": asked,
            "expires_on": begin + timedelta(days=7),
            "answered_on": None if state == "invited" else asked + timedelta(hours=3),
            "reason_id": self.reasons[reason] if reason else None,
            "replaced_by_id": None,
            "hours": 0,
            "typed_hours": 0,
            **stamp(asked),
            **values,
        }
        return self.writer.add(ASSIGNMENT, **row)

    def _add_reports(self, case, meeting, start, parties, rows, hours):
        """A report about each party of a talk; the hours stand in the first."""
        day = start.date()
        common = {"company_id": self.organisation.company_id, **stamp(start + timedelta(hours=4))}
        is_kept = not case.closed or case.closed > self.world.last_day - KEPT
        for place, party in enumerate(parties):
            report = self.writer.add(
                REPORT,
                assignment_id=rows[0] if rows else None,
                case_id=case.id,
                date=day,
                meeting_id=meeting,
                next_step=self.chance.choice(NEXT_STEPS),
                party_id=party,
                text=REPORT_TEXT if is_kept else None,
                **common,
            )
            if not place:
                for row in rows:
                    self.writer.add(
                        HOURS, assignment_id=row, report_id=report, hours=hours, **common
                    )

    def _make_exports(self):
        """What went to the salary office: once a year, but for the last year; `{year: export}`."""
        last = self.world.last_day.year
        first = max(last - PAID_YEARS + 1, self.world.first_day.year)
        return {
            year: self.env["buurtbemiddeling.expense.export"].create(
                {
                    "company_id": self.organisation.company_id,
                    "date": f"{year + 1}-01-15",
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "file_name": f"Onkosten {year}.xlsx",
                }
            )
            for year in range(first, last)
        }

    def _add_expense(self, case, member, assignment):
        """The fixed amount that a mediator gets for a closed case."""
        export = self.exports.get(case.closed.year)
        is_approved = export or self.chance.random() < 0.6
        amount = 15
        if export:
            self.totals[export.id] += amount
        self.writer.add(
            EXPENSE,
            amount=amount,
            approved_by_id=self.organisation.manager_id if is_approved else None,
            approved_on=case.closed + timedelta(days=7) if is_approved else None,
            assignment_id=assignment,
            case_id=case.id,
            company_id=self.organisation.company_id,
            date=case.closed,
            export_id=export.id if export else None,
            kind="fixed",
            project_id=self.organisation.area_projects[case.area_id],
            state="exported" if export else "approved" if is_approved else "submitted",
            volunteer_id=member.id,
            **stamp(datetime.combine(case.closed, time(15))),
        )
