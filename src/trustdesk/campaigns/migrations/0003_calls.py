import trustdesk.campaigns.contracts
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_isolation'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='call_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='operator_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='campaign',
            name='line',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='campaign',
            name='queue',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='campaign',
            name='release',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='campaign',
            name='script',
            field=models.TextField(default=''),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('call_id__isnull', False)), fields=['controller_id', 'call_id'], name='campaigns_attempt_call'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('release__in', [trustdesk.campaigns.contracts.Release['PROGRESSIVE'], trustdesk.campaigns.contracts.Release['PREVIEW']]), ('template', ''), models.Q(('queue', ''), _negated=True), models.Q(('line', ''), _negated=True), models.Q(('script', ''), _negated=True)), models.Q(('line', ''), ('queue', ''), ('release', ''), ('script', ''), models.Q(('template', ''), _negated=True)), _connector='OR'), name='campaigns_campaign_is_sent_or_called'),
        ),
    ]
