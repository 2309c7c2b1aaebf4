from urllib.parse import quote

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from odoo import http
from odoo.tools import mute_logger

SCRIPT = "<script>alert(1)</script>"
# what people, machines and those who mean harm type, beside any text
PIECES = st.sampled_from(
    [
        SCRIPT, "<t t-out='1'/>", "{{7*7}}", "${7*7}", "%s%(x)s", "=1+1", "';--", '"', "&amp;",
        "\\",
        "\0", "\r\n", "\t", "\x1b", "\ud800", "\u202e", "\u2028", "\ufeff", "\u00a0", "٣", "²", "İ",
        "漢", "\U0001f600", "e\u0301", "a@b.nl", "06 12345678", "1234 AB", "12", "-1", "1e9", "0",
        "9" * 40, "2026-03-09", "31-02-2026", "1,5", "0001-01-01", "9999-12-31", "23:59", "24:61",
        "A" * 300, "x" * 5000, "Jan", "true", "null", "[1]", "../..",
    ]
)  # fmt: skip
TEXT = st.one_of(
    st.lists(PIECES, max_size=4).map("".join), st.text(max_size=20), PIECES, st.just("")
)
AT_WEB = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def changes(names, max_size=5):
    """What somebody makes of a form: other texts, some twice, some left out, some never asked."""
    name = st.one_of(st.sampled_from(sorted(names)), TEXT)
    return st.dictionaries(name, st.lists(TEXT, max_size=2), max_size=max_size)


class RandomFormMixin:
    """Sends forms byte for byte: also what no browser sends."""

    def send_raw(self, url, answers):
        """Send a form.

        :param answers: ``{name: [texts]}``
        """
        self.env.flush_all()
        answers = {**answers, "csrf_token": [http.Request.csrf_token(self)]}
        body = "&".join(
            f"{encode(name)}={encode(text)}" for name, texts in answers.items() for text in texts
        )
        with mute_logger("odoo.http"):
            response = self.url_open(
                url,
                data=body.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                allow_redirects=False,
            )
        self.env.invalidate_all()
        self.assertNotIn(SCRIPT, response.text)
        self.assertNotIn("Traceback", response.text)
        return response

    def count(self, *models):
        """Return how many records of these models there are."""
        return {
            model: self.env[model].sudo().with_context(active_test=False).search_count([])
            for model in models
        }


def encode(text):
    """Return a text as it stands in a form that was sent, whatever is in it."""
    return quote(text, safe="", errors="surrogatepass")
