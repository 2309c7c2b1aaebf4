from odoo import http

from odoo.addons.web.controllers import dataset, report

from ..replica import from_replica


class DataSet(dataset.DataSet):
    """What screens read comes from the replica, unless its reader wrote a moment ago."""

    def _call_kw_readonly(self, rule, args):
        return from_replica() and super()._call_kw_readonly(rule, args)

    @http.route(readonly=_call_kw_readonly)
    def call_kw(self, *args, **kwargs):
        return super().call_kw(*args, **kwargs)

    @http.route(readonly=_call_kw_readonly)
    def call_button(self, *args, **kwargs):
        return super().call_button(*args, **kwargs)


class ReportController(report.ReportController):
    """So does what is printed."""

    @http.route(readonly=from_replica)
    def report_routes(self, *args, **kwargs):
        return super().report_routes(*args, **kwargs)
