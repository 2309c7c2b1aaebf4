"""What the forms of a mediator have in common: done once, and nothing typed is lost."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import mail_later, no_store

from .mediator import HOME_URL

# what is shown back to who typed it, when it could not be kept
OWN_TEXTS = ("text", "name", "description", "location")


def make_token(company):
    """Return what makes a form of a mediator count once."""
    # sudo: who is logged in on the portal has no access to this model; signs and keeps a key only
    return request.env["buurtbemiddeling.door.key"].sudo()._make_token(company)


def do_once(company, answers, action, name=""):
    """Do what a form asks, once; return in a sentence why it was not done, or ``None``.

    A form that was sent before is done: nothing happens and nothing is wrong.

    :param action: a function without parameters; nothing of it is kept when it raises
    :param name: of the form, where a page has more than one
    """
    # sudo: as in make_token
    keys = request.env["buurtbemiddeling.door.key"].sudo()
    key, _seconds = keys._read_token(answers.get("token") or "", company)
    if not key:
        answers.pop("token", None)
        return request.env._(
            "This page was open for a long time. Look at your answers and send them again."
        )
    try:
        keys._do_once(company, key + name, action)
    except (AccessError, IntegrityError):  # these speak to colleagues
        return request.env._("This did not work. Look at your answers, or call your coordinator.")
    except UserError as error:
        return error.args[0]
    return None


def is_sent(company, answers, name=""):
    """Tell whether this form was sent before: what it was about may be gone since."""
    # sudo: as in make_token
    keys = request.env["buurtbemiddeling.door.key"].sudo()
    key, _seconds = keys._read_token(answers.get("token") or "", company)
    return bool(key) and keys._is_known(key + name)


def show_form(template, values, company, answers=None, errors=None, problem=None):
    """Return the page of a form, with what was typed and what is wrong with it.

    :param values: of the form; its ``answers`` are those before anything is typed
    :param answers: what was typed; none when the page is opened
    """
    if answers is not None:
        values = {**values, "answers": answers}
    token = values["answers"].get("token") or make_token(company)
    response = request.render(
        f"buurtbemiddeling_volunteer.{template}",
        {**values, "errors": errors or {}, "problem": problem, "token": token},
    )
    response.status_code = 422 if errors or problem else 200
    return no_store(response)


def show_gone(answers):
    """Return what was typed to who typed it: there is no such case for them, or not any more.

    The same for what never was, is someone else's or has ended, so that it tells nothing.
    """
    texts = [text for name, text in answers.items() if name.startswith(OWN_TEXTS) and text]
    response = request.render("buurtbemiddeling_volunteer.mediator_gone", {"texts": texts})
    response.status_code = 404
    return no_store(response)


def find_mine(assignment_id):
    """Return the user's own live assignment with this id, or none, to do something with."""
    assignment = request.env["buurtbemiddeling.assignment"]._find_mine(assignment_id)
    return mail_later(assignment.with_company(assignment.company_id))


def get_case_url(assignment):
    """Return the address of the page of a case."""
    return f"{HOME_URL}/{assignment.id}"


def back_to_case(assignment, done):
    """Go to the page of the case, which says what was done."""
    return request.redirect(f"{get_case_url(assignment)}?done={done}", code=303)
