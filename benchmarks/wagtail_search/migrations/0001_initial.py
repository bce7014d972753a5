from django.db import migrations
from wagtail.search.index import Indexed


class Migration(migrations.Migration):
    initial = True

    dependencies = [("training", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="WagtailTraining",
            fields=[],
            options={
                "verbose_name": "formation (recherche de Wagtail)",
                "verbose_name_plural": "formations (recherche de Wagtail)",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(Indexed, "training.training"),
        ),
    ]
