from . import report_access_file
