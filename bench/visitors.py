"""People at work: what the browser of each kind of user sends, at human pace.

Pages of the office are opened by the calls that a real browser made (`bench.measures.pages`). On
the portal people click on in the page that they have before them.
"""

import json
import time
from urllib.parse import urljoin, urlsplit

import requests
from lxml import etree, html

from bench.browser import filled_in
from bench.measures.pages import RECORDING

TIMEOUT = 120  # seconds that a person would certainly not wait
NAMES = ("Bakker", "Jansen", "de Vries", "Yilmaz", "Smit", "Kaya")
X2MANY = ("one2many", "many2many")


class Refused(Exception):
    """The server said no, or something that is no answer."""


class Visitor:
    """Someone with a browser. Subclasses list what they do in `script`: `(name, seconds of
    thinking before it)`; each name is a method.
    """

    script = ()
    ours = True

    def __init__(self, load, login, place):
        self.load = load
        self.login = login
        self.place = place  # from 0, among those who do the same
        self.chance = load.random(f"{login} {place}")
        self.http = requests.Session()
        self.turn = place  # people begin at different moments of their day

    # ------------------------------------------------------------
    # THE BROWSER
    # ------------------------------------------------------------

    def log_in(self):
        """Open a session."""
        params = {"db": self.load.database, "login": self.login, "password": self.login}
        self.user = self.rpc("/web/session/authenticate", params)
        self.uid = self.user["uid"]
        companies = (self.user.get("user_companies") or {}).get("current_company")
        self.context = {**self.user.get("user_context", {})}
        if companies:
            self.context["allowed_company_ids"] = [companies]

    def send(self, method, path, **options):
        """A request, and the answer when it is a good one."""
        answer = self.http.request(method, urljoin(self.load.url, path), timeout=TIMEOUT, **options)
        if not answer.ok:
            raise Refused(f"{method} {path}: {answer.status_code}")
        if urlsplit(answer.url).path == "/web/login":
            raise Refused(f"{method} {path}: the session is over")
        return answer

    def rpc(self, path, params):
        """A JSON call."""
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.send("POST", path, json=body).json()
        if "error" in answer:
            said = answer["error"]
            raise Refused(f"{path}: {said.get('data', {}).get('message') or said['message']}")
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        """A method of a model, as the web client calls it."""
        context = {**self.context, **kwargs.pop("context", {})}
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": args,
                "kwargs": {**kwargs, "context": context},
            },
        )

    def page(self, path):
        """A page of the website, read."""
        return html.fromstring(self.send("GET", path).content)

    def submit(self, page, path, **answers):
        """Send the form of a page that goes to `path`, with what it holds already."""
        forms = [form for form in page.forms if path in (form.action or path)]
        fields = next((form for form in forms if form.method == "POST"), None)
        if fields is None:
            raise Refused(f"there is no form on {path}")
        data = {
            field.name: field.value
            for field in fields.inputs
            if field.name and isinstance(field.value, str)
            if field.attrib.get("type") not in ("checkbox", "radio", "submit")
        }
        return self.send("POST", path, data={**data, **answers})

    # ------------------------------------------------------------
    # THE DAY
    # ------------------------------------------------------------

    def prepare(self):
        """What is done once, before the clock starts."""

    def warm_up(self):
        """Look at everything once: what a server works out once is not what people wait for."""
        for name in dict.fromkeys(name for name, _thought in self.script):
            if name not in self.load.WRITES:
                getattr(self, name)()

    def work(self, until):
        """Do one thing after the other until a moment, with thinking in between."""
        time.sleep(self.chance.random() * self.load.first_thought)
        while time.monotonic() < until:
            name, thought = self.script[self.turn % len(self.script)]
            self.turn += 1
            self.load.timed(self, name, getattr(self, name))
            pause = thought * self.chance.uniform(0.5, 1.5) * self.load.slowness
            time.sleep(max(min(pause, until - time.monotonic()), 0))


