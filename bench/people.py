"""Users with about as much work in each database: what they see differs only by what is behind it.

A page that shows ten cases takes less than one that shows eighty, whatever the size of the country.
So what is opened to see whether it grows is opened by somebody like `ALIKE`.
"""

ALIKE = {"coordinator": 12, "mediator": 2, "referrer": 20}
# who has how much: open cases of the organisation of its main coordinator, cases one mediates in,
# what one referred (a page shows twenty)
LOGINS = {
    "coordinator": """
        SELECT login.login, COUNT(*) FROM buurtbemiddeling_case record
          JOIN res_users login ON login.company_id = record.company_id AND login.active
         WHERE NOT record.is_closed AND login.login ~ '^coordinator[0-9]+$'""",
    "mediator": """
        SELECT login.login, COUNT(*) FROM buurtbemiddeling_assignment work
          JOIN buurtbemiddeling_case record ON record.id = work.case_id AND NOT record.is_closed
          JOIN buurtbemiddeling_volunteer volunteer ON volunteer.id = work.volunteer_id
          JOIN res_users login ON login.id = volunteer.user_id AND login.active
         WHERE work.state = 'accepted'""",
    "referrer": """
        SELECT login.login, COUNT(*) FROM buurtbemiddeling_case record
          JOIN res_users login ON login.partner_id = record.referral_contact_id AND login.active
         WHERE record.referral_contact_id IS NOT NULL""",
}


def find_alike(office, role):
    """The login of this role whose amount of work is nearest to `ALIKE`, and that amount.

    :return: `(login, amount)`, or None when nobody has any
    """
    with office.request() as env:
        env.cr.execute(
            f"SELECT login, count FROM ({LOGINS[role]} GROUP BY login.login) AS found"  # noqa: S608
            " ORDER BY abs(count - %s), login LIMIT 1",
            [ALIKE[role]],
        )
        return env.cr.fetchone()
