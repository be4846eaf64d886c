from django.db import migrations, models

from trustdesk.isolation.api import owned

# What was asked or counted is not rewritten: the runtime role may change these columns and no others.
CHANGEABLE = {
    "register_freshness": "days, set_at, set_by",
    "register_question": "answer",
    "register_spared": "count",
    "register_fresh_count": "",
}


def changeable(table, columns):
    allow = f"GRANT UPDATE ({columns}) ON {table} TO trustdesk_app" if columns else ""
    return migrations.RunSQL(
        f"REVOKE UPDATE ON {table} FROM trustdesk_app; {allow}", f"GRANT UPDATE ON {table} TO trustdesk_app"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0007_merges_from_both_sides'), ('isolation', '0001_scope'),
    ]

    operations = [
        migrations.CreateModel(
            name='FreshCount',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'day', 'attribute_id', 'source_id', 'confirmed_by', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('day', models.DateField()),
                ('attribute_id', models.BigIntegerField()),
                ('source_id', models.BigIntegerField()),
                ('confirmed_by', models.TextField()),
                ('held', models.IntegerField()),
                ('fresh', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'register_fresh_count',
            },
        ),
        migrations.CreateModel(
            name='Spared',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'day', 'attribute_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('day', models.DateField()),
                ('attribute_id', models.BigIntegerField()),
                ('count', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Freshness',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'attribute_id', 'confirmed_by', 'source_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('attribute_id', models.BigIntegerField()),
                ('confirmed_by', models.TextField()),
                ('source_id', models.BigIntegerField()),
                ('days', models.IntegerField()),
                ('set_at', models.DateTimeField()),
                ('set_by', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('days__range', (1, 3650))), name='register_freshness_days'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', ''), models.Q(('source_id', 0), _negated=True)), models.Q(models.Q(('confirmed_by', ''), _negated=True), ('source_id', 0)), _connector='OR'), name='register_freshness_of_one')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'conversation_id', 'attribute_id', 'spared', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('attribute_id', models.BigIntegerField()),
                ('spared', models.BooleanField()),
                ('customer_id', models.BigIntegerField()),
                ('value_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('answer', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['controller_id', 'customer_id'], name='register_question_customer'), models.Index(fields=['controller_id', 'at'], name='register_question_at')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('spared', False)), fields=('controller_id', 'conversation_id'), name='register_question_once'), models.CheckConstraint(condition=models.Q(('answer__in', ['', 'true', 'changed', 'corrected', 'not_now'])), name='register_question_answer')],
            },
        ),
        *(operation for table in CHANGEABLE for operation in owned(table)),
        *(changeable(table, columns) for table, columns in CHANGEABLE.items()),
    ]
