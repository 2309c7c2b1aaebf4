from odoo import models

from ..tools.line_reader import COUNTS
from ..tools.workbook import Chart, Table
from ..tools.workbook_rows import HIDDEN
from .buurtbemiddeling_case_report import NOT_RECORDED

#: A chart of more rows than this can not be read: it shows the largest.
MOST_IN_CHART = 20
#: A table of more figures than this is divided: it would not fit on a page.
MOST_FIGURES = 7


class BuurtbemiddelingBenchmarkBreakdownMixin(models.AbstractModel):
    """The sheets of a workbook with a breakdown: a table, or a cross table of two facts."""

    _name = "buurtbemiddeling.benchmark.breakdown.mixin"
    _description = "Breakdowns in the Workbook of a Benchmark"

    def _prepare_breakdown_sheets(self, record, reader, public):
        return [self._make_breakdown_sheet(record, record.dimension_id, reader, name=record.name)]

    def _prepare_breakdowns_sheets(self, record, reader, public):
        """Every breakdown gets a sheet, also one that counts nothing."""
        return [
            self._make_breakdown_sheet(
                record, dimension, reader, name=self._get_breakdown_name(dimension)
            )
            for dimension in self._get_output_dimensions(reader)
        ]

    def _make_breakdown_sheet(self, record, dimension, reader, name):
        """One row a value of the breakdown, the total below, and the chart of what it shows."""
        columns = self._get_breakdown_columns(record, dimension, reader)
        intro = [*(record.intro or "").splitlines(), *self._get_breakdown_notes(dimension)]
        sheet = self._make_sheet(record, name=name, heading=(name, *intro), columns=(), rows=[])
        figures = {reader.code(indicator) for _name, indicator, _part in columns}
        if figures.isdisjoint(reader.get_codes(dimension)):
            return sheet
        if reader.is_left_out(dimension, figures):
            return sheet._replace(
                empty=self.env._("Left out: the numbers are too small to show them here.")
            )
        if dimension.second_field_name:
            if reader.has_hidden_rows(dimension):
                note = self.env._("A * may also stand where nothing was counted.")
                sheet = sheet._replace(heading=(*sheet.heading, note))
            tables = self._make_cross_tables(dimension, columns, reader)
            return self._put_tables(sheet, tables)
        rows = self._get_breakdown_rows(dimension, figures, columns[0], reader)
        with_code = not record.column_ids and self._has_codes(dimension)
        tables = [
            self._make_table(dimension, reader, rows, part, with_code and not index)
            for index, part in enumerate(self._split_columns(columns))
        ]
        sheet = self._put_tables(sheet, tables)
        chart = self._make_breakdown_chart(record, dimension, sheet, columns[0], len(rows), reader)
        return sheet._replace(chart=chart)

    def _put_tables(self, sheet, tables):
        """Return the sheet with these tables, the first one where the chart is."""
        first, *below = tables
        if below:
            note = self.env._("There are more tables below; only the first one is printed.")
            sheet = sheet._replace(heading=(*sheet.heading, note))
        return sheet._replace(
            columns=first.columns,
            rows=first.rows,
            total=first.total,
            below=tuple(below),
            is_printed=not below,
        )

    def _make_table(self, dimension, reader, rows, columns, with_code):
        """Return a table of some figures, with its rows (pairs of a code and a label) in order."""
        codes, labels = zip(*rows, strict=True) if rows else ((), ())
        table = list(
            zip(
                labels,
                *(
                    reader.get_cells(figure, part, dimension)(codes)
                    for _name, figure, part in columns
                ),
                *((codes,) if with_code else ()),
                strict=True,
            )
        )
        if reader.has_hidden_rows(dimension):
            hidden = [(HIDDEN, reader.cell(figure, part)[1]) for _name, figure, part in columns]
            table.append((self._get_hidden_label(), *hidden, *(("",) if with_code else ())))
        return Table(
            self._get_part_name(columns[0][1]),
            (
                self._get_breakdown_name(dimension),
                *(name for name, _figure, _part in columns),
                *((self.env._("Code"),) if with_code else ()),
            ),
            table,
            (
                self.env._("Total"),
                *(reader.cell(figure, part) for _name, figure, part in columns),
                *(("",) if with_code else ()),
            ),
        )

    def _get_hidden_label(self):
        """Return what stands for all rows that are too small: which they are is not told."""
        return self.env._("Other rows, too small to show")

    def _get_breakdown_columns(self, record, dimension, reader):
        """Return triples ``(heading, figure, part)``: numbers first, then shares, then the rest."""
        if record.column_ids:
            return [
                (column.name, column.indicator_id, column.part)
                for column in record.column_ids
                if record.kind == "breakdown"
                or not dimension.basis
                or dimension.basis == column.indicator_id.basis
            ]
        return sorted(
            (
                (indicator.name, indicator, "value")
                for indicator in reader.get_figures(reader.get_codes(dimension))
            ),
            key=lambda column: self._get_unit_order(column[1]),
        )

    def _get_unit_order(self, indicator):
        return 0 if indicator.unit in COUNTS else 1 if indicator.unit == "percent" else 2

    def _get_part_name(self, indicator):
        """Return what stands above a table of figures of this kind."""
        return (
            self.env._("Numbers"),
            self.env._("Shares"),
            self.env._("Duration and other figures"),
        )[self._get_unit_order(indicator)]

    def _split_columns(self, columns):
        """Return the columns in parts that fit on a page, each with figures of one kind."""
        if len(columns) <= MOST_FIGURES:
            return [columns]
        parts = []
        for order in range(3):
            kind = [column for column in columns if self._get_unit_order(column[1]) == order]
            count = -(-len(kind) // MOST_FIGURES)  # rounded up
            for number in range(count):
                parts.append(kind[len(kind) * number // count : len(kind) * (number + 1) // count])
        return parts

    def _get_breakdown_notes(self, dimension):
        """Say when the rows count more than the total."""
        fields_ = self._get_dimension_fields(dimension)
        if any(field.type == "many2many" for field in fields_):
            return [
                self.env._(
                    "A case that has several of these counts under each, so the rows may add up"
                    " to more than the total."
                )
            ]
        return []

    def _get_dimension_fields(self, dimension):
        """Return the facts by which a breakdown goes."""
        return [dimension._get_fact(name) for name in dimension._get_field_names()]

    def _has_codes(self, dimension):
        """Whether the codes of a breakdown are codes of the field, and not of this database."""
        return all(
            not field.relational or "code" in self.env[field.comodel_name]._fields
            for field in self._get_dimension_fields(dimension)
        )

    def _get_breakdown_rows(self, dimension, figures, column, reader):
        """Return the rows that are shown, as pairs of a code and a label, in order.

        Months, years and answers keep their own order, the rest goes by size of the first figure;
        what was not recorded comes last. When something is hidden, rows that count nothing of these
        figures are there too: that a row is there tells nothing then.
        """
        counted = set(reader.get_rows(dimension))
        if not reader.is_partial:
            counted = reader.get_counted_rows(dimension, figures)
        labels = {
            code: line.dimension_label
            for code, line in reader.get_rows(dimension).items()
            if code in counted and not reader.is_hidden_row(dimension, code)
        }
        order = self._get_own_order(self._get_dimension_fields(dimension)[0], labels)
        _name, figure, part = column
        sizes = {}
        if not order:
            cells = zip(labels, reader.get_cells(figure, part, dimension)(labels), strict=True)
            sizes = {code: 0 if number == HIDDEN else -(number or 0) for code, (number, _) in cells}

        def key(code):
            place = order.get(code, len(order))
            return (code == NOT_RECORDED, place, sizes.get(code, 0), labels[code])

        return [(code, labels[code]) for code in sorted(labels, key=key)]

    def _get_own_order(self, field, codes):
        """Return ``{code: place}`` of months, years and answers; nothing for other facts."""
        if field.relational:
            return {}
        if field.type == "selection":
            codes = [code for code, _text in field._description_selection(self.env)]
        else:
            codes = sorted(codes)
        return {code: index for index, code in enumerate(codes)}

    # ------------------------------------------------------------
    # TWO FACTS
    # ------------------------------------------------------------

    def _make_cross_tables(self, dimension, columns, reader):
        """Return a table for each figure: the values of the first fact down, the second across."""
        down, across = self._get_pair_labels(dimension, reader)
        places = [[f"{row}|{code}" for code in across] for row in down]
        return [
            Table(
                name,
                (name, *across.values()),
                [
                    (label, *cells(codes))
                    for label, codes in zip(down.values(), places, strict=True)
                ],
            )
            for name, figure, part in columns
            for cells in [reader.get_cells(figure, part, dimension)]
        ]

    def _get_pair_labels(self, dimension, reader):
        """Return ``{code: label}`` of the first and of the second fact, in order."""
        rows = {
            code: line
            for code, line in reader.get_rows(dimension).items()
            if not reader.is_hidden_row(dimension, code)
        }
        unclear = [line.id for line in rows.values() if line.dimension_label.count(" / ") != 1]
        # sudo: the facts of rows that are shown, whose names have a slash
        unclear = self.env["buurtbemiddeling.benchmark.line"].sudo().browse(unclear)
        values = {line.dimension_code: line.dimension_values for line in unclear}
        names = dimension._get_labels(list(values.values()))
        firsts, seconds = {}, {}
        for code, line in rows.items():
            first, second = code.split("|", 1)
            if code in values:
                texts = [names[place][1] for place in enumerate(values[code])]
            else:
                texts = line.dimension_label.split(" / ")
            firsts[first], seconds[second] = texts
        labels = []
        for field, found in zip(
            self._get_dimension_fields(dimension), (firsts, seconds), strict=True
        ):
            order = self._get_own_order(field, found)

            def key(code, order=order, found=found):
                return (code == NOT_RECORDED, order.get(code, 0), found[code])

            labels.append({code: found[code] for code in sorted(found, key=key)})
        return labels

    # ------------------------------------------------------------
    # CHART
    # ------------------------------------------------------------

    def _make_breakdown_chart(self, record, dimension, sheet, column, count, reader):
        """Return the chart of a breakdown, ``None`` when there is nothing to draw.

        :param count: how many rows of the table are shown
        """
        field = self._get_dimension_fields(dimension)[0]
        kind = record.chart
        if kind == "auto":
            is_month = not field.relational and field.type == "char"
            kind = "column" if is_month else "bar"
        drawn = [index for index, each in enumerate(record.column_ids, start=1) if each.in_chart]
        places = drawn if record.kind == "breakdown" and drawn else [1]
        if record.kind == "breakdowns" and column[1].unit not in COUNTS:
            kind = "none"
        leading = count if self._get_own_order(field, ("",)) else min(count, MOST_IN_CHART)
        cells = {place: [row[place][0] for row in sheet.rows[:leading]] for place in places}
        places = [place for place in places if HIDDEN not in cells[place] and any(cells[place])]
        if kind == "none" or not places:
            return None
        if kind in ("line", "pie") and reader.has_hidden_rows(dimension):
            kind = "column"  # a line would skip a month, and a pie look like the whole
        title = sheet.name
        if len(places) == 1:
            title = f"{title}: {sheet.columns[places[0]]}"
        if leading < count:
            title = self.env._("%(title)s (the %(count)s largest)", title=title, count=leading)
        return Chart(
            kind=kind,
            title=title,
            categories=(1, 0, leading, 0),
            series=[((0, place), (1, place, leading, place)) for place in places],
            category_title=self._get_breakdown_name(dimension),
            value_title=self._get_unit_text(sheet.rows[0][places[0]][1]),
        )
