"""Whatever was kept before there were judges is read by them now, in the background."""

from django.apps.registry import Apps
from django.db import migrations

from qunying.kernel import clock


def queue_all(apps: Apps, editor: object) -> None:
    """Every group there is, empty ones too: those are done at once."""
    unread = apps.get_model("pipeline", "Unread")
    groups = apps.get_model("communities", "Group").objects.values_list("pk", flat=True)
    now = clock.now()
    unread.objects.bulk_create([unread(group_id=pk, queued_at=now) for pk in groups], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0002_unread"),
    ]

    operations = [
        migrations.RunPython(queue_all, migrations.RunPython.noop),
    ]
