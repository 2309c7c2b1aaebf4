from odoo import api, http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from odoo.modules.registry import Registry

from odoo.addons.buurtbemiddeling_case.replica import from_replica, open_cursor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"


def stays_inside(*_rule):
    """Tell whether nothing is written for a file: what goes outside is noted."""
    return "public" not in request.httprequest.args and from_replica()


class BenchmarkController(http.Controller):
    """Every file of a benchmark, for whoever may read its lines; for others it is not there."""

    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/xlsx",
        auth="user",
        methods=["GET"],
        readonly=stays_inside,
    )
    def benchmark_xlsx(self, benchmark_id, **options):
        """Send the workbook of a benchmark, laid out by ``layout``."""
        return self._send(benchmark_id, "xlsx", XLSX, options)

    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/csv",
        auth="user",
        methods=["GET"],
        readonly=stays_inside,
    )
    def benchmark_csv(self, benchmark_id, **options):
        """Send the lines that ``layout`` shows as CSV."""
        return self._send(benchmark_id, "csv", CSV, options)

    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/json",
        auth="user",
        methods=["GET"],
        readonly=stays_inside,
    )
    def benchmark_json(self, benchmark_id, **options):
        """Send the lines that ``layout`` shows as JSON."""
        return self._send(benchmark_id, "json", JSON, options)

    @http.route(
        "/buurtbemiddeling/benchmark/<int:benchmark_id>/cases", auth="user", methods=["GET"]
    )
    def benchmark_cases(self, benchmark_id, **options):
        """Stream the anonymous case file to a coordinator who may export.

        ``since`` is the first year of the file, ``as=xlsx`` makes it an Excel workbook.
        """
        benchmark = self._get_readable("buurtbemiddeling.benchmark", benchmark_id)
        try:
            since = int(options.get("since") or 0)
        except ValueError:
            raise request.not_found() from None
        try:
            benchmark._release_case_file(since)
        except (AccessError, UserError) as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=403
            )
        env = request.env
        is_workbook = options.get("as") == "xlsx"
        name = env._("%s cases.csv", benchmark.name)
        return self._respond(
            self._stream(
                (env.cr.dbname, env.uid, dict(env.context)),
                benchmark.id,
                since,
                is_workbook,
                from_replica(),
            ),
            XLSX if is_workbook else CSV,
            f"{name.removesuffix('.csv')}.xlsx" if is_workbook else name,
        )

    def _stream(self, where, benchmark_id, since=None, is_workbook=False, readonly=False):
        """Yield the case file on a cursor of its own: that of the request is closed by then.

        :param where: database, user and context of the request
        """
        dbname, uid, context = where
        with open_cursor(Registry(dbname), readonly) as cr:
            env = api.Environment(cr, uid, context)
            benchmark = env["buurtbemiddeling.benchmark"].browse(benchmark_id)
            if is_workbook:
                yield from benchmark._stream_case_workbook(since)
            else:
                for piece in benchmark._stream_cases(since):
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
