"""What every page for people without an Odoo account reads in the same way."""

from odoo.http import request

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
    """Return the page with personal data, which no browser and no proxy keeps."""
    response.headers["Cache-Control"] = "no-store"
    return response
