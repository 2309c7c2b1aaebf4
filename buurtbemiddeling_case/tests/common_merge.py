from datetime import datetime

from odoo.fields import Command

from .common import CaseCommon

ANNA = {"name": "Anna Melder", "street": "Dorpsstraat 1", "city": "Dorp"}
BERT = {"name": "Bert Buur", "street": "Dorpsstraat 3", "city": "Dorp"}
COMING = datetime(datetime.now().year + 1, 3, 8, 18, 30)


def side(prefix, who, *left_out, **more):
    """Return what the intake form of one side holds for ``who``."""
    typed = {key: value for key, value in {**who, **more}.items() if key not in left_out}
    return {f"{prefix}_{key}": value for key, value in typed.items()}


class MergeCommon(CaseCommon):
    @classmethod
    def make_request(cls, reporter=None, neighbour=None, **values):
        return cls.make_case(
            **side("reporter", reporter or {}), **side("neighbour", neighbour or {}), **values
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.make_request(ANNA, BERT)

    @classmethod
    def merge_wizard(cls, *cases, user=None):
        return (
            cls.env["buurtbemiddeling.case.merge"]
            .with_user(user or cls.coordinator)
            .create({"case_ids": [Command.set([case.id for case in cases])]})
        )

    def merge(self, *cases):
        """Merge as a coordinator does who agrees with what is proposed; return the kept case."""
        action = self.merge_wizard(*cases).action_merge()
        return self.env["buurtbemiddeling.case"].browse(action["res_id"])

    def invite(self, case, kind="mediation", **values):
        """Plan a talk by phone, unless given, and invite its residents."""
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": case.id, "kind": kind, "start": COMING, "place": "phone", **values})
        )
        talk.action_invite()
        return talk

    def tell(self, action):
        """Return the mails to residents or about talks, and the to-dos, that ``action`` makes."""
        models = [self.env[name].sudo() for name in ("mail.mail", "mail.activity")]
        before = [model.search([]) for model in models]
        action()
        self.env.flush_all()
        mails, todos = (
            model.search([]) - known for model, known in zip(models, before, strict=True)
        )
        about_talks = mails.filtered(
            lambda mail: (
                mail.model == "buurtbemiddeling.meeting"
                or any(mail.recipient_ids.mapped("is_confidential"))
            )
        )
        return about_talks, todos

    def note(self, record, text):
        return record.with_user(self.coordinator).message_post(
            body=text, subtype_xmlid="mail.mt_note"
        )

    def texts(self, record):
        return " ".join(record.message_ids.mapped(lambda message: message.body or ""))

    def party(self, case, name):
        return case.party_ids.filtered(lambda party: (party.name or "").startswith(name))
