"""The full-text index, the same words on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db import migrations

from qunying.talk.search import TALK_INDEX


class Migration(migrations.Migration):
    """Creates it empty: rows are added as they are written."""

    dependencies = [("talk", "0001_initial")]
    operations = [TALK_INDEX.migration()]
