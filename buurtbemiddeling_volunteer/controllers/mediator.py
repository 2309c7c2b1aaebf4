from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import no_store
from odoo.addons.portal.controllers.portal import CustomerPortal

HOME_URL = "/my/bemiddelingen"


def find_assignment(assignment_id, states=("accepted",)):
    """Return the user's own live assignment with this id, on which the page acts with all rights.

    :raise NotFound: there is none. The same for what never was, is someone else's or has ended.
    """
    assignment = request.env["buurtbemiddeling.assignment"]._find_mine(assignment_id, states)
    if not assignment:
        raise request.not_found()
    return assignment.with_company(assignment.company_id)


class MediatorPortal(CustomerPortal):
    """What a mediator sees and does on the portal: their own cases, for as long as they last."""

    @http.route(HOME_URL, type="http", auth="user", methods=["GET"], website=True)
    def mediator_home(self, **_params):
        """List the open invitations and the cases of the mediator who is logged in."""
        volunteers = request.env["buurtbemiddeling.volunteer"]._get_mine()
        if not volunteers:
            raise request.not_found()
        return no_store(
            request.render(
                "buurtbemiddeling_volunteer.mediator_home",
                {"volunteers": volunteers._get_portal_home_values()},
            )
        )

    @http.route(
        f"{HOME_URL}/<int:assignment>", type="http", auth="user", methods=["GET"], website=True
    )
    def mediator_case(self, assignment, **_params):
        """Show one of the mediator's own cases."""
        assignment = find_assignment(assignment)
        return no_store(
            request.render(
                "buurtbemiddeling_volunteer.mediator_case", assignment._get_portal_case_values()
            )
        )
