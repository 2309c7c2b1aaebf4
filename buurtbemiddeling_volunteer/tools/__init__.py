from . import anniversary
from . import forecast
