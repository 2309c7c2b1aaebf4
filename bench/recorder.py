"""Recording what a browser asks of Odoo when a page is opened: `bin/bench --record`.

A real Chromium opens every page twice; of the second time, when it has the views, the calls are
kept. Ids and what is searched for are replaced by names, so that they fit every database.
"""

import json
import logging
import threading
from dataclasses import dataclass, field
from time import monotonic, sleep
from urllib.parse import urlsplit

from werkzeug.serving import make_server

from odoo import http
from odoo.tests.common import HOST

from bench.browser import new_session
from lib.chrome import PATIENCE, Chrome

QUIET = 1.5  # seconds without a call after which a page is complete
CALLS = ("/web/dataset/", "/mail/")
LEFT_OUT = ("/get_views", "/mail/action")


class Recorder(Chrome):
    """Chromium, which keeps what pages ask for."""

    def __init__(self):
        self.calls, self.last = [], monotonic()
        super().__init__()

    def _handle_request_paused(self, **params):
        request = params["request"]
        path = urlsplit(request["url"]).path
        if path.startswith(CALLS) and not any(name in path for name in LEFT_OUT):
            self.calls.append([path, json.loads(request.get("postData") or "{}").get("params")])
        if not path.startswith(("/websocket", "/bus/")):
            self.last = monotonic()
        super()._handle_request_paused(**params)

    def wait(self):
        """Wait until the page asks for nothing more; return what it asked for."""
        started = monotonic()
        while monotonic() - self.last < QUIET:
            if monotonic() - started > PATIENCE:
                raise TimeoutError("The page goes on asking.")
            sleep(0.1)
        calls, self.calls = self.calls, []
        return calls

    def do_action(self, action, changes, options):
        """Open an action in the web client, as its menu does, with `changes` in its definition."""
        self.last = monotonic()
        self.evaluate(
            "(async ({loadAction, doAction}, action, changes, options) => {"
            " await doAction({...await loadAction(action), ...changes}, options) })"
            f"(odoo.__WOWL_DEBUG__.root.env.services.action, {json.dumps(action)},"
            f" {json.dumps(changes)}, {json.dumps({'clearBreadcrumbs': True, **options})})"
        )

    def search(self, text, down):
        """Type in the search bar, go `down` so many suggestions, and choose."""
        self.evaluate("document.querySelector('.o_searchview_input').focus()")
        self.type_text(text)
        sleep(0.5)
        for key in (*["ArrowDown"] * down, "Enter"):
            for kind in ("keyDown", "keyUp"):
                event = {"type": kind, "key": key, "code": key}
                self._websocket_request("Input.dispatchKeyEvent", params=event)
            sleep(0.2)
        self.last = monotonic()

    def watch(self, page):
        """Open a page twice; return what the second time asked for."""
        for options in (page.before or page.options, page.options):
            self.do_action(page.action, page.changes, options)
            calls = self.wait()
            if page.sought:
                self.search(page.sought, page.down)
                calls = self.wait()
        return calls

    def wait_for_client(self):
        """Wait until the web client is there, for which its assets may have to be made."""
        started = monotonic()
        while not self.evaluate("!!globalThis.odoo?.__WOWL_DEBUG__?.root?.env?.services?.action"):
            if monotonic() - started > PATIENCE:
                raise TimeoutError("The web client does not start.")
            sleep(0.5)
        self.wait()


@dataclass
class Opened:
    """A page, and how it is opened: an action of the menu, or a search in what that shows.

    `before` is opened first, so that the browser has the views; without one, the page itself is.
    """

    action: str  # its external id
    options: dict = field(default_factory=dict)  # of the web client's doAction
    changes: dict = field(default_factory=dict)  # in the definition of the action
    values: dict = field(default_factory=dict)  # what stands for what else than user and company
    sought: str = ""  # what is typed in the search bar
    down: int = 0  # which suggestion is chosen
    before: dict | None = None  # options as well


def record(office, pages):
    """The calls of each page, `{login: {name: Opened}}`, as `{name: [[path, params], …]}`."""
    # the pages ask for a websocket, which this server has not
    logging.getLogger("odoo.http").setLevel(logging.CRITICAL)
    server = make_server(HOST, 0, http.root, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    recorded = {}
    try:
        for login, opened in pages.items():
            with office.request(login) as env:
                session = new_session(env, login)
                own = {"uid": env.uid, "companies": env.user.company_ids.ids}
            browser = Recorder()
            try:
                browser.set_cookie("session_id", session.sid, "/", HOST)
                browser.navigate_to(f"http://{HOST}:{server.port}/odoo/apps")
                browser.wait_for_client()
                for name, page in opened.items():
                    sought = {"sought": page.sought} if page.sought else {}
                    recorded[name] = named(browser.watch(page), {**page.values, **sought, **own})
            finally:
                browser.stop()
                http.root.session_store.delete(session)
    finally:
        server.shutdown()
    return recorded


def named(value, names):
    """What was recorded, with the names of values in their place.

    >>> named([7, "a 7", {"id": 7, "limit": 80}], {"id": 7})
    [{'$': 'id'}, 'a 7', {'id': {'$': 'id'}, 'limit': 80}]
    """
    for name, kept in names.items():
        if type(value) is type(kept) and value == kept:
            return {"$": name}
    if isinstance(value, dict):
        return {key: named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, names) for item in value]
    return value
