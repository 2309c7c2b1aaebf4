"""The words and ids that messages, to-dos and tracked values are made of."""

from odoo.tools.translate import code_translations

CASE, PARTY, CONTACT = "buurtbemiddeling.case", "buurtbemiddeling.case.party", "res.partner"
PARTNER, EVENT = "buurtbemiddeling.referral.partner", "calendar.event"
TRACKED = {
    CASE: ("stage_id", "outcome_id", "aftercare_outcome_id", "intake_decision"),
    PARTY: ("closing_result", "aftercare_result"),
}
TODOS = {
    "inform": "buurtbemiddeling_case.mail_activity_type_inform",
    "aftercare": "buurtbemiddeling_case.mail_activity_type_aftercare",
    "onward": "mail.mail_activity_data_todo",
}


class Words:
    """Looked up once; texts are in the language of `env`."""

    def __init__(self, env):
        self.note, self.comment, self.activity = (
            env.ref(f"mail.mt_{name}").id for name in ("note", "comment", "activities")
        )
        models = (CASE, PARTY, CONTACT, PARTNER, EVENT)
        self.model_ids = {model: env["ir.model"]._get_id(model) for model in models}
        subtypes = env["mail.message.subtype"]
        self.followed = {model: subtypes.default_subtypes(model)[0].ids for model in models}
        self.created = {
            model: f"<p>{env[model].new()._creation_message()}</p>"
            for model in (CASE, PARTY, CONTACT)
        }
        self.fields = {
            name: env["ir.model.fields"]._get(model, name).id
            for model, names in TRACKED.items()
            for name in names
        }
        self.labels = {
            name: dict(env[model]._fields[name]._description_selection(env))
            for model, name in (
                (CASE, "intake_decision"),
                (PARTY, "closing_result"),
                (PARTY, "side"),
                ("buurtbemiddeling.feedback", "mode"),
            )
        }
        ours = code_translations.get_python_translations("buurtbemiddeling_case", env.lang)
        told = "Told %(recipient)s (%(mode)s): “%(text)s”"
        self.told = f"<p>{ours.get(told, told)}</p>"
        onward = "Ask how the onward referral went"
        summaries = {"onward": ours.get(onward, onward)}
        self.todos = {}
        for name, xmlid in TODOS.items():
            kind = env.ref(xmlid)
            summary = summaries.get(name) or kind.summary
            self.todos[name] = (kind.id, summary, self._get_done(env, kind, summary))

    def _get_done(self, env, kind, summary):
        """The message that a to-do was done."""
        todo = env["mail.activity"].new({"activity_type_id": kind.id, "summary": summary})
        values = {"activity": todo, "feedback": False, "display_assignee": False}
        return str(env["ir.qweb"]._render("mail.message_activity_done", values)).strip()
