from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="newcomer",
            name="name",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