class OfficeWorker(Visitor):
    """A coordinator, or who does the same in another app."""

    model = ""
    field = ""  # a text that is changed
    script = (
        ("overview", 15),
        ("board", 20),
        ("search", 25),
        ("form", 40),
        ("change", 30),
        ("note", 30),
        ("listing", 15),
        ("form", 40),
        ("new", 60),
        ("note", 20),
    )
    recording = json.loads(RECORDING.read_text(encoding="utf-8"))

    def prepare(self):
        readable = self.call(self.model, "fields_get", attributes=["type"])
        self.pages = {
            page: [narrowed(call, self.model, readable) for call in calls]
            for page, calls in self.recording.items()
            if page.startswith(f"{self.model} ")
        }
        [(_path, params), *_others] = self.pages[f"{self.model} form"]
        self.asked = params["kwargs"]["specification"]
        found = self.call(
            self.model, "search_read", domain=self.record_domain, fields=["id"], limit=2000
        )
        ids = [row["id"] for row in found]
        # nobody else changes these: what is written has to be there afterwards
        self.mine = ids[self.place :: self.load.at_desks]
        if not self.mine:
            raise Refused(f"there is nothing for {self.login} to work on")
        self.opened = 0

    @property
    def record_domain(self):
        """Which records are opened."""
        return []

    def next_record(self):
        """The next of one's own records."""
        self.opened += 1
        return self.mine[self.opened % len(self.mine)]

    def open(self, page, **values):
        """Ask all that the browser asked when it opened a page."""
        values |= {"uid": self.uid, "companies": self.context.get("allowed_company_ids", [])}
        for path, params in filled_in(self.pages[f"{self.model} {page}"], values):
            self.rpc(path, params)

    def board(self):
        """The first page of the board."""
        self.open("board")

    def listing(self):
        """The list."""
        self.open("list")

    def search(self):
        """Look for somebody by a last name, in the search bar."""
        self.open("name", sought=self.chance.choice(NAMES))

    def form(self):
        """Open a record, with its messages."""
        self.open("form", id=self.next_record())

    def change(self):
        """Change a text and save; it has a mark by which it is found again."""
        record_id, mark = self.next_record(), self.load.mark()
        self.call(
            self.model,
            "web_save",
            [record_id],
            {self.field: mark},
            specification=self.asked,
        )
        self.load.written(self.model, self.field, mark, record_id)

    def note(self):
        """Write a note."""
        record_id, mark = self.next_record(), self.load.mark()
        self.rpc(
            "/mail/message/post",
            {
                "thread_model": self.model,
                "thread_id": record_id,
                "post_data": {
                    "body": f"Gebeld {mark}",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_note",
                },
                "context": self.context,
            },
        )
        self.load.written("mail.message", "body", mark)

    def _create(self, values):
        first = self.call(self.model, "onchange", [], {}, [], self.asked)["value"]
        texts = {
            name: first[name]
            for name in ("registration_date", "type", "priority")
            if first.get(name)
        }
        self.call(self.model, "web_save", [], {**texts, **values}, specification=self.asked)


class Coordinator(OfficeWorker):
    """A coordinator of buurtbemiddeling."""

    model = "buurtbemiddeling.case"
    field = "referrer_ref"

    def prepare(self):
        super().prepare()
        day = "buurtbemiddeling.attention"
        views = self.call(day, "get_views", [[False, "kanban"]], options={})
        fields = {model: values["fields"] for model, values in views["models"].items()}
        self.day = specification(views["views"]["kanban"]["arch"], day, fields)
        kinds = "buurtbemiddeling.referrer.type"
        oneself = self.call(kinds, "search_read", domain=[("code", "=", "ZELF")], fields=["id"])
        self.oneself = oneself[0]["id"]

    def overview(self):
        """My day: all that asks attention, counted."""
        self.call(
            "buurtbemiddeling.attention",
            "web_search_read",
            domain=[("in_my_day", "=", True)],
            specification=self.day,
        )

    def new(self):
        """Register who phones."""
        mark = self.load.mark()
        self._create(
            {
                "referrer_type_id": self.oneself,
                "reporter_name": f"Melder {mark}",
                "reporter_phone": "06-0000 1234",
                "reporter_street": f"Dorpsstraat {self.chance.randrange(1, 400)}",
            }
        )
        self.load.written("res.partner", "name", mark)


class Seller(OfficeWorker):
    """Someone who works in crm, and does the same things there."""

    ours = False
    model = "crm.lead"
    field = "referred"

    @property
    def record_domain(self):
        return [("type", "=", "opportunity")]

    def overview(self):
        """To-dos, as the clock in the corner counts them, and one's own pipeline."""
        self.rpc(
            "/mail/data", {"fetch_params": ["systray_get_activities"], "context": self.context}
        )
        self.open("list")

    def new(self):
        """A lead of who phones, with a contact."""
        mark = self.load.mark()
        street = f"Dorpsstraat {self.chance.randrange(1, 400)}"
        contact = {"name": f"Klant {mark}", "phone": "06-0000 1234", "street": street}
        company = self.context.get("allowed_company_ids", [False])[0]
        contact = self.call("res.partner", "create", [{**contact, "company_id": company}])[0]
        self._create({"name": "Overlast", "partner_id": contact})
        self.load.written("res.partner", "name", mark)


def narrowed(call, model, readable):
    """A recorded call without the fields that are not for this user: no view shows those."""
    path, params = call
    if params.get("model") != model:
        return call
    kwargs = dict(params["kwargs"])
    for key in ("specification", "unfold_read_specification"):
        if key in kwargs:
            kwargs[key] = {name: how for name, how in kwargs[key].items() if name in readable}
    return [path, {**params, "kwargs": kwargs}]


def specification(arch, model, fields):
    """What a view asks of its records, as the web client asks it."""
    asked = {}
    for field in etree.fromstring(arch).xpath("//field[not(ancestor::field)]"):
        name = field.get("name")
        known = fields[model].get(name, {})
        kind, other = known.get("type"), known.get("relation")
        if kind == "many2one":
            asked[name] = {"fields": {"display_name": {}}}
        elif kind in X2MANY:
            views = [child for child in field if child.tag in ("list", "kanban")]
            if views and other in fields:
                asked[name] = {"fields": specification(etree.tostring(views[0]), other, fields)}
            elif (field.get("widget") or "").startswith("many2many"):
                asked[name] = {"fields": {"display_name": {}}}
            else:
                asked[name] = {}
        elif kind:
            asked[name] = {}
    return asked
