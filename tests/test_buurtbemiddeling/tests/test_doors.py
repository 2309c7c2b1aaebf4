from itertools import product
from urllib.parse import quote

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.buurtbemiddeling_volunteer.controllers.mediator_report import MAX_REPORT

from .common_doors import METHODS, SECRET, DoorScene

# The only addresses of ours at which a visitor gets a page; for all others one logs in, or has a
# secret link.
PUBLIC = {
    "/buurtbemiddeling/aanmelden",
    "/buurtbemiddeling/aanmelden/bedankt",
    "/buurtbemiddeling/verwijzen/bedankt",
    "/buurtbemiddeling/vrijwilliger",
    "/buurtbemiddeling/vrijwilliger/bedankt",
}
# The only ones with which another site could send something; none, unless a mail program does.
WITHOUT_CSRF = set()
ODD_NUMBERS = ("2147483648", "9" * 30)  # too big for the database, and for a computer
ODD_TEXTS = ("٣", "a" * 2000, "%00", "%ED%A0%80", "%E2%80%AE' OR 1=1--<b>")
SCRIPT = "<script>alert(1)</script>"


class DoorsCase(DoorScene):
    """Every route of some modules, asked of Odoo itself, so that none can be forgotten."""

    WITHOUT_ANYTHING = ("door_nobody", "door_colleague", "door_stranger")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elders"})
        cls.colleague = cls.make_user("door_colleague", "Cas Collega", "base.group_user")
        cls.stranger = cls.make_user(
            "door_stranger",
            "Stan Elders",
            "buurtbemiddeling_case.group_manager,buurtbemiddeling_report.group_reporting",
            elsewhere,
        )
        cls.benchmark = cls.env["buurtbemiddeling.benchmark"].create(
            {"year": 2026, "company_id": cls.company.id}
        )

    def get_urls(self, route):
        """Return the address with ids of what is another's, with odd ones and nonsense."""
        own, others, missing = str(self.own_assignment.id), [], ODD_NUMBERS[-1]
        for record in (self.other_case, self.other_assignment, self.other_talk, self.benchmark):
            others.append(str(record.id))
        choices = [
            [*others, *(ODD_NUMBERS if converter == "int" else ODD_TEXTS)]
            for converter in route.arguments
        ]
        if len(choices) > 1:  # what hangs on what: one's own first, then another's
            choices[0] = [own, str(self.other_assignment.id), missing]
        return [route.make_url(values) for values in product(*choices)]

    def ask(self, method, url, **data):
        """Send a request, and return the answer without following it."""
        return self.url_open(url, method=method, data=data or None, allow_redirects=False)

    def judge(self, response, route, login):
        """Return in a sentence what is wrong with an answer, or ``None``."""
        if response.status_code >= 500:
            return f"answers {response.status_code}"
        if SECRET in response.text:
            return "tells what is another's"
        if SCRIPT in response.text:
            return "sends back HTML of a visitor"
        if (
            response.status_code == 200
            and route.path not in PUBLIC
            and "no-store" not in response.headers.get("Cache-Control", "")
        ):
            return "leaves a page about people in the browser's cache"
        if not login:
            return self.judge_visit(response, route)
        if response.status_code == 200 and route.arguments and login in self.WITHOUT_ANYTHING:
            return "is there for someone who has nothing here"
        return None

    # ------------------------------------------------------------
    # THE WALKS: each returns in sentences what is wrong
    # ------------------------------------------------------------

    def walk_declarations(self, routes):
        """How the routes are declared: nothing is left to a default that lets more in."""
        wrong = []
        for route in routes:
            for method, routing in route.endpoints.items():
                where = f"{method} {route.path}"
                if not routing["methods"]:
                    wrong.append(f"{where}: takes any method")
                if routing["auth"] not in ("user", "public"):
                    wrong.append(f"{where}: does not know who asks")
                if routing.get("cors"):
                    wrong.append(f"{where}: is open to other sites")
                if method != "POST":
                    continue
                if not routing.get("csrf", True) and route.path not in WITHOUT_CSRF:
                    wrong.append(f"{where}: can be sent by another site")
                if not 0 < (routing.get("max_content_length") or 0) <= MAX_REPORT:
                    wrong.append(f"{where}: reads a request of any length")
        return wrong

    def walk_as(self, login, routes, query=""):
        """Everything that ``login`` (None: a visitor) may try with ids that are not theirs."""
        self.authenticate(login, login)
        token = http.Request.csrf_token(self)
        wrong = []
        for route in routes:
            for number, url in enumerate(self.get_urls(route)):
                for method in (*route.endpoints, *([] if number else ["HEAD", "OPTIONS"])):
                    data = {"csrf_token": token, "x": SCRIPT} if method == "POST" else {}
                    response = self.ask(method, url + query, **data)
                    problem = self.judge(response, route, login)
                    if problem:
                        wrong.append(f"{method} {url[:100]} as {login}: {problem}")
        return wrong

    def judge_visit(self, response, route):
        """Return what is wrong with an answer to someone who is not logged in."""
        if route.path in PUBLIC:
            return None
        if response.status_code == 303 and "/web/login" in response.headers["Location"]:
            return None
        if response.status_code in (404, 405, 410):
            return None
        return f"answers a visitor with {response.status_code}"

    def walk_methods(self, routes):
        """No method is taken that was not meant."""
        self.authenticate(self.nobody.login, self.nobody.login)
        token = http.Request.csrf_token(self)
        return [
            f"{method} {route.path}: answers {response.status_code}"
            for route in routes
            for method in METHODS
            if method not in route.endpoints
            for response in [self.ask(method, self.get_urls(route)[0], csrf_token=token)]
            if response.status_code not in (405, 410)  # 410: that of a secret link beside it
        ]

    def walk_other_sites(self, routes):
        """Nothing is sent with the login of someone who only looks at another site."""
        wrong = []
        for login in (None, self.nobody.login):
            self.authenticate(login, login)
            for route in routes:
                if "POST" not in route.endpoints or route.path in WITHOUT_CSRF:
                    continue
                expected = 303 if not login and route.endpoints["POST"]["auth"] == "user" else 400
                for token in ("", "nonsense"):
                    url = self.get_urls(route)[0]
                    status = self.ask("POST", url, csrf_token=token).status_code
                    if status != expected:
                        wrong.append(f"POST {route.path} as {login}: answers {status}")
        return wrong

    def walk_long(self, routes):
        """Nothing is read that is longer than any form."""
        self.authenticate(self.nobody.login, self.nobody.login)
        token = http.Request.csrf_token(self)
        return [
            f"POST {route.path}: answers {response.status_code} to a long request"
            for route in routes
            if "POST" in route.endpoints
            for limit in [route.endpoints["POST"].get("max_content_length") or MAX_REPORT]
            for response in [
                self.ask("POST", self.get_urls(route)[0], csrf_token=token, x="x" * limit)
            ]
            if response.status_code != 413
        ]


