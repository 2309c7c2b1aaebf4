from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, no_store
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
    """What a mediator sees on the portal: their own cases, for as long as they last."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if not counters:  # the page itself; the counters that it asks for later are not ours
            volunteers = request.env["buurtbemiddeling.volunteer"]
            if volunteers._get_mine():
                values["mediator_entry"] = {"count": volunteers._count_on_portal()}
        return values

    @http.route(HOME_URL, type="http", auth="user", methods=["GET"], website=True)
    def mediator_home(self, done=None, **_params):
        """List the open invitations and the cases of the mediator who is logged in."""
        volunteers = request.env["buurtbemiddeling.volunteer"]._get_mine()
        if not volunteers:
            raise request.not_found()
        values = {
            "volunteers": volunteers._get_portal_home_values(),
            "message": self._get_mediator_message(done),
        }
        return no_store(request.render("buurtbemiddeling_volunteer.mediator_home", values))

    @http.route(
        f"{HOME_URL}/<int:assignment>", type="http", auth="user", methods=["GET"], website=True
    )
    def mediator_case(self, assignment, done=None, **_params):
        """Show one of the mediator's own cases."""
        values = find_assignment(assignment)._get_portal_case_values()
        values["message"] = self._get_mediator_message(done)
        return no_store(request.render("buurtbemiddeling_volunteer.mediator_case", values))

    @http.route(
        f"{HOME_URL}/<int:assignment>/bekende",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def mediator_knows_party(self, assignment, **_params):
        """Note that the mediator knows one of the people in this case."""
        row = find_assignment(assignment)
        row._declare_tie()
        return request.redirect(f"{HOME_URL}/{row.id}?done=tie", code=303)

    def _get_mediator_message(self, code):
        """Return the sentence with this code, or ``None``: no text of the address is shown."""
        return {
            "yes": request.env._("Thank you. This is your case now, and here is what you need."),
            "no": request.env._("Thank you for your answer. You do not have to do anything else."),
            "tie": request.env._("We know. The coordinator will contact you. Wait until then."),
        }.get(code)
