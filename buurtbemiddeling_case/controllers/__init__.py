from . import door
from . import referral
from . import referral_link
from . import web_request
