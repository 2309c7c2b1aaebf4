from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain


class BuurtbemiddelingRetentionBaseMixin(models.AbstractModel):
    """What a run asks of a model of which records are kept for a term.

    A model says of each kind which records it has and from which day their term counts. See
    ``buurtbemiddeling.retention.run``, ``_get_kinds``.
    """

    _name = "buurtbemiddeling.retention.base.mixin"
    _description = "Has a Term"

    @api.model
    def _get_retention_domain(self, company, kind, day):
        """Return the domain of the records whose personal data are to be gone on ``day``.

        :param company: the organisation, whose term counts
        :param kind: a code of the field ``kind`` of ``buurtbemiddeling.retention.line``
        :param day: date
        """
        return self._get_due_domain(company, kind, day) & ~self._get_hold_domain(day)

    @api.model
    def _get_due_domain(self, company, kind, day):
        """Return the domain of the records of which the term is over, those on hold included."""
        return Domain.FALSE

    @api.model
    def _get_hold_domain(self, day):
        """Return the domain of the records that are kept longer on ``day``, for a reason.

        Who asked for his data gets an answer first, so these are not removed meanwhile.
        """
        return self._get_asking_domain(self.env["buurtbemiddeling.privacy.request"]._get_asking())

    @api.model
    def _get_asking_domain(self, asking):
        """Return the domain of the records of people of whom a request is open.

        :param asking: domain of requests
        """
        return Domain.FALSE

    @api.model
    def _get_asked_by(self, asking, field):
        """Return the domain of the ids that stand in ``field`` of requests."""
        # sudo: what is removed does not depend on who may read a request
        requests = self.env["buurtbemiddeling.privacy.request"].sudo()
        return Domain(
            "id", "in", requests._search(asking & Domain(field, "!=", False)).subselect(field)
        )

    def _get_retention_starts(self, kind):
        """Return ``{record: date}`` from which the term of each record of ``kind`` counts."""
        raise NotImplementedError

    def _get_due_dates(self, kind):
        """Return ``{record: date}`` on which the term of each is over."""
        return {
            record: start
            and start + relativedelta(months=record.company_id._get_retention_months(kind))
            for record, start in self._get_retention_starts(kind).items()
        }

    def _prepare_retention_values(self):
        """Return ``{record: values of its line in a list}``: nothing personal, no query a record.

        ``name`` (a number), ``user_id`` (who is warned), ``project_id`` (who may see the line) and
        how many messages, files and so on would go.
        """
        return {record: {} for record in self}

    @api.model
    def _count_hanging(self, rows):
        """Return ``({(model, id): messages}, {(model, id): files})``; two queries a model.

        :param rows: ``{model: ids}``
        """
        messages, files = {}, {}
        # sudo: how many there are; nothing else of them is read
        for model, ids in rows.items():
            found = self.env["mail.message"].sudo()
            for res_id, count in found._read_group(
                [("model", "=", model), ("res_id", "in", ids)], ["res_id"], ["__count"]
            ):
                messages[model, res_id] = count
            found = self.env["ir.attachment"].sudo()
            for res_id, count in found._read_group(
                [("res_model", "=", model), ("res_id", "in", ids)], ["res_id"], ["__count"]
            ):
                files[model, res_id] = count
        return messages, files
