"""The console's addresses."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from qunying.console.communities.urls import urlpatterns as communities
from qunying.console.community.urls import urlpatterns as community
from qunying.console.deeds.urls import urlpatterns as deeds
from qunying.console.groups.urls import urlpatterns as groups
from qunying.console.imports.urls import urlpatterns as imports
from qunying.console.insights.urls import urlpatterns as insights
from qunying.console.journal.urls import urlpatterns as journal
from qunying.console.lines.urls import urlpatterns as lines
from qunying.console.outbox.urls import urlpatterns as outbox
from qunying.console.people.urls import urlpatterns as people
from qunying.console.rehearsal.urls import urlpatterns as rehearsal
from qunying.console.reports.urls import urlpatterns as reports
from qunying.console.review.urls import urlpatterns as review
from qunying.console.sandbox.urls import urlpatterns as sandbox
from qunying.console.search.urls import urlpatterns as search
from qunying.console.seeds.urls import urlpatterns as seeds
from qunying.console.segments.urls import urlpatterns as segments
from qunying.console.settings.urls import urlpatterns as settings
from qunying.console.tags.urls import urlpatterns as tags
from qunying.console.today.urls import urlpatterns as today

screens: list[URLPattern] = [
    *today,
    *groups,
    *communities,
    *community,
    *people,
    *seeds,
    *segments,
    *tags,
    *search,
    *imports,
    *deeds,
    *review,
    *sandbox,
    *outbox,
    *journal,
    *insights,
    *rehearsal,
    *reports,
    *lines,
    *settings,
]
urlpatterns = [
    path("", include((screens, "console"))),
    path("incidents/", include(("qunying.capabilities.incidents.urls", "incidents"))),
    path("rules/", include(("qunying.capabilities.rules.urls", "rules"))),
    path("welcome/", include(("qunying.capabilities.onboarding.urls", "onboarding"))),
    path("order/", include(("qunying.capabilities.order.urls", "order"))),
]