@tagged("post_install", "-at_install")
class TestDoors(DoorsCase):
    """What people from outside try at our addresses, at each that there is."""

    def assertNothing(self, wrong):  # noqa: N802 (as the other assertions)
        self.assertFalse(wrong, "\n".join(["", *wrong]))

    def test_every_route_says_who_may_use_it_and_how(self):
        routes = self.get_routes()
        self.assertIn("/buurtbemiddeling/vrijwilliger", [route.path for route in routes])
        self.assertNothing(self.walk_declarations(routes))

    @mute_logger("odoo.http")
    def test_a_visitor_gets_only_the_public_pages(self):
        self.assertNothing(self.walk_as(None, self.get_routes()))

    @mute_logger("odoo.http")
    def test_nobody_gets_at_the_cases_of_others(self):
        routes = self.get_routes()
        for user in (
            self.nobody,
            self.mediator,
            self.referrer,
            self.colleague,
            self.stranger,
        ):
            self.assertNothing(self.walk_as(user.login, routes))

    @mute_logger("odoo.http")
    def test_html_in_an_address_is_not_sent_back(self):
        query = "?" + "&".join(
            f"{name}={quote(SCRIPT)}" for name in ("q", "done", "message", "organisation", "error")
        )
        for login in (None, self.mediator.login, self.referrer.login):
            routes = [route for route in self.get_routes() if not route.arguments]
            self.assertNothing(self.walk_as(login, routes, query))

    @mute_logger("odoo.http")
    def test_other_methods_are_refused(self):
        self.assertNothing(self.walk_methods(self.get_routes()))

    @mute_logger("odoo.http")
    def test_another_site_can_not_send_anything(self):
        self.assertNothing(self.walk_other_sites(self.get_routes()))

    @mute_logger("odoo.http")
    def test_a_request_that_is_too_long_is_not_read(self):
        self.assertNothing(self.walk_long(self.get_routes()))

    @mute_logger("odoo.http")
    def test_the_walks_find_a_door_that_is_open(self):
        routes = self.open_bad_doors()
        self.assertEqual(len(routes), 5)
        found = "\n".join(
            [
                *self.walk_declarations(routes),
                *self.walk_as(None, routes),
                *self.walk_as(self.nobody.login, routes, f"?q={quote(SCRIPT)}"),
                *self.walk_methods(routes),
                *self.walk_other_sites(routes),
                *self.walk_long(routes),
            ]
        )
        for sentence in (
            "GET /bb_bad/leak/<int:case>: takes any method",
            f"GET /bb_bad/leak/{self.other_case.id} as None: tells what is another's",
            f"GET /bb_bad/leak/{self.other_case.id} as door_nobody: tells what is another's",
            f"GET /bb_bad/leak/{ODD_NUMBERS[-1]} as None: answers 500",
            "GET /bb_bad/cached as None: leaves a page about people",
            "GET /bb_bad/mirror as door_nobody: sends back HTML",
            f"GET /bb_bad/there/{self.other_case.id} as door_nobody: is there for someone",
            f"GET /bb_bad/there/{self.other_case.id} as None: answers a visitor with 200",
            "POST /bb_bad/send: can be sent by another site",
            "POST /bb_bad/send: reads a request of any length",
            "POST /bb_bad/send as door_nobody: answers 200",
            "POST /bb_bad/send: answers 200 to a long request",
        ):
            self.assertIn(sentence, found)

    def open_bad_doors(self):
        """Add routes with everything that one can forget, for this test only."""

        class BadDoors(http.Controller):
            @http.route("/bb_bad/leak/<int:case>", auth="public")
            def leak(self, case, **_params):
                return http.request.env["buurtbemiddeling.case"].sudo().browse(case).reporter_name

            @http.route("/bb_bad/cached", auth="public", methods=["GET"])
            def cached(self, **_params):
                return "A page"

            @http.route("/bb_bad/mirror", auth="user", methods=["GET"])
            def mirror(self, q="", **_params):
                return q

            @http.route("/bb_bad/there/<int:case>", auth="public", methods=["GET"])
            def there(self, case, **_params):
                return http.request.make_response("Yes", [("Cache-Control", "no-store")])

            @http.route("/bb_bad/send", auth="user", methods=["POST"], csrf=False)
            def send(self, **_params):
                return http.request.make_response("Sent", [("Cache-Control", "no-store")])

        module = BadDoors.__module__.split(".")[2]
        self.addCleanup(self.env.registry.clear_cache, "routing")
        self.addCleanup(http.Controller.children_classes[module].remove, BadDoors)
        self.env.registry.clear_cache("routing")
        return self.get_routes([module])
