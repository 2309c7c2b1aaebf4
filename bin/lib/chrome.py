"""Chromium as Odoo's own tests drive it, for programs: it needs Odoo's Python."""

from __future__ import annotations

import base64
import json
import logging
from time import monotonic, sleep
from types import SimpleNamespace

import websocket

from odoo.tests.common import ChromeBrowser

PATIENCE = 60


class Chrome(ChromeBrowser):
    """A browser that is asked things one after another; `errors` is what went wrong in pages."""

    def __init__(self, size="1366x768", touch=False):
        self.errors = []
        super().__init__(
            SimpleNamespace(
                _logger=logging.getLogger(__name__), browser_size=size, touch_enabled=touch
            )
        )

    def _handle_request_paused(self, **params):
        try:
            self._websocket_send("Fetch.continueRequest", params={"requestId": params["requestId"]})
        except (websocket.WebSocketConnectionClosedException, OSError):
            pass  # the browser is being closed

    def _handle_console(self, type, args=None, **_params):  # pylint: disable=redefined-builtin
        if type == "error":
            self.errors.append(" ".join(str(self._from_remoteobject(arg)) for arg in args or ()))

    def _handle_exception(self, exceptionDetails, timestamp):
        thrown = exceptionDetails.get("exception", {})
        self.errors.append(thrown.get("description") or exceptionDetails["text"])

    def evaluate(self, script):
        """Run a script in the page, and return what it gives."""
        params = {"expression": script, "awaitPromise": True, "returnByValue": True}
        done = self._websocket_request("Runtime.evaluate", params=params, timeout=PATIENCE)
        if "exceptionDetails" in done:
            raise RuntimeError(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def wait_until(self, script, seconds=PATIENCE):
        """Whether a script gives something true within these seconds."""
        started = monotonic()
        while monotonic() - started < seconds:
            try:
                if self.evaluate(f"Boolean({script})"):
                    return True
            except RuntimeError:
                pass  # the page is going to another one
            sleep(0.2)
        return False

    def set_size(self, width, height, phone=False):
        """Give the window a size; on a phone the page is told that it is one."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self._websocket_request("Emulation.setDeviceMetricsOverride", params=metrics)
        touch = {"enabled": phone}
        self._websocket_request("Emulation.setTouchEmulationEnabled", params=touch)

    def hide_scrollbars(self):
        """Show no bars, as a phone and most laptops do."""
        self._websocket_request("Emulation.setScrollbarsHidden", params={"hidden": True})

    def type_text(self, text):
        """Type in what has the focus."""
        self._websocket_request("Input.insertText", params={"text": text})

    def box_of(self, selector):
        """Where the first element of a selector is in the page, as the browser names it."""
        return self.evaluate(
            "(element => {const {x, y, width, height} = element.getBoundingClientRect();"
            " return {x: x + scrollX, y: y + scrollY, width, height, scale: 1}})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def photograph(self, box=None):
        """The page as PNG, or the part of it in a box."""
        params = {"format": "png", **({"clip": box} if box else {})}
        taken = self._websocket_request("Page.captureScreenshot", params=params, timeout=PATIENCE)
        return base64.b64decode(taken["data"])
