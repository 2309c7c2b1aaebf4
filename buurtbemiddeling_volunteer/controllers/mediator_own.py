"""What the pages share on which a volunteer looks after their own affairs."""

from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import no_store, read_id


def find_volunteers():
    """Return the volunteer records of the user, on which the page acts with all rights.

    :raise NotFound: the user is no volunteer
    """
    volunteers = request.env["buurtbemiddeling.volunteer"]._get_mine()
    if not volunteers:
        raise request.not_found()
    return volunteers


def find_volunteer(organisation=None):
    """Return the one volunteer record that a page is about.

    :param organisation: the id of the company as text; without one, the first of the user's own
    :raise NotFound: the user is no volunteer there
    """
    volunteers = find_volunteers()
    if organisation is not None:
        company_id = read_id(organisation)
        volunteers = volunteers.filtered(lambda row: row.company_id.id == company_id)
        if not volunteers:
            raise request.not_found()
    return act_for(volunteers[0])


def act_for(volunteer):
    """Return the volunteer record in its own organisation."""
    return volunteer.with_company(volunteer.company_id)


def attempt(action, *args):
    """Do what the user asks, or nothing of it.

    :return: ``(what the action returns, sentence for the page or None)``
    """
    try:
        with request.env.cr.savepoint():
            return action(*args), None
    except AccessError:  # says more of our records than a volunteer may know
        raise
    except UserError as error:
        return None, str(error)


def show(template, url, volunteer, values, status=200):
    """Return a page of ours about one volunteer, which nobody keeps.

    :param url: of the page, to go to another organisation of the same volunteer
    """
    company = volunteer.company_id
    organisations = [
        {
            "name": other.company_id.name,
            "url": f"{url}?organisation={other.company_id.id}",
            "is_shown": other.company_id == company,
        }
        for other in request.env["buurtbemiddeling.volunteer"]._get_mine()
    ]
    response = request.render(
        f"buurtbemiddeling_volunteer.{template}",
        {
            "errors": {},
            "limits": {},
            **values,
            "organisation": company.id,
            "organisations": organisations,
        },
    )
    response.status_code = status
    return no_store(response)


def go(url, volunteer, done):
    """Return the way to a page, which then says what was done.

    :param done: a code that the page knows
    """
    return request.redirect(f"{url}?organisation={volunteer.company_id.id}&done={done}", code=303)
