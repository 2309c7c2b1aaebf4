"""No personal data in the log of the server.

Odoo logs the query that fails with all its values, the sentence of an error with the name in it,
who mails whom, who logs in, what is searched for, and addresses that are keys. Whoever may read a
log may not read a case. So of each line the values are taken out on their way to the log; what a
technician needs stays: the kind of error, the place in the code, the code and the constraint of
PostgreSQL, models and ids. docs/operations.md tells an operator about it.
"""

import logging
import re
import traceback

import psycopg2

from odoo.http import HTTPException
from odoo.models import BaseModel
from odoo.tools import config

GONE = "…"
# Errors whose text is about code. That of any other may hold what somebody typed.
OF_CODE = (
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
)
# Codes of PostgreSQL whose text is about tables, columns, types and transactions
OF_SCHEMA = ("427", "428", "42P", "40", "55", "57")
# These say of whom and what: of their values only those stay that can be nobody's.
TALKATIVE = (
    "odoo.addons.auth_signup",
    "odoo.addons.auth_totp",
    "odoo.addons.base.models.ir_mail_server",
    "odoo.addons.base.models.ir_module",
    "odoo.addons.base.models.res_users",
    "odoo.addons.mail",
    "odoo.addons.phone_validation",
    "odoo.addons.sms",
    "odoo.addons.web.controllers.binary",
    "odoo.addons.web.controllers.export",
    "odoo.tools.mail",
)
# IP addresses, models, and fields in a row
NOBODYS = re.compile(
    r"[0-9a-f.:]*[.:][0-9a-f.:]+|(?:buurtbemiddeling|calendar|mail|res|sms)\.[a-z_.]+"
    r"|IDs sample|Domain"
)
LITERAL = re.compile(r"\bE'(?:[^'\\]|\\.|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)", re.DOTALL)
EMAIL = re.compile(r"[^\s<>\"'(),:;=?&/]+(?:@|%40)[^\s<>\"'(),:;?&/]+")
PHONE = re.compile(r"(?<![\w.])(?:\+31|0031|0)[\s()-]{0,2}[1-9](?:[\s()-]?\d){8}(?!\w)")
# the last part of these addresses is a key to what is behind them
KEY = re.compile(r"(/buurtbemiddeling/(?:verwijzen|agenda)/)(?!bedankt\b)[^\s\"'?#]+")
# of the address of a file these parts say which; its name may follow
FILE = re.compile(
    r"(?<=/web/)(content|image)/([a-z_.]+/\d+(?:/\w+)?(?=[/\s\"'?#]|$)|\d+)?[^\s\"'?#]*"
)
REQUEST = re.compile(r'(?P<start>.* "(?:\x1b\[[\d;]*m)*)(?P<asked>.*)(?P<end>".*)', re.DOTALL)
ASKED = re.compile(
    r"(?P<verb>[A-Z]+) (?P<path>/[^?#]*)(?P<query>\?.*?)?(?P<method>#[\w./]+)?"
    r"(?P<http> HTTP/[\d.]+)(?P<colour>(?:\x1b\[[\d;]*m)*)"
)
DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*", re.MULTILINE)


class QuietFilter(logging.Filter):
    """Takes personal data out of each line; no line is lost, whatever it is."""

    def filter(self, record):
        """Change the record. A line that is odd beyond that says only where it came from."""
        if getattr(record, "is_quiet", False):
            return True
        record.is_quiet = True
        try:
            quieten(record)
        except Exception as error:
            record.msg = "This line can not be shown (%s): %s, line %s"
            record.args = (type(error).__name__, record.pathname, record.lineno)
            record.exc_info = record.exc_text = None
        return True


def install():
    """Put the filter on whatever writes the log of the server; not twice.

    On the handlers, as a filter of a logger does not see what the loggers under it say.
    """
    if config["test_enable"]:
        return  # who tests reads what failed, on data of nobody
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, QuietFilter) for one in handler.filters):
            handler.addFilter(QuietFilter())


def quieten(record):
    """Take personal data out of a record of the log."""
    args = record.args or ()
    is_talkative = record.name.startswith(TALKATIVE)
    if isinstance(args, dict):
        args = {name: _quieten_value(record, value, is_talkative) for name, value in args.items()}
    else:
        args = tuple(_quieten_value(record, value, is_talkative) for value in args)
    if isinstance(record.msg, BaseException):
        text = describe(record.msg)
    else:
        text = str(record.msg)
        if is_talkative and not args:
            text = _cut(text)
        text = text % args if args else text
    if record.name == "werkzeug":
        text = quieten_request(text)
    record.msg, record.args = quieten_text(text), ()
    if record.exc_info and record.exc_info[1]:
        record.exc_text = format_error(record.exc_info[1])


def _quieten_value(record, value, is_talkative):
    """Return what of a value in a line can be told."""
    if isinstance(value, BaseException):
        return describe(value)
    if record.name == "odoo.sql_db" or str(record.msg).startswith("bad query"):
        is_text = isinstance(value, bytes | str) or not isinstance(value, int | float)
        return quieten_query(value) if is_text else value
    return keep_nobodys(value) if is_talkative else value


def keep_nobodys(value):
    """Return a value without what may be somebody's.

    >>> keep_nobodys(("res.partner", 12, {"name": "Jan"}, "Jan <jan@example.com>", "127.0.0.1"))
    ('res.partner', 12, '…', '…', '127.0.0.1')
    >>> keep_nobodys("jan"), keep_nobodys([1, 2])
    ('…', [1, 2])
    """
    if value is None or isinstance(value, int | float | BaseModel):
        return value
    if isinstance(value, list | tuple):
        return type(value)(map(keep_nobodys, value))
    return value if isinstance(value, str) and NOBODYS.fullmatch(value) else GONE


