from . import mediator
from . import volunteer_application
