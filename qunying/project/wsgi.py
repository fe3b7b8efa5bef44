"""The web server's door."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qunying.runners.home import freeze

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")

application = get_wsgi_application()
freeze()