def quieten_query(query):
    r"""Return a query without the texts in it.

    >>> quieten_query(b"UPDATE res_partner SET name = 'O''Brien', ref = E'a\\'b' WHERE id IN (1)")
    "UPDATE res_partner SET name = '…', ref = '…' WHERE id IN (1)"
    >>> quieten_query("SELECT 'C:\\', 'Jan', 'unfinis")
    "SELECT '…', '…', '…'"
    """
    text = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
    return DETAIL.sub(rf"\1: {GONE}", LITERAL.sub(f"'{GONE}'", text))


def quieten_request(text):
    """Return a line of the web server without what was asked after the path.

    Of what does not exist only the first part of the path is told: it may be any text.

    >>> quieten_request('1.2.3.4 - - [now] "GET /my/a?search=Jan HTTP/1.1" 200 -')
    '1.2.3.4 - - [now] "GET /my/a?… HTTP/1.1" 200 -'
    >>> quieten_request('1.2.3.4 - - [now] "POST /web/call#res.users.read HTTP/1.1" 200 -')
    '1.2.3.4 - - [now] "POST /web/call#res.users.read HTTP/1.1" 200 -'
    >>> quieten_request('1.2.3.4 - - [now] "GET /my/Jan Jansen/a HTTP/1.1" 404 -')
    '1.2.3.4 - - [now] "GET /my/… HTTP/1.1" 404 -'
    >>> quieten_request('1.2.3.4 - - [now] code 400, message Bad syntax ("Jan")')
    '1.2.3.4 - - [now] code 400, message Bad syntax (…'
    """
    line = REQUEST.fullmatch(text)
    asked = line and ASKED.fullmatch(line["asked"])
    if not asked:
        return re.split(r"[\"']", text, maxsplit=1)[0] + GONE if re.search("[\"']", text) else text
    path = asked["path"].replace(" ", "_")
    if line["end"].startswith('" 404'):
        first = re.match(r"/[a-z_]*(?:/|$)", path)
        path = (first[0] if first else "/") + ("" if first and first[0] == path else GONE)
    path += f"?{GONE}" if asked["query"] else ""
    shown = f"{asked['verb']} {path}{asked['method'] or ''}{asked['http']}{asked['colour']}"
    return line["start"] + shown + line["end"]


def quieten_text(text):
    """Return a text without e-mail addresses, phone numbers and keys, wherever it came from.

    >>> quieten_text("from Jan <jan@example.com> 06 1234 5678, port 0123456, at 10:30:00.061234")
    'from Jan <…> …, port 0123456, at 10:30:00.061234'
    >>> quieten_text("GET /buurtbemiddeling/agenda/Ab-3_x.ics and /buurtbemiddeling/verwijzen/xY")
    'GET /buurtbemiddeling/agenda/… and /buurtbemiddeling/verwijzen/…'
    >>> quieten_text("/web/content/12/Jan.pdf /web/image/res.partner/1/image_128 /web/content/Jan")
    '/web/content/12… /web/image/res.partner/1/image_128 /web/content/…'
    >>> quieten_text("/web/image/res.partner/1/image_128/Jan.png and /web/content/12?download=1")
    '/web/image/res.partner/1/image_128… and /web/content/12?download=1'
    """
    for pattern in (EMAIL, PHONE):
        text = pattern.sub(GONE, text)
    return FILE.sub(_name_file, KEY.sub(rf"\1{GONE}", text))


def _name_file(address):
    """Return the address of a file without its name."""
    known = f"{address[1]}/{address[2] or ''}"
    return known if known == address[0] else f"{known}{GONE}"


def _cut(text):
    """Return a ready-made text up to the first thing in it that may be somebody's."""
    start = re.match(r"[^\d:<>\"'%]*", text)[0]
    return text if start == text else f"{start}{GONE}"


def describe(error, with_place=True):
    """Return what kind of error this is, and what is in the way, without the values.

    :param with_place: whether to say where in the code it was raised

    >>> describe(KeyError("Jan")), describe(NameError("name 'x' is not defined"))
    ('KeyError', "NameError: name 'x' is not defined")
    """
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    told = [name]
    if isinstance(error, OF_CODE):
        told = [f"{name}: {error}"]
    elif isinstance(error, psycopg2.Error):
        parts = ("table_name", "column_name", "constraint_name", "datatype_name")
        told += [f"sqlstate {error.pgcode}"]
        if str(error.pgcode).startswith(OF_SCHEMA):
            told += [error.diag.message_primary]
        told += [
            f"{part.removesuffix('_name')} {getattr(error.diag, part)}"
            for part in parts
            if getattr(error.diag, part)
        ]
    elif isinstance(error, HTTPException):
        told += [str(error.code)]
    elif getattr(error, "smtp_code", None):
        told += [str(error.smtp_code)]
    elif isinstance(error, OSError) and error.errno and error.strerror:
        told += [error.strerror]
    if with_place and (frames := traceback.extract_tb(error.__traceback__)):
        last = frames[-1]
        told += [f"in {last.filename}, line {last.lineno}, {last.name}"]
    return ", ".join(told)


def format_error(error):
    """Return the traceback of an error and of those that it came from, without their texts."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{describe(error, False)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to:\n\n".join(reversed(parts))
