from .common import CaseCommon

MARKER = "Zqx"  # in every name and text; on no line of the trace


class TraceCase(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trace = cls.env["buurtbemiddeling.trace"]
        cls.case = cls.make_quarrel(
            reporter_name=f"Anna {MARKER}", neighbour_name=f"Bert {MARKER}"
        ).with_user(cls.coordinator)
        cls.party = cls.case.party_ids[0]
        cls.party.story = MARKER
        cls.env.flush_all()

    def rows(self, **values):
        """Return ``[(action, model, ids, user)]``, the oldest first, of rows with these values."""
        self.trace.invalidate_model()
        found = self.trace.search([(name, "=", value) for name, value in values.items()])
        return [
            (row.action, row.model, row.res_ids, row.user_id)
            for row in found.sorted(lambda row: (row.date, row.id))
        ]

    def assertTraced(self, action, records, user=None):
        row = (action, records._name, sorted(records.ids), user or self.coordinator)
        self.assertIn(row, self.rows())
