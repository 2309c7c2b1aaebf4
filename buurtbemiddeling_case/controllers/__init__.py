from . import access_file
from . import door
from . import import_file
from . import portal_address
from . import referral
from . import referral_link
from . import replica
from . import web_request
