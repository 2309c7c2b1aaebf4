from odoo import api, models

#: The columns in which an e-mail address may be.
ADDRESSES = (
    "email_from", "incoming_email_cc", "incoming_email_to", "outgoing_email_to", "reply_to",
)  # fmt: skip
#: What stands between two addresses, as a regular expression of PostgreSQL.
BETWEEN = r'\s<>()\[\],;:"'
# All words in these columns but those that are too long for an address, and for an index.
ADDRESS_WORDS = "regexp_split_to_array(regexp_replace(lower({}), '{}', '', 'g'), '{}')".format(
    " || ' ' || ".join(f"COALESCE({column}, '')" for column in ADDRESSES),
    f"[^{BETWEEN}]{{255,}}",
    f"[{BETWEEN}]+",
)


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "buurtbemiddeling.trace.mixin", "buurtbemiddeling.pointer.mixin"]
    _pointer = ("model", "res_id")

    # in which of all messages is the address of someone who is forgotten?
    _address_words_idx = models.Index(f"USING gin (({ADDRESS_WORDS}))")

    @api.model_create_multi
    def create(self, vals_list):
        """Odoo reads the address of an author before it asks who may name one."""
        self._check_linked_contacts(vals_list)
        return super().create(vals_list)

    def _get_traced(self):
        return self._get_traced_of_ours("model")

    def _compute_record_name(self):
        """It becomes the subject of mails, so never with the names that a view may ask for."""
        return super(MailMessage, self.with_context(party_names=False))._compute_record_name()

    def _message_fetch(self, domain, *, thread=None, **kwargs):
        """Trace what a thread, the inbox or a search in them shows: Odoo reads it past ``read``."""
        res = super()._message_fetch(domain, thread=thread, **kwargs)
        if self._is_asked():
            res["messages"]._trace("list")
        return res
