from django.db import migrations

from regulars.kernel.databases import folding


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(folding.create, folding.drop)]
