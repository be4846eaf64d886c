import trustdesk.campaigns.contracts
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'campaign_id', 'customer_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('campaign_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('number', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('message_id', models.BigIntegerField(null=True)),
                ('decision_id', models.BigIntegerField(null=True)),
                ('outcome', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'campaigns_attempt',
                'indexes': [models.Index(fields=['controller_id', 'campaign_id', '-at'], name='campaigns_attempt_newest'), models.Index(condition=models.Q(('message_id__isnull', False)), fields=['controller_id', 'message_id'], name='campaigns_attempt_message')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='campaigns_attempt_ended')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('name', models.TextField()),
                ('run_id', models.BigIntegerField()),
                ('purpose', models.TextField()),
                ('channel', models.TextField()),
                ('about', models.JSONField()),
                ('template', models.TextField()),
                ('language', models.TextField()),
                ('hours', models.JSONField(null=True)),
                ('per_day', models.IntegerField(null=True)),
                ('per_week', models.IntegerField(null=True)),
                ('per_campaign', models.IntegerField()),
                ('pace', models.IntegerField()),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('state', models.TextField()),
                ('reason', models.TextField(default='')),
                ('people', models.BigIntegerField(default=0)),
                ('left_out', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField()),
                ('started_at', models.DateTimeField(null=True)),
                ('started_by', models.BigIntegerField(null=True)),
                ('operator_id', models.BigIntegerField()),
                ('mandate_id', models.BigIntegerField()),
                ('access_purpose', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('heard_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'campaigns_campaign',
                'indexes': [models.Index(fields=['controller_id', '-created_at'], name='campaigns_campaign_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [trustdesk.campaigns.contracts.State['DRAFT'], trustdesk.campaigns.contracts.State['RUNNING'], trustdesk.campaigns.contracts.State['PAUSED'], trustdesk.campaigns.contracts.State['ENDED'], trustdesk.campaigns.contracts.State['CANCELLED']])), name='campaigns_campaign_state'), models.CheckConstraint(condition=models.Q(('pace__gt', 0)), name='campaigns_campaign_pace'), models.CheckConstraint(condition=models.Q(('per_campaign__gt', 0), models.Q(('per_day__isnull', True), ('per_day__gt', 0), _connector='OR'), models.Q(('per_week__isnull', True), ('per_week__gt', 0), _connector='OR')), name='campaigns_campaign_limits'), models.CheckConstraint(condition=models.Q(('starts_at__isnull', True), ('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='campaigns_campaign_period'), models.CheckConstraint(condition=models.Q(models.Q(('started_at__isnull', True), ('started_by__isnull', True)), models.Q(('started_at__isnull', False), ('started_by__isnull', False)), _connector='OR'), name='campaigns_campaign_started'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', [trustdesk.campaigns.contracts.State['RUNNING'], trustdesk.campaigns.contracts.State['PAUSED'], trustdesk.campaigns.contracts.State['ENDED']]), _negated=True), ('started_at__isnull', False), _connector='OR'), name='campaigns_campaign_begun')],
            },
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'campaign_id', 'outcome', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('campaign_id', models.BigIntegerField()),
                ('outcome', models.TextField()),
                ('act', models.TextField()),
                ('after', models.DurationField(null=True)),
            ],
            options={
                'db_table': 'campaigns_disposition',
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', [trustdesk.campaigns.contracts.Act['DONE'], trustdesk.campaigns.contracts.Act['AGAIN'], trustdesk.campaigns.contracts.Act['STOP'], trustdesk.campaigns.contracts.Act['OBJECTION']])), name='campaigns_disposition_act'), models.CheckConstraint(condition=models.Q(models.Q(('act', trustdesk.campaigns.contracts.Act['AGAIN']), ('after__isnull', False)), models.Q(models.Q(('act', trustdesk.campaigns.contracts.Act['AGAIN']), _negated=True), ('after__isnull', True)), _connector='OR'), name='campaigns_disposition_after')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'campaign_id', 'customer_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('campaign_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('value_id', models.BigIntegerField()),
                ('state', models.TextField()),
                ('number', models.IntegerField(default=0)),
                ('attempts', models.IntegerField(default=0)),
                ('last_outcome', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('next_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'campaigns_target',
                'indexes': [models.Index(condition=models.Q(('state', trustdesk.campaigns.contracts.TargetState['WAITING'])), fields=['controller_id', 'campaign_id', 'next_at', 'customer_id'], name='campaigns_target_due'), models.Index(fields=['controller_id', 'customer_id'], name='campaigns_target_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [trustdesk.campaigns.contracts.TargetState['WAITING'], trustdesk.campaigns.contracts.TargetState['IN_HAND'], trustdesk.campaigns.contracts.TargetState['DONE'], trustdesk.campaigns.contracts.TargetState['REFUSED'], trustdesk.campaigns.contracts.TargetState['UNDECIDED'], trustdesk.campaigns.contracts.TargetState['STOPPED'], trustdesk.campaigns.contracts.TargetState['EXHAUSTED']])), name='campaigns_target_state'), models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state', trustdesk.campaigns.contracts.TargetState['WAITING'])), models.Q(models.Q(('state', trustdesk.campaigns.contracts.TargetState['WAITING']), _negated=True), ('next_at__isnull', True)), _connector='OR'), name='campaigns_target_waits_for_an_instant')],
            },
        ),
    ]
