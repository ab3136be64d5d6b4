from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_shops"),
    ]

    operations = [
        migrations.AddField(
            model_name="refusal",
            name="doubted",
            field=models.BooleanField(default=False),
        ),
    ]
