"""A browser that asks what it once asked: the recorded calls of a page, put to Odoo's own server.

The calls go through the whole of Odoo's HTTP layer (session, routing, rights, JSON), in this very
process: nothing is left out but the wire. So a page costs here what it costs the server.
"""

import gc
import json
from dataclasses import dataclass
from threading import current_thread
from time import perf_counter

from werkzeug.test import Client

from odoo import http
from odoo.service.security import compute_session_token

WRITTEN = ("buurtbemiddeling_trace", "res_device_log")  # what only looking leaves behind


@dataclass
class Page:
    """What a page took: seconds, queries, and the answers to its calls."""

    seconds: float
    queries: int
    answers: list

    @property
    def size(self):
        """How many bytes the browser got."""
        return sum(len(json.dumps(answer)) for answer in self.answers)


class Browser:
    """A logged in user of a database, or a visitor without a login (`None`), and what comes back
    when a page is opened.

    What a page writes is committed, as it is for a user; as a context manager it removes at the
    end the traces that it left.
    """

    def __init__(self, office, login):
        self.office = office
        self.login = login
        self.client = Client(http.root)
        with office.request(login) as env:
            self.session = new_session(env, login) if login else visiting_session(env)
            self.values = {"uid": env.uid, "companies": env.user.company_ids.ids}
        self.client.set_cookie("session_id", self.session.sid)

    def __enter__(self):
        with self.office.request() as env:
            self.before = {table: last_id(env.cr, table) for table in WRITTEN}
        return self

    def __exit__(self, *_error):
        http.root.session_store.delete(self.session)
        self.forget()

    def forget(self):
        """Remove what opening pages left behind; else a page that is opened again leaves none."""
        with self.office.request(commit=True) as env:
            for table, before in self.before.items():
                env.cr.execute(f'DELETE FROM "{table}" WHERE id > %s', [before])  # noqa: S608

    def open(self, calls, **values):
        """Ask all `calls` of a page, `[[path, params], …]`, one after another.

        :param values: what stands in the recording as `{"$": name}` or, in a text, as `$name`
        """
        bodies = [
            (path, json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}))
            for path, params in filled_in(calls, {**self.values, **values})
        ]
        self.forget()
        gc.collect()
        seconds, queries, answers = 0, 0, []
        for path, body in bodies:
            started = perf_counter()
            response = self.client.post(path, data=body, content_type="application/json")
            seconds += perf_counter() - started
            queries += current_thread().query_count
            answer = json.loads(response.get_data())
            if "result" not in answer:
                raise RuntimeError(f"{path} as {self.login}: {answer.get('error')}")
            answers.append(answer["result"])
        return Page(seconds, queries, answers)

    def get(self, path):
        """Ask for a page of the website; what leads to its language first does not count.

        :raise RuntimeError: it is not there
        """
        self.forget()
        response = None
        while response is None or response.status_code in (301, 302, 303):
            path = response.location if response else path
            gc.collect()
            started = perf_counter()
            response = self.client.get(path)
            text = response.get_data(as_text=True)
            seconds, queries = perf_counter() - started, current_thread().query_count
        if response.status_code != 200:
            raise RuntimeError(f"{path} as {self.login}: {response.status}")
        return Page(seconds, queries, [text])


def new_session(env, login):
    """A session as the login page makes it, kept where the server looks for it."""
    session = visiting_session(env)
    session.update(uid=env.uid, login=login, context=dict(env["res.users"].context_get()))
    session.session_token = compute_session_token(session, env)
    http.root.session_store.save(session)
    return session


def visiting_session(env):
    """A session of somebody who has not logged in."""
    session = http.root.session_store.new()
    session.update(http.get_default_session(), db=env.cr.dbname, _trace_disable=True)
    http.root.session_store.save(session)
    return session


def filled_in(value, values):
    """A recording with the values of this moment.

    >>> filled_in([{"$": "id"}, "order $id"], {"id": 7})
    [7, 'order 7']
    """
    if isinstance(value, dict):
        if set(value) == {"$"}:
            return values[value["$"]]
        return {key: filled_in(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [filled_in(item, values) for item in value]
    if isinstance(value, str) and "$" in value:
        for name, replacement in values.items():
            value = value.replace(f"${name}", str(replacement))
    return value


def last_id(cr, table):
    """The highest id in a table."""
    cr.execute(f'SELECT COALESCE(max(id), 0) FROM "{table}"')  # noqa: S608
    return cr.fetchone()[0]
