"""Files of seats have the membership's id from now on; those without it are read no more and written anew with the lake."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def do_pass_over(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Takes them out of the manifest; the nightly sweep removes the files."""
    apps.get_model("insights", "Part").objects.filter(table="seats").delete()


class Migration(migrations.Migration):
    dependencies = [("insights", "0005_registry")]
    operations = [migrations.RunPython(do_pass_over, migrations.RunPython.noop)]
