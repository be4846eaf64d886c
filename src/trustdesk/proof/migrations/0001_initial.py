import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('plan_id', models.BigIntegerField()),
                ('number', models.TextField()),
                ('text', models.TextField()),
                ('signature', models.BinaryField()),
                ('entry_id', models.BigIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('backup_free_from', models.DateField()),
                ('link_digest', models.BinaryField(null=True)),
            ],
            options={
                'db_table': 'proof_certificate',
                'indexes': [models.Index(fields=['controller_id', '-issued_at'], name='proof_certificate_newest')],
                'constraints': [models.UniqueConstraint(fields=('controller_id', 'plan_id'), name='proof_certificate_one_a_plan'), models.UniqueConstraint(fields=('controller_id', 'number'), name='proof_certificate_number')],
            },
        ),
        migrations.CreateModel(
            name='Found',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('search_id', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('what', models.TextField()),
                ('sealed', models.BinaryField(null=True)),
                ('state', models.TextField(default='open')),
                ('found_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('reason', models.TextField(default='')),
                ('law', models.TextField(default='')),
            ],
            options={
                'db_table': 'proof_found',
                'indexes': [models.Index(fields=['controller_id', 'search_id', 'state'], name='proof_found_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['table', 'sealed', 'store'])), name='proof_found_kind'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'open')), models.Q(('decided_at__gte', models.F('found_at')), ('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['cleared', 'justified'])), _connector='OR'), name='proof_found_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'justified'), _negated=True), models.Q(models.Q(('reason', ''), _negated=True), models.Q(('law', ''), _negated=True)), _connector='OR'), name='proof_found_justified')],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'search_id', 'kind', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('search_id', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('state', models.TextField(default='waiting')),
                ('reached', models.BinaryField(null=True)),
                ('columns', models.IntegerField(default=0)),
                ('rows', models.BigIntegerField(default=0)),
                ('files', models.BigIntegerField(default=0)),
                ('size', models.BigIntegerField(default=0)),
                ('milliseconds', models.BigIntegerField(default=0)),
                ('unread', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'proof_part',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['table', 'sealed', 'store'])), name='proof_part_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'reading', 'read'])), name='proof_part_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'read'), _negated=True), ('reached__isnull', True), _connector='OR'), name='proof_part_read')],
            },
        ),
        migrations.CreateModel(
            name='Search',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('plan_id', models.BigIntegerField()),
                ('state', models.TextField(default='prepared')),
                ('sought', models.BinaryField(null=True)),
                ('variants', models.IntegerField()),
                ('prepared_at', models.DateTimeField()),
                ('check_values', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None)),
                ('link_digest', models.BinaryField(null=True)),
                ('handed_out_at', models.DateTimeField(null=True)),
                ('systems', models.JSONField(default=list)),
                ('began_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'proof_search',
                'indexes': [models.Index(fields=['controller_id', '-prepared_at'], name='proof_search_newest')],
                'constraints': [models.UniqueConstraint(fields=('controller_id', 'plan_id'), name='proof_search_one_a_plan'), models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'scanning', 'deciding', 'decided', 'proved'])), name='proof_search_state'), models.CheckConstraint(condition=models.Q(models.Q(('check_values__isnull', True), ('handed_out_at__isnull', True), ('link_digest__isnull', True)), models.Q(('check_values__isnull', False), ('handed_out_at__isnull', False), ('link_digest__isnull', False)), _connector='OR'), name='proof_search_handed_out'), models.CheckConstraint(condition=models.Q(models.Q(('sought__isnull', True), ('state', 'proved')), models.Q(models.Q(('state', 'proved'), _negated=True), ('sought__isnull', False)), _connector='OR'), name='proof_search_forgets'), models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'scanning']), ('ended_at__isnull', False), _connector='OR'), name='proof_search_read')],
            },
        ),
    ]
