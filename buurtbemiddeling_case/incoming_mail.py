"""What the headers of a mail say about who sent it, without records.

Anyone can type any sender in a mail. What the receiving mail server found out about that stands in
the topmost ``Authentication-Results`` (RFC 8601); that a machine wrote it, in ``Auto-Submitted``
(RFC 3834) and some older headers.
"""

import codecs
import re
from collections import defaultdict
from email.errors import InvalidHeaderDefect

from odoo.tools import email_normalize

AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id")
AUTOMATIC_PRECEDENCES = ("auto_reply", "bulk", "junk", "list")
AUTOMATIC_NAMES = re.compile(r"(mailer-daemon|postmaster|bounces?|(no|do-?not)[-._]?reply)\b")
# the part of a result that says whose mail was checked
CHECKED_DOMAIN = re.compile(r"\b(?:smtp\.mailfrom|header\.[dib]|header\.from)=\"?([^\s;\"]+)")
COMMENT = re.compile(r"\([^()]*\)")


def make_readable(message):
    """Read text in an alphabet that does not exist as UTF-8, rather than not at all.

    :param message: an ``email.message.EmailMessage``, which is changed
    """
    for part in message.walk():
        try:
            codecs.lookup(part.get_content_charset("utf-8"))
        except (LookupError, ValueError):
            part.set_param("charset", "utf-8")


def make_storable(text):
    """Return a text without what a database can not keep.

    >>> make_storable("a\\0b \\ud800")
    'ab ?'
    """
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def get_sender(message):
    """Return the one address that a mail comes from, normalised, or ``None``.

    There is none when the sender is missing, when there are several, or when the header can be
    read in more than one way.

    :param message: an ``email.message.EmailMessage``
    """
    headers = message.get_all("From", [])
    if len(headers) != 1:
        return None
    if any(isinstance(defect, InvalidHeaderDefect) for defect in headers[0].defects):
        return None
    addresses = [address.addr_spec for address in headers[0].addresses]
    return email_normalize(addresses[0]) or None if len(addresses) == 1 else None


def is_automatic(message):
    """Tell whether a machine wrote this mail: nobody waits for an answer to it."""
    if str(message.get("Auto-Submitted") or "no").split(";")[0].strip().lower() != "no":
        return True
    if str(message.get("Precedence") or "").strip().lower() in AUTOMATIC_PRECEDENCES:
        return True
    if str(message.get("Return-Path") or "").strip() == "<>":
        return True
    if any(message.get(header) for header in AUTOMATIC_HEADERS):
        return True
    return bool(AUTOMATIC_NAMES.match(get_sender(message) or ""))


def is_forged(message):
    """Tell whether the receiving mail server found that the sender did not send this mail.

    A mail without results is not forged: not every server checks. Of the headers under the topmost
    one, which the sender may have written himself, only what speaks against the sender counts.
    """
    headers = [_read_results(header) for header in message.get_all("Authentication-Results", [])]
    if not headers:
        return False
    server, top = headers[0]
    own = [results for name, results in headers if name == server]
    if any(value == "fail" for results in own for value, _domain in results["dmarc"]):
        return True
    if any(value == "pass" for value, _domain in top["dmarc"]):
        return False
    checks = ("spf", "dkim")
    failed = any(
        value == "fail" for results in own for check in checks for value, _domain in results[check]
    )
    sender = (get_sender(message) or "").rpartition("@")[2]
    passed = any(
        value == "pass" and _is_of_domain(domain, sender)
        for check in checks
        for value, domain in top[check]
    )
    return failed and not passed


def _read_results(header):
    """Return ``(server, {check: [(result, domain that was checked)]})`` of one header.

    >>> server, results = _read_results(
    ...     "mx.example.nl; dkim=pass header.d=a.nl; spf=fail (dmarc=pass) smtp.mailfrom=x@b.nl"
    ... )
    >>> server, results["dkim"], results["spf"], results["dmarc"]
    ('mx.example.nl', [('pass', 'a.nl')], [('fail', 'b.nl')], [])
    """
    text = str(header).lower()
    while (shorter := COMMENT.sub(" ", text)) != text:  # comments may hold comments
        text = shorter
    server, *found = text.split(";")
    results = defaultdict(list)
    for result in found:
        if match := re.match(r"\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", result):
            domain = CHECKED_DOMAIN.search(result)
            checked = domain[1].rpartition("@")[2] if domain else ""
            results[match[1]].append((match[2], checked))
    return (server.split() or [""])[0], results


def _is_of_domain(domain, sender):
    """Tell whether what was checked is the domain of the sender, or a part of it.

    >>> _is_of_domain("mail.a.nl", "a.nl"), _is_of_domain("b.nl", "a.nl"), _is_of_domain("", "a.nl")
    (True, False, True)
    """
    return not domain or f".{domain}".endswith(f".{sender}") or f".{sender}".endswith(f".{domain}")
