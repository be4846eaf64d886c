import django.contrib.postgres.fields
from django.db import migrations, models

from trustdesk.isolation.api import owned


class Migration(migrations.Migration):

    initial = True

    dependencies = [("isolation", "0001_scope"), ("vault", "0005_streams")]

    operations = [
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
                ('digest', models.BinaryField()),
                ('message_id', models.BigIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('sent_by', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'recordings_copy',
                'indexes': [models.Index(fields=['controller_id', 'customer_id'], name='recordings_copy_of')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('ground', models.TextField()),
                ('file_number', models.TextField()),
                ('placed_at', models.DateTimeField()),
                ('placed_by', models.BigIntegerField()),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'recordings_hold',
                'indexes': [models.Index(condition=models.Q(('released_at__isnull', True)), fields=['controller_id', 'conversation_id'], name='recordings_hold_living')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['claim', 'complaint', 'authority', 'person'])), name='recordings_hold_ground'), models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='recordings_hold_released')],
            },
        ),
        migrations.CreateModel(
            name='Listening',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('listener', models.TextField()),
                ('purpose', models.TextField()),
                ('began_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'recordings_listening',
                'indexes': [models.Index(fields=['controller_id', 'expires_at'], name='recordings_listening_ends')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['request', 'complaint', 'dispute', 'quality', 'authority', 'security', 'copy'])), name='recordings_listening_purpose')],
            },
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('interaction_id', models.BigIntegerField()),
                ('call_id', models.BigIntegerField()),
                ('leg', models.TextField()),
                ('role', models.TextField()),
                ('queue', models.TextField()),
                ('operator_id', models.BigIntegerField(null=True)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('mode', models.TextField()),
                ('rule_ids', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('notice_version', models.BigIntegerField()),
                ('heard_at', models.DateTimeField()),
                ('consent_key', models.TextField()),
                ('retention_class', models.TextField()),
                ('filed_class', models.TextField(default='')),
                ('keep_until', models.DateTimeField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('state', models.TextField(default='open')),
                ('chunks', models.IntegerField(default=0)),
                ('head', models.TextField(default='')),
                ('milliseconds', models.BigIntegerField(default=0)),
                ('gaps', models.JSONField(default=list)),
                ('reason', models.TextField(default='')),
            ],
            options={
                'db_table': 'recordings_recording',
                'indexes': [models.Index(fields=['controller_id', 'conversation_id'], name='recordings_of_conversation'), models.Index(fields=['controller_id', '-began_at', '-id'], name='recordings_newest'), models.Index(fields=['controller_id', 'keep_until'], name='recordings_due'), models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['controller_id', 'customer_id'], name='recordings_of_customer'), models.Index(condition=models.Q(('state', 'open')), fields=['controller_id', 'id'], name='recordings_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'whole', 'failed', 'lost'])), name='recordings_recording_state'), models.CheckConstraint(condition=models.Q(('mode__in', ['notice', 'consent', 'all-party', 'mandatory'])), name='recordings_recording_mode'), models.CheckConstraint(condition=models.Q(('notice_version__gt', 0)), name='recordings_recording_notice'), models.CheckConstraint(condition=models.Q(models.Q(('mode__in', ['consent', 'all-party']), _negated=True), models.Q(('consent_key', ''), _negated=True), _connector='OR'), name='recordings_recording_consent'), models.CheckConstraint(condition=models.Q(('role__in', ['customer', 'agent', 'third'])), name='recordings_recording_role'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='recordings_recording_closed'), models.CheckConstraint(condition=models.Q(models.Q(('customer_id__isnull', True), ('filed_class', '')), models.Q(('customer_id__isnull', False), models.Q(('filed_class', ''), _negated=True)), _connector='OR'), name='recordings_recording_filed')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'month', 'because', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('month', models.DateField()),
                ('because', models.TextField()),
                ('recordings', models.BigIntegerField()),
                ('milliseconds', models.BigIntegerField()),
            ],
            options={
                'db_table': 'recordings_tally',
                'constraints': [models.CheckConstraint(condition=models.Q(('because__in', ['due', 'erased', 'empty'])), name='recordings_tally_because')],
            },
        ),
        migrations.CreateModel(
            name='Unrecorded',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('interaction_id', models.BigIntegerField()),
                ('call_id', models.BigIntegerField()),
                ('queue', models.TextField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'recordings_unrecorded',
                'indexes': [models.Index(fields=['controller_id', '-at'], name='recordings_unrecorded_newest'), models.Index(fields=['controller_id', 'conversation_id'], name='recordings_unrecorded_of')],
            },
        ),
        *owned("recordings_recording"),
        *owned("recordings_unrecorded"),
        *owned("recordings_hold"),
        *owned("recordings_listening"),
        *owned("recordings_copy"),
        *owned("recordings_tally"),
    ]
