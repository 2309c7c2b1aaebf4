import logging

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..quiet_log import QuietFilter
from .common_random import AT_WEB, TEXT

NAME = "Anna van Buren"
ERRORS = (AccessError, UserError, ValueError, KeyError, UniqueViolation, TypeError, OSError)
VALUES = st.one_of(
    TEXT,
    st.integers(),
    st.none(),
    st.binary(max_size=9),
    st.tuples(TEXT),
    st.sampled_from([error(NAME) for error in ERRORS]),
)
LOGGERS = st.sampled_from(
    ["odoo.sql_db", "odoo.http", "werkzeug", "odoo.addons.mail.models.mail_thread", "any"]
)


class Odd:
    """What can not even be shown."""

    def __str__(self):
        raise ValueError(NAME)


@tagged("post_install", "-at_install")
class TestQuietLog(BaseCase):
    """The log tells what went wrong and of nobody; no line is lost."""

    def tell(self, name, message, *args, error=None):
        """Return the line that a log gets."""
        error_info = error and (type(error), error, error.__traceback__)
        record = logging.LogRecord(name, logging.INFO, "file.py", 12, message, args, error_info)
        self.assertTrue(QuietFilter().filter(record))
        return logging.Formatter("%(name)s %(message)s").format(record)

    def test_no_line_is_lost_whatever_is_in_it(self):
        @settings(AT_WEB, max_examples=500)
        @given(LOGGERS, st.one_of(TEXT, VALUES), st.lists(VALUES, max_size=3))
        def log(name, message, args):
            line = self.tell(name, message, *args)
            self.assertTrue(line.startswith(f"{name} "))
            self.assertNotIn(NAME, line)

        log()
        self.assertIn("can not be shown", self.tell("any", "%s", Odd()))
        self.assertIn("file.py, line 12", self.tell("any", "%s %s", "one"))

    def test_an_error_tells_kind_and_place_and_not_what_it_says(self):
        last = UserError
        for kind in ERRORS:
            try:
                try:
                    raise kind(NAME)
                except kind as error:
                    raise last(f"{NAME} again") from error
            except last as error:
                line = self.tell("odoo.http", "Failed", error=error)
            self.assertNotIn(NAME, line)
            self.assertIn(kind.__name__, line)
            self.assertIn("odoo.exceptions.UserError", line)
            self.assertEqual(line.count("test_quiet_log.py"), 2)
            self.assertNotIn(NAME, self.tell("odoo.http", kind(NAME)))

    def test_an_error_in_the_code_keeps_its_text(self):
        try:
            self.no_such_thing  # noqa: B018
        except AttributeError as error:
            line = self.tell("odoo.http", "Failed", error=error)
        self.assertIn("has no attribute 'no_such_thing'", line)
