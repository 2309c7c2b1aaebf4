from . import door, web_request
