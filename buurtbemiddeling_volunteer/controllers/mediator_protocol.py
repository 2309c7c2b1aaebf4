from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, no_store

from . import mediator_own as own

PROTOCOL_URL = "/my/protocol"


class MediatorProtocol(http.Controller):
    """The working protocol: read any version that was published, accept the current one."""

    @http.route(PROTOCOL_URL, type="http", auth="user", methods=["GET"], website=True)
    def protocol(self, organisation=None, done=None, **_params):
        """Show the current version, and lead to the older ones."""
        volunteer = own.find_volunteer(organisation)
        current = volunteer._get_my_protocols().filtered(lambda row: row.state == "current")
        return self._show_protocol(volunteer, current, done)

    @http.route(
        f"{PROTOCOL_URL}/<int:protocol>", type="http", auth="user", methods=["GET"], website=True
    )
    def old_protocol(self, protocol, done=None, **_params):
        """Show one version."""
        return self._show_protocol(*self._find_protocol(protocol), done)

    @http.route(
        f"{PROTOCOL_URL}/<int:protocol>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def accept(self, protocol, agree=None, **_answers):
        """Accept the current version, once; of an older one it is too late."""
        volunteer, protocol = self._find_protocol(protocol)
        if not agree:
            sentence = request.env._("Tick this box when you have read the protocol and agree.")
            return self._show_protocol(volunteer, protocol, errors={"agree": sentence})
        accepted, problem = own.attempt(volunteer._accept_on_portal, protocol)
        if accepted:
            return own.go(f"{PROTOCOL_URL}/{protocol.id}", volunteer, "accepted")
        problem = problem or request.env._(
            "There is a newer version of this protocol. Read that one and accept it."
        )
        return self._show_protocol(volunteer, protocol, problem=problem)

    @http.route(
        f"{PROTOCOL_URL}/<int:protocol>/bestand",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def file(self, protocol, **_params):
        """Return the file of a version, to be saved."""
        _volunteer, protocol = self._find_protocol(protocol)
        if not protocol.file:
            raise request.not_found()
        # sudo: the file of a version that was published by the volunteer's own organisation
        stream = (
            request.env["ir.binary"]
            .sudo()
            ._get_stream_from(protocol, "file", filename=protocol.file_name or protocol.version)
        )
        return no_store(stream.get_response(as_attachment=True))

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    def _find_protocol(self, protocol_id):
        for volunteer in own.find_volunteers():
            protocol = volunteer._find_my_protocol(protocol_id)
            if protocol:
                return own.act_for(volunteer), protocol
        raise request.not_found()

    def _show_protocol(self, volunteer, protocol, done=None, problem=None, errors=None):
        others = volunteer._get_my_protocols() - protocol
        values = {
            "protocol": protocol and volunteer._get_portal_protocol_values(protocol),
            "others": [volunteer._get_portal_protocol_values(other) for other in others],
            "message": done == "accepted" and request.env._("Thank you. You have accepted it."),
            "problem": problem,
            "errors": errors or {},
        }
        status = 422 if problem or errors else 200
        return own.show("mediator_protocol", PROTOCOL_URL, volunteer, values, status)
