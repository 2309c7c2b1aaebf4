from json import dumps

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools.json import json_default

from .door import no_store


class AccessFile(http.Controller):
    """The file of one person as data, for who asked for it to take along."""

    @http.route(
        "/buurtbemiddeling/privacy/<int:request_id>/data.json",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,  # it leaves a trace
    )
    def download(self, request_id):
        """Give the file; nothing says whether there is a request that the user may not read."""
        found = request.env["buurtbemiddeling.privacy.request"].browse(request_id)
        if not found.has_access("read") or not found.exists():
            raise request.not_found()
        file = found._hand_over()
        name = request.env._("Your data %s.json", request_id)
        return no_store(
            request.make_response(
                dumps(file, default=json_default, ensure_ascii=False, indent=2),
                headers=[
                    ("Content-Type", "application/json; charset=utf-8"),
                    ("Content-Disposition", content_disposition(name)),
                ],
            )
        )
