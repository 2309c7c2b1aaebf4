from odoo import http
from odoo.http import request
from odoo.tools import format_date

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST

from . import mediator_own as own

AGENDA_URL = "/my/agenda"
FEED_URL = "/buurtbemiddeling/agenda"


class MediatorFeed(http.Controller):
    """The volunteer's own calendar, fed by a secret link.

    The link is in the answer to making it and nowhere else: it is not kept, not logged, and the
    page tells no other site where one came from.
    """

    @http.route(AGENDA_URL, type="http", auth="user", methods=["GET"], website=True)
    def agenda(self, organisation=None, done=None, **_params):
        """Show whether there is a link, and how a calendar gets it."""
        message = request.env._("The link is switched off. Calendars that have it get no more.")
        values = {"message": done == "off" and message}
        return self._show_agenda(own.find_volunteer(organisation), values)

    @http.route(
        AGENDA_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def change_agenda(self, organisation=None, action=None, **_answers):
        """Make a new link, which ends the one before, or switch it off.

        The page with a new link is the answer itself: after a redirect it would have to be kept.
        """
        volunteer = own.find_volunteer(organisation)
        if action == "off":
            volunteer._switch_off_feed()
            return own.go(AGENDA_URL, volunteer, "off")
        if action != "make":
            raise request.not_found()
        token = volunteer._make_feed_token()
        link = f"{volunteer.get_base_url()}{FEED_URL}/{token}.ics"
        return self._show_agenda(volunteer, {"link": link})

    @http.route(
        f"{FEED_URL}/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def feed(self, token, **_params):
        """Return the calendar of who has the link; the same 404 for all that is not one."""
        volunteer = request.env["buurtbemiddeling.volunteer"]._find_by_feed_token(token)
        if not volunteer:
            raise request.not_found()
        content = volunteer._render_feed()
        return request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Length", len(content)),
                ("Cache-Control", "private, no-cache"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Robots-Tag", "noindex, nofollow"),
            ],
        )

    def _show_agenda(self, volunteer, values):
        link = values.get("link")
        since = volunteer.feed_date
        values = {
            "link": link,
            "open_url": link and link.replace(link.split(":", 1)[0], "webcal", 1),
            "since": since and format_date(request.env, since),
            **values,
        }
        response = own.show("mediator_agenda", AGENDA_URL, volunteer, values)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
