from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BenchmarkController(http.Controller):
    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def benchmark_xlsx(self, benchmark_id):
        """Send the workbook of a benchmark to whoever may read its lines."""
        benchmark = request.env["buurtbemiddeling.benchmark"].browse(benchmark_id)
        if not benchmark.exists() or not benchmark.has_access("read"):
            raise request.not_found()
        return request.make_response(
            benchmark._render_xlsx(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{benchmark.name}.xlsx")),
            ],
        )
