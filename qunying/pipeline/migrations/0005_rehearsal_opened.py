"""Whoever asked for a rehearsal is told of its end until they open it; what ended before is no news."""

from django.apps.registry import Apps
from django.db import migrations, models


def open_what_ended(apps: Apps, editor: object) -> None:
    """As if everybody had seen what came of theirs."""
    apps.get_model("pipeline", "Rehearsal").objects.update(opened_at=models.F("finished_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0004_rehearsal"),
    ]

    operations = [
        migrations.AddField("rehearsal", "opened_at", models.DateTimeField(null=True)),
        migrations.RunPython(open_what_ended, migrations.RunPython.noop),
    ]
