"""The web server's door."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")

application = get_wsgi_application()
# what was loaded stays for ever: no page has to wait while the collector walks through it
gc.collect()
gc.freeze()
