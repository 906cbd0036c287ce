from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("kernel", "0002_paused_jobs")]

    operations = [
        AddIndexConcurrently(
            model_name="auditentry",
            index=BrinIndex(autosummarize=True, fields=["at"], name="audit_by_time"),
        ),
    ]
