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
                ('customer_id', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('language', models.TextField()),
                ('state', models.TextField(default='ordered')),
                ('progress', models.FloatField(default=0)),
                ('reason', models.TextField(default='')),
                ('to_send', models.BooleanField(default=False)),
                ('ordered_at', models.DateTimeField()),
                ('ordered_by', models.BigIntegerField()),
                ('file_id', models.BigIntegerField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('size', models.BigIntegerField(default=0)),
                ('sha256', models.TextField(default='')),
                ('masked', models.IntegerField(default=0)),
                ('link_digest', models.BinaryField(null=True)),
                ('message_id', models.BigIntegerField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('downloads', models.IntegerField(default=0)),
                ('downloaded_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'copies_copy',
                'indexes': [models.Index(fields=['controller_id', 'customer_id'], name='copies_copy_of'), models.Index(fields=['controller_id', '-ordered_at'], name='copies_copy_newest'), models.Index(condition=models.Q(('state', 'ready')), fields=['controller_id', 'expires_at'], name='copies_copy_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['access', 'portability'])), name='copies_copy_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['ordered', 'making', 'ready', 'failed', 'destroyed'])), name='copies_copy_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('expires_at__isnull', False), ('file_id__isnull', False), ('made_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='copies_copy_ready_has_a_file'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'destroyed']), _negated=True), models.Q(('file_id__isnull', True), ('link_digest__isnull', True)), _connector='OR'), name='copies_copy_gone_is_gone'), models.UniqueConstraint(condition=models.Q(('state__in', ['ordered', 'making'])), fields=('controller_id', 'customer_id', 'kind'), name='copies_copy_one_is_made')],
            },
        ),
        *owned("copies_copy"),
    ]
