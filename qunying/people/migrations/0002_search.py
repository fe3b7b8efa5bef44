"""The full-text index, the same words on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db import migrations

from qunying.people.search import PEOPLE_INDEX


class Migration(migrations.Migration):
    """Creates it empty: rows are added as they are written."""

    dependencies = [("people", "0001_initial")]
    operations = [PEOPLE_INDEX.migration()]
