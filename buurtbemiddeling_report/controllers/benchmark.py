from odoo import api, http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from odoo.modules.registry import Registry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"


class BenchmarkController(http.Controller):
    """Every file of a benchmark, for whoever may read its lines; for others it is not there."""

    @http.route("/buurtbemiddeling/benchmark/<int:benchmark_id>/xlsx", auth="user", methods=["GET"])
    def benchmark_xlsx(self, benchmark_id, **options):
        """Send the workbook of a benchmark, laid out by ``layout``."""
        return self._send(benchmark_id, "xlsx", XLSX, options)

    @http.route("/buurtbemiddeling/benchmark/<int:benchmark_id>/csv", auth="user", methods=["GET"])
    def benchmark_csv(self, benchmark_id, **options):
        """Send the lines that ``layout`` shows as CSV."""
        return self._send(benchmark_id, "csv", CSV, options)

    @http.route("/buurtbemiddeling/benchmark/<int:benchmark_id>/json", auth="user", methods=["GET"])
    def benchmark_json(self, benchmark_id, **options):
        """Send the lines that ``layout`` shows as JSON."""
        return self._send(benchmark_id, "json", JSON, options)

    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/cases", auth="user", methods=["GET"]
    )
    def benchmark_cases(self, benchmark_id):
        """Stream the anonymous case file to a coordinator who may export."""
        benchmark = self._get_readable("buurtbemiddeling.benchmark", benchmark_id)
        try:
            benchmark._release_case_file()
        except (AccessError, UserError) as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=403
            )
        env = request.env
        return self._respond(
            self._stream(env.cr.dbname, env.uid, dict(env.context), benchmark.id),
            CSV,
            env._("%s cases.csv", benchmark.name),
        )

    def _stream(self, dbname, uid, context, benchmark_id):
        """Yield the case file on a cursor of its own: that of the request is closed by then."""
        with Registry(dbname).cursor() as cr:
            env = api.Environment(cr, uid, context)
            for piece in env["buurtbemiddeling.benchmark"].browse(benchmark_id)._stream_cases():
                yield piece.encode()

    def _send(self, benchmark_id, file_format, content_type, options):
        benchmark = self._get_readable("buurtbemiddeling.benchmark", benchmark_id)
        layout = None
        if options.get("layout"):
            layout = self._get_readable("buurtbemiddeling.layout", options["layout"])
            if layout.company_id not in (benchmark.company_id, layout.company_id.browse()):
                raise request.not_found()
        content = getattr(benchmark, f"_render_{file_format}")(
            layout, public=bool(options.get("public"))
        )
        name = " ".join(filter(None, (layout and layout.name, benchmark.name)))
        return self._respond(content, content_type, f"{name}.{file_format}")

    def _respond(self, content, content_type, filename):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", content_type),
                ("Content-Disposition", content_disposition(filename)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    def _get_readable(self, model, record_id):
        """Return the record; for whoever may not read it, it is not there."""
        try:
            record = request.env[model].browse(int(record_id))
        except ValueError:
            raise request.not_found() from None
        if not record.exists() or not record.has_access("read"):
            raise request.not_found()
        return record
