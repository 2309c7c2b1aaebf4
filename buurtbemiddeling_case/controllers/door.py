"""What every page for people without an Odoo account reads in the same way."""

from odoo import SUPERUSER_ID
from odoo.http import request

from ..models.buurtbemiddeling_door_mixin import MIN_SECONDS

# bytes: all answers at their longest, with room for other alphabets. A longer request is not read.
MAX_REQUEST = 100_000


def read_answers(answers, several=()):
    """Return what a form sent as texts; nothing is asked as a file.

    :param answers: the parameters of the route
    :param several: names of questions that may have more than one answer: those are lists
    """
    texts = {name: text for name, text in answers.items() if isinstance(text, str)}
    for name in several:
        texts[name] = request.httprequest.form.getlist(name)
    return texts


def read_id(text):
    """Return the id that a text of anyone holds, or 0, which is nobody's.

    >>> read_id("12"), read_id("-1"), read_id("1e3"), read_id("9" * 30), read_id(None), read_id("٣")
    (12, 0, 0, 0, 0, 0)
    """
    known = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if known else 0


def no_store(response):
    """Return ``response`` as a page that no browser or proxy keeps: it has personal data."""
    response.headers["Cache-Control"] = "no-store"
    return response


def find_company(organisation, switch):
    """Return the organisation to which a public form goes, with all rights.

    :param organisation: its id as text of anyone; none is the organisation of the site
    :param switch: the field of the company that opens the form
    :raise NotFound: there is none of that number, or its form is off
    """
    # sudo: visitors may not read companies; a page shows its name and how to reach it, when open
    company = request.env.company.sudo()
    if organisation is not None:
        company = company.browse(read_id(organisation)).exists()
    if not company[switch]:
        raise request.not_found()
    return company


def open_forms(model, company):
    """Return the model of a form that anyone may send, with all rights.

    Visitors have no access to any record of ours. They hand in one form, whose values the model
    picks and checks. As superuser, so that the messages are the system's and not the visitor's;
    today is that of the organisation.
    """
    forms = request.env[model].with_user(SUPERUSER_ID).with_company(company)
    return forms.with_context(tz=company._get_tz())


def mail_later(records):
    """Return ``records``, whose mails Odoo's queue sends as soon as this request is over.

    Nobody waits for a mail server to hear that what was sent has arrived.
    """
    return records.with_context(mail_notify_force_send=False, wakes_mail_queue=True)


def read_key(forms, company, answers):
    """Return the key of a form that was sent and, in a sentence, why it does not count yet.

    :param forms: the model, as of ``open_forms``
    :return: ``(key or None, sentence or None)``; a token that is worth nothing is taken out of
        ``answers``, so that the form gets a new one
    """
    key, seconds = forms._read_token(answers.get("token") or "", company)
    if not key:
        answers.pop("token", None)
        return None, request.env._(
            "This page was open for a long time. Look at your answers and send them again."
        )
    if seconds < MIN_SECONDS:
        return key, request.env._("That went very fast. Look at your answers and send them again.")
    return key, None
