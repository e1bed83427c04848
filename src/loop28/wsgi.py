"""What the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from loop28.doors.cli.children import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loop28.settings")
application = get_wsgi_application()
end_with_parent()
gc.freeze()  # what was loaded stays: looking through it for garbage makes somebody wait each time
