"""Messages and followers, as the ORM would have stored them."""

from .words import PARTNER


def follow(kit, file, model, res_id):
    """Let the coordinator follow something."""
    follower_id = kit.add(
        "mail_followers", res_model=model, res_id=res_id, partner_id=file.coordinator_id
    )
    for subtype_id in kit.words.followed[model]:
        kit.add(
            "mail_followers_mail_message_subtype_rel",
            mail_followers_id=follower_id,
            mail_message_subtype_id=subtype_id,
        )


def post(kit, file, moment, model, res_id, values, latest):
    """Write a message, with what was tracked and who got it."""
    tracked, recipient_id = values.pop("tracked", ()), values.pop("recipient_id", None)
    sender, number = values.pop("sender", None), kit.chance.getrandbits(50)
    is_log = values["subtype_id"] == kit.words.note
    thread = "message-notify" if is_log else f"{res_id}-{model}"
    email = sender.email_from if sender else file.desk.emails[file.case["user_id"]]
    author_id = sender.values["partner_id"] if sender else file.coordinator_id
    on = str(moment)
    trace = {**file.trace, "create_date": on, "write_date": on}
    if not is_log:
        values["record_company_id"] = file.desk.company_id
        values["parent_id"] = latest.get((model, res_id))
        if model == PARTNER:
            values["parent_id"] = kit.last_told.get(res_id)
    message_id = kit.add(
        "mail_message",
        date=on,
        model=model,
        res_id=res_id,
        message_id=f"<{number:016d}.{on[:10]}.0-openerp-{thread}@example.org>",
        author_id=author_id,
        email_from=email,
        reply_to=email,
        is_internal=True if is_log else None,
        email_add_signature=not is_log and model != PARTNER,
        **values,
        **trace,
    )
    latest[model, res_id] = message_id
    if model == PARTNER:
        kit.last_told[res_id] = message_id
    _track(kit, message_id, tracked, trace)
    if recipient_id:
        _notify(kit, message_id, recipient_id, author_id, on)


def _track(kit, message_id, tracked, trace):
    """Write what changed."""
    for name, old, new, old_id, new_id in tracked:
        kit.add(
            "mail_tracking_value",
            mail_message_id=message_id,
            field_id=kit.words.fields[name],
            old_value_char=old,
            new_value_char=new,
            old_value_integer=old_id,
            new_value_integer=new_id,
            **trace,
        )


def _notify(kit, message_id, recipient_id, author_id, on):
    """Write who got a message, and read it."""
    kit.add(
        "mail_message_res_partner_rel",
        mail_message_id=message_id,
        res_partner_id=recipient_id,
    )
    kit.add(
        "mail_notification",
        mail_message_id=message_id,
        res_partner_id=recipient_id,
        author_id=author_id,
        read_date=on,
    )


def log(kit, body="", tracked=()):
    """A note that only colleagues see, with what was tracked."""
    return {
        "message_type": "notification",
        "subtype_id": kit.words.note,
        "body": body,
        "tracked": tracked,
    }


def result_log(kit, name, result):
    """A note of how it is for a party."""
    label = kit.words.labels["closing_result"][result]
    return log(kit, "", [(name, "", label, None, None)])
