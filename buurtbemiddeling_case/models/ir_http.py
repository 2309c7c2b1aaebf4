import time

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import ReadOnlySqlTransaction

from odoo import models
from odoo.http import request
from odoo.tools import config

from ..replica import is_behind, remember_write


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _serve_fallback(cls):
        """No file has an address with a zero byte, and the database can not be asked for it."""
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    # ------------------------------------------------------------
    # REPLICA: what raises ReadOnlySqlTransaction, Odoo does again on the primary
    # ------------------------------------------------------------

    @classmethod
    def _authenticate(cls, endpoint):
        """Leave a replica that is behind alone for a while, as Odoo does with one that is gone.

        On the primary, ask there what others changed: Odoo asked the replica, and what the registry
        keeps would be as old as that.
        """
        cr = request.env.cr
        if is_behind(cr):
            request.env.registry._db_readonly_failed_time = time.monotonic()
            raise ReadOnlySqlTransaction("The replica is behind")
        if config["db_replica_host"] and not cr.readonly:
            request.env.registry.check_signaling(cr)
        return super()._authenticate(endpoint)

    @classmethod
    def _dispatch(cls, endpoint):
        """A replica that goes away while it is read is no reason for an error."""
        try:
            return super()._dispatch(endpoint)
        except (InterfaceError, OperationalError) as error:
            if request.env.cr.readonly and request.env.cr.closed:
                raise ReadOnlySqlTransaction("The replica has gone") from error
            raise

    @classmethod
    def _post_dispatch(cls, response):
        remember_write()
        return super()._post_dispatch(response)
