"""The ASGI application."""

import os

from django.core.asgi import get_asgi_application

from trustdesk.kernel.registries import check_complete

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustdesk.settings.base")
application = get_asgi_application()
check_complete()
