"""Pseudonyms that only this database can make, and that it makes for as long as it lives."""

import hashlib
import hmac

SECRET = "buurtbemiddeling.secret"  # nosec B105


def make_pseudonym(env, scope, text):
    """Return what a text is recognised by, and can not be turned back into.

    For what is kept. Odoo's own ``hmac`` will do for what lasts hours: it is keyed with a secret
    that Odoo replaces when a backup is restored, after which no address would be recognised.

    :param scope: what it is for, so that the same text differs elsewhere
    """
    # sudo: reads the secret, which is not given back
    secret = env["ir.config_parameter"].sudo().get_param(SECRET)
    return hmac.new(secret.encode(), repr((scope, text)).encode(), hashlib.sha256).hexdigest()
