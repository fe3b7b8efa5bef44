from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_cases_of_opinions"),
    ]

    operations = [
        migrations.AddIndex(model_name="task", index=models.Index(fields=["key"], name="task_by_key")),
    ]
