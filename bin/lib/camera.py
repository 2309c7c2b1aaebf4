"""Takes pictures of a running Odoo, in Odoo's Python: `-m lib.camera ADDRESS DATABASE [NAME…]`.

A picture has steps, done one after another once its page is open:

    click SELECTOR         the first visible element of that CSS selector
    press TEXT             the first visible button or link with exactly this text
    tab TEXT               the same, of the tabs of a page
    type SELECTOR = TEXT   in a field
    scroll SELECTOR        until that is at the top
    wait SELECTOR          until that is there
"""

from __future__ import annotations

import io
import json
import sys
from time import sleep

import requests
from PIL import Image

from odoo.tools import config

from . import pictures
from .chrome import Chrome
from .paths import ROOT
from .say import Problem

COLORS = 256
LARGEST = 150_000  # bytes of a picture
FIND = """((selector, text) => [...document.querySelectorAll(selector)].find(
    element => element.checkVisibility() && (text === null || element.textContent.trim() === text)
))"""
TEXTS = {"press": "button, a, .dropdown-item", "tab": ".o_notebook .nav-link"}
QUIET = """(() => document.readyState === "complete" && document.fonts.status === "loaded"
    && !document.querySelector(".o_loading_indicator, .o_view_sample_data, .o_blockUI")
    && [...document.images].every(image => image.complete || image.loading === "lazy"))()"""
WRONG = """(() => {
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
    const dialog = document.querySelector(".o_error_dialog, .o_notification_manager .bg-danger");
    return status >= 400 ? `the server said ${status}` : dialog?.innerText || "";
})()"""
STILL = """document.activeElement?.blur();
document.head.appendChild(Object.assign(document.createElement("style"), {textContent:
    "*, ::before, ::after {animation: none !important; transition: none !important}"})).id"""


class Camera:
    """A browser at a server, with who is logged in."""

    def __init__(self, address, name):
        self.address, self.name, self.login = address, name, None
        self.chrome = Chrome()

    def stop(self):
        """Close the browser."""
        self.chrome.stop()

    def become(self, login):
        """Log in as somebody; as a visitor for an empty login."""
        if login == self.login:
            return
        session = requests.Session()
        if login:
            params = {"db": self.name, "login": login, "password": login}
            url = f"{self.address}/web/session/authenticate"
            if not session.post(url, json={"params": params}, timeout=60).json().get("result"):
                raise Problem(f"{login} can not log in: the demo has no such user.")
        else:
            session.get(f"{self.address}/web/login", timeout=60)
        host = self.address.partition("//")[2].partition(":")[0]
        self.chrome.set_cookie("session_id", session.cookies["session_id"], "/", host)
        self.chrome.set_cookie("frontend_lang", "nl_NL", "/", host)
        self.login = login

    def take(self, picture):
        """A picture of the table, as the bytes of a PNG file."""
        chrome = self.chrome
        self.become(picture.login)
        chrome.set_size(*picture.size, phone=picture.screen == "phone")
        chrome.hide_scrollbars()
        chrome.errors.clear()
        chrome.navigate_to(self.address + picture.open)
        for step in picture.steps:
            self.do(picture, step)
        self.wait(picture, picture.wait)
        self.rest()
        if wrong := chrome.evaluate(WRONG) or "; ".join(chrome.errors):
            raise Problem(f"the picture {picture.name}: the page shows an error: {wrong[:500]}")
        return shrink(chrome.photograph(picture.only and chrome.box_of(picture.only)))

    def do(self, picture, step):
        """Do a step of a picture."""
        verb, _space, rest = step.partition(" ")
        if verb == "wait":
            return self.wait(picture, rest)
        selector, _equals, text = rest.partition(" = ") if verb == "type" else (rest, "", "")
        arguments = (TEXTS[verb], rest) if verb in TEXTS else (selector, None)
        found = f"{FIND}({', '.join(map(json.dumps, arguments))})"
        if not self.chrome.wait_until(found):
            raise Problem(f"the picture {picture.name}: there is nothing to {step}.")
        done = {"type": "focus()", "scroll": "scrollIntoView()"}.get(verb, "click()")
        self.chrome.evaluate(f"{found}.{done}; undefined")
        if verb == "type":
            self.chrome.type_text(text)
        self.rest()

    def wait(self, picture, selector):
        """Wait until something is on the page."""
        if not self.chrome.wait_until(f"{FIND}({json.dumps(selector)}, null)"):
            wrong = self.chrome.evaluate(WRONG) or "; ".join(self.chrome.errors)
            because = f" The page shows an error: {wrong[:500]}" if wrong else ""
            raise Problem(
                f"the picture {picture.name}: {picture.open} does not show {selector}.{because}"
            )

    def rest(self):
        """Let the page come to rest."""
        sleep(0.5)
        self.chrome.wait_until(QUIET)
        self.chrome.evaluate(STILL)
        sleep(0.3)


def shrink(data):
    """A PNG in few colours: a quarter of the bytes, and as good to read."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    out = io.BytesIO()
    image.quantize(COLORS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main():
    """Take the pictures and write their files."""
    address, name, *names = sys.argv[1:]
    config["db_name"] = [name]  # Odoo's browser names its files by it
    camera = Camera(address, name)
    wrong = []
    try:
        for picture in pictures.choose(pictures.read(), names):
            try:
                data = camera.take(picture)
            except Problem as problem:
                wrong.append(str(problem))
                print(f"         {problem}", flush=True)
                continue
            if len(data) > LARGEST:
                wrong.append(f"the picture {picture.name} is {len(data):,} bytes.")
            for file in picture.to:
                (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / file).write_bytes(data)
            print(f"         {picture.name} ({len(data) // 1000} kB)", flush=True)
    finally:
        camera.stop()
    if wrong:
        print("\n".join(["", "Not taken:", *wrong]), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
