from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_boards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What was counted before knows no topics; it is counted anew when it is next wanted."""
    apps.get_model("insights", "Board").objects.using(editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0008_boards_ahead"),
    ]

    operations = [
        migrations.RunPython(forget_boards, migrations.RunPython.noop),
    ]
