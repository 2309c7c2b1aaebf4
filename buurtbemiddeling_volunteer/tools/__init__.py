from . import independence
from . import pairing
