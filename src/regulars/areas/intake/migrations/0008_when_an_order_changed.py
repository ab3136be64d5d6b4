from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0007_doubts")]

    operations = [
        migrations.AddField(model_name="shopcall", name="changed_at", field=models.DateTimeField(null=True)),
    ]
