from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('id', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('cause', models.TextField()),
                ('about', models.TextField()),
                ('people', models.IntegerField()),
                ('happened_at', models.DateTimeField()),
                ('found_at', models.DateTimeField()),
                ('opened_by', models.BigIntegerField()),
                ('state', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['controller_id', 'state', 'found_at'], name='governance_breach_open')],
                'constraints': [models.UniqueConstraint(fields=('controller_id', 'cause', 'about'), name='governance_breach_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['confidentiality', 'integrity', 'availability'])), name='governance_breach_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='governance_breach_state')],
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('pk', models.CompositePrimaryKey('controller_id', 'breach_id', 'customer_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('controller_id', models.IntegerField()),
                ('breach_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['controller_id', 'customer_id'], name='governance_touched_customer')],
            },
        ),
    ]
