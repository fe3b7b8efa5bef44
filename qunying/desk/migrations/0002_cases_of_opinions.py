from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A case was about one effect and is about all that were proposed together: its name loses the number of the effect.

    Where several are open of one opinion, the first goes on.
    """
    cases = apps.get_model("desk", "Case").objects.using(editor.connection.alias)
    for case in cases.filter(kind="approval", key__startswith="approve:").order_by("pk"):
        key = case.key.rpartition("/")[0]
        if case.state == "open" and cases.filter(key=key, state="open").exists():
            cases.filter(pk=case.pk).update(state="dismissed", closed_at=case.opened_at)
        else:
            cases.filter(pk=case.pk).update(key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(name_anew, migrations.RunPython.noop),
    ]
