from . import volunteer_application
