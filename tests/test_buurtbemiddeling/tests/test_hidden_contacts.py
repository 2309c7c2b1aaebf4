from odoo.tests import tagged

from .common_hidden_contacts import (
    HiddenContactsCase,
    counts,
    counts_group,
    gives,
    shows_file,
    shows_name,
)

NAME = {"fields": {"display_name": {}}}
START = {"start": "2027-01-04 10:00:00", "stop": "2027-01-04 11:00:00"}


# What a door is called: (how it is tried, by what one sees that it gave something).
# ``t`` is the test, ``it`` the contact: id, mark, first name, e-mail, message, file, to-do.
DOORS = {
    # lists, forms and figures
    "name_search by name": (lambda t, it: t.kw("res.partner", "name_search", it.mark), shows_name),
    "name_search by mail": (lambda t, it: t.kw("res.partner", "name_search", it.email), shows_name),
    "name_search by vat": (
        lambda t, it: t.kw("res.partner", "name_search", f"NL{it.mark}"),
        shows_name,
    ),
    "name_search by ref": (
        lambda t, it: t.kw("res.partner", "name_search", f"REF{it.mark}"),
        shows_name,
    ),
    "barcode": (
        lambda t, it: t.kw("res.partner", "search_count", [["barcode", "=", f"BAR{it.mark}"]]),
        counts,
    ),
    "phone": (
        lambda t, it: t.kw("res.partner", "search_count", [["phone_mobile_search", "=", it.phone]]),
        counts,
    ),
    "list": (
        lambda t, it: t.kw(
            "res.partner", "web_search_read", [["email", "=", it.email]], {"name": {}}
        ),
        shows_name,
    ),
    "form": (lambda t, it: t.kw("res.partner", "web_read", [it.id], {"name": {}}), shows_name),
    "export": (lambda t, it: t.kw("res.partner", "export_data", [it.id], ["name"]), shows_name),
    "export page": (lambda t, it: t.export(it), shows_name),
    "pivot": (
        lambda t, it: t.kw(
            "res.partner", "formatted_read_group", [["email", "=", it.email]], [], ["__count"]
        ),
        counts_group,
    ),
    "groups of a list": (
        lambda t, it: t.kw(
            "res.partner", "web_read_group", [["email", "=", it.email]], ["name"], ["__count"]
        ),
        shows_name,
    ),
    "bar above a kanban": (
        lambda t, it: t.kw(
            "res.partner",
            "read_progress_bar",
            [["email", "=", it.email]],
            "name",
            {"field": "activity_state", "colors": dict.fromkeys(("today", "planned", "overdue"))},
        ),
        shows_name,
    ),
    "tag": (
        lambda t, it: t.kw("res.partner.category", "web_read", [t.tag.id], {"partner_ids": NAME}),
        shows_name,
    ),
    "breadcrumbs": (
        lambda t, it: t.rpc(
            "/web/action/load_breadcrumbs", actions=[{"model": "res.partner", "resId": it.id}]
        ),
        shows_name,
    ),
    "breadcrumbs of Contacts": (
        lambda t, it: t.rpc(
            "/web/action/load_breadcrumbs", actions=[{"action": "contacts", "resId": it.id}]
        ),
        shows_name,
    ),
    "who has the same number": (
        lambda t, it: t.kw(
            "res.partner",
            "onchange",
            [],
            {"vat": f"NL{it.mark}"},
            ["vat"],
            {"same_vat_partner_id": NAME},
        ),
        shows_name,
    ),
    "parent in a new form": (
        lambda t, it: t.kw(
            "res.partner",
            "onchange",
            [],
            {"parent_id": it.id},
            ["parent_id"],
            {"parent_name": {}, "commercial_partner_id": NAME},
        ),
        shows_name,
    ),
    "parent by default": (
        lambda t, it: t.kw(
            "res.partner",
            "onchange",
            [],
            {},
            [],
            {"parent_id": NAME},
            context={"default_parent_id": it.id},
        ),
        shows_name,
    ),
    "import by number": (
        lambda t, it: t.kw("res.partner", "load", ["name", "parent_id/.id"], [["x", str(it.id)]]),
        gives('"ids": ['),
    ),
    "import by name": (
        lambda t, it: t.kw("res.partner", "load", ["name", "parent_id"], [["x", it.name]]),
        gives('"ids": ['),
    ),
    "find or create by mail": (
        lambda t, it: t.kw("res.partner", "find_or_create", it.email) + f" {it.id}",
        lambda answer, it: answer == f"[{it.id}] {it.id}",
    ),
    "key to sign up": (
        lambda t, it: t.kw("res.partner", "signup_get_auth_param", [it.id]),
        gives("auth_signup_token"),
    ),
    # mail and discuss
    "mention": (
        lambda t, it: t.kw("res.partner", "get_mention_suggestions", it.mark),
        shows_name,
    ),
    "card of a person": (
        lambda t, it: t.rpc(
            "/mail/data", fetch_params=[["avatar_card", {"id": it.id, "model": "res.partner"}]]
        ),
        shows_name,
    ),
    "thread": (lambda t, it: t.thread(it), lambda answer, it: f"Answer {it.mark}" in answer),
    "page beside a thread": (
        lambda t, it: t.rpc(
            "/mail/data",
            fetch_params=[
                [
                    "mail.thread",
                    {
                        "thread_model": "res.partner",
                        "thread_id": it.id,
                        "request_list": ["activities", "attachments", "followers"],
                    },
                ]
            ],
        ),
        gives('"ir.attachment"'),
    ),
    "recipients": (
        lambda t, it: t.rpc("/mail/thread/recipients", thread_model="res.partner", thread_id=it.id),
        shows_name,
    ),
    "suggested recipients": (
        lambda t, it: t.rpc(
            "/mail/thread/recipients/get_suggested_recipients",
            thread_model="res.partner",
            thread_id=t.me,
            partner_ids=[it.id],
            main_email=it.email,
        ),
        shows_name,
    ),
    "contact by mail address": (
        lambda t, it: t.rpc(
            "/mail/partner/from_email",
            thread_model="res.partner",
            thread_id=t.me,
            emails=[it.email],
        ),
        shows_name,
    ),
    "message": (
        lambda t, it: t.kw("mail.message", "read", [it.message], ["body"]),
        gives("Answer"),
    ),
    "messages by who got them": (
        lambda t, it: t.kw("mail.message", "search_count", [["partner_ids", "in", [it.id]]]),
        counts,
    ),
    "messages in groups": (
        lambda t, it: t.kw(
            "mail.message", "formatted_read_group", [["author_id", "=", it.id]], [], ["__count"]
        ),
        counts_group,
    ),
    "notifications in groups": (
        lambda t, it: t.kw(
            "mail.notification",
            "formatted_read_group",
            [["res_partner_id", "=", it.id]],
            [],
            ["__count"],
        ),
        counts_group,
    ),
    "star on a message": (
        lambda t, it: t.kw("mail.message", "toggle_message_starred", [it.message]),
        gives('"starred": true'),
    ),
    "followers": (
        lambda t, it: t.kw(
            "mail.followers",
            "search_count",
            [["res_model", "=", "res.partner"], ["res_id", "=", it.id]],
        ),
        counts,
    ),
    "followers of a page": (
        lambda t, it: t.kw("res.partner", "message_get_followers", [it.id]),
        gives('"partner_id"'),
    ),
    "to-do": (
        lambda t, it: t.kw("mail.activity", "search_read", [["id", "=", it.todo]], ["res_name"]),
        shows_name,
    ),
    "to-dos in groups": (
        lambda t, it: t.kw(
            "mail.activity",
            "formatted_read_group",
            [["summary", "ilike", it.mark]],
            [],
            ["__count"],
        ),
        counts_group,
    ),
    "to-do in a new form": (
        lambda t, it: t.kw(
            "mail.activity",
            "onchange",
            [],
            {"res_model_id": t.model_id, "res_id": it.id},
            ["res_id"],
            {"res_name": {}},
        ),
        shows_name,
    ),
    "to-do for oneself": (
        lambda t, it: t.kw(
            "mail.activity",
            "web_save",
            [],
            {"res_model_id": t.model_id, "res_id": it.id, "user_id": t.session.uid},
            {"res_name": {}},
        ),
        shows_name,
    ),
    "text message": (
        lambda t, it: t.kw(
            "sms.composer",
            "onchange",
            [],
            {"res_model": "res.partner", "res_id": it.id, "composition_mode": "comment"},
            [],
            {"recipient_single_description": {}},
        ),
        shows_name,
    ),
    # calendar
    "attendee": (
        lambda t, it: t.kw(
            "calendar.event",
            "web_save",
            [],
            {"name": "x", **START, "partner_ids": [[4, it.id]]},
            {"partner_ids": NAME},
        ),
        shows_name,
    ),
    "appointment about": (
        lambda t, it: t.kw(
            "calendar.event",
            "create",
            {"name": "x", **START, "res_model_id": t.model_id, "res_id": it.id},
        ),
        counts,
    ),
    "colleague in the calendar": (
        lambda t, it: t.kw(
            "calendar.filters",
            "web_save",
            [],
            {"partner_id": it.id, "user_id": t.session.uid},
            {"partner_id": NAME},
        ),
        shows_name,
    ),
    # files and pictures
    "file": (lambda t, it: t.get(f"/web/content/{it.file}"), shows_file),
    "file in a list": (
        lambda t, it: t.kw("ir.attachment", "search_count", [["index_content", "ilike", it.mark]]),
        counts,
    ),
    "files in groups": (
        lambda t, it: t.kw(
            "ir.attachment",
            "formatted_read_group",
            [["res_model", "=", "res.partner"], ["res_id", "=", it.id]],
            [],
            ["__count"],
        ),
        counts_group,
    ),
    "picture": (
        lambda t, it: t.picture(f"/web/image/res.partner/{it.id}/image_1920"),
        gives("own"),
    ),
    "small picture": (
        lambda t, it: t.picture(f"/web/image/res.partner/{it.id}/avatar_128"),
        gives("own"),
    ),
    "picture as a file": (lambda t, it: t.picture(f"/web/image/{it.picture}"), gives("own")),
    "visiting card": (
        lambda t, it: t.get(f"/web/partner/vcard?partner_ids={it.id}"),
        gives("BEGIN:VCARD"),
    ),
    "visiting card by path": (
        lambda t, it: t.get(f"/web_enterprise/partner/{it.id}/vcard"),
        gives("BEGIN:VCARD"),
    ),
    # wizards
    "merge": (
        lambda t, it: t.kw(
            "base.partner.merge.automatic.wizard",
            "web_save",
            [],
            {"partner_ids": [[6, 0, [it.id, t.me]]]},
            {"partner_ids": NAME},
        ),
        shows_name,
    ),
    "portal access": (
        lambda t, it: t.kw(
            "portal.wizard",
            "web_save",
            [],
            {},
            {"user_ids": {"fields": {"partner_id": NAME}}},
            context={"active_model": "res.partner", "active_ids": [it.id]},
        ),
        shows_name,
    ),
    "portal access in a new form": (
        lambda t, it: t.kw(
            "portal.wizard",
            "onchange",
            [],
            {},
            [],
            {"user_ids": {"fields": {"partner_id": NAME, "email": {}}}},
            context={"active_model": "res.partner", "active_ids": [it.id]},
        ),
        lambda answer, it: it.email in answer,
    ),
    "bank account": (
        lambda t, it: t.kw(
            "res.partner.bank",
            "search_read",
            [["acc_number", "ilike", it.mark]],
            ["partner_id"],
        ),
        shows_name,
    ),
}


@tagged("post_install", "-at_install")
class TestHiddenContacts(HiddenContactsCase):
    """Each door that Odoo has, tried over the web by each colleague outside buurtbemiddeling."""

    def test_no_door_shows_a_resident_and_each_shows_a_client(self):
        opened = {}
        for role, user in self.outsiders.items():
            self.authenticate(user.login, user.login)
            self.me = user.partner_id.id
            for name, door in DOORS.items():
                with self.subTest(door=name, role=role):
                    gave, answer = self.try_door(door, self.zara_words)
                    self.assertFalse(gave, answer[:500])
                    if name != "import by name":  # which says what was typed
                        self.assertNotIn("Zara ", answer)
                if name not in opened:
                    gave, answer = self.try_door(door, self.client_words)
                    if gave:
                        opened[name] = role
        self.assertEqual(set(DOORS) - set(opened), set(), "doors that nobody could open")
