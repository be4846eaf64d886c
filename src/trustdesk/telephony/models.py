"""Tables of telephony. What a company says how it is reached is its own; trunks, phones and the edge are the
installation's: one exchange serves all companies.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trustdesk.telephony.contracts import Overflow


class Queue(models.Model):
    pk = models.CompositePrimaryKey("controller_id", "code")
    controller_id = models.IntegerField()
    code = models.TextField()
    names = models.JSONField()
    week = models.JSONField()
    time_zone = models.TextField()
    country = models.TextField()
    region = models.TextField()
    closed_on_holidays = models.BooleanField()
    wrap_up_seconds = models.IntegerField()
    longest_wait_seconds = models.IntegerField()
    overflow = models.TextField()
    overflow_after_seconds = models.IntegerField()
    overflow_queue = models.TextField()
    service_level_seconds = models.IntegerField()
    callback_offered = models.BooleanField()
    alarm_seconds = models.IntegerField(null=True)
    closed_words = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "telephony_queue"
        constraints = [
            models.CheckConstraint(condition=Q(overflow__in=list(Overflow)), name="telephony_queue_overflow"),
            models.CheckConstraint(
                condition=Q(overflow=Overflow.QUEUE) & ~Q(overflow_queue="")
                | ~Q(overflow=Overflow.QUEUE) & Q(overflow_queue=""),
                name="telephony_queue_overflows_to",
            ),
        ]


class Menu(models.Model):
    pk = models.CompositePrimaryKey("controller_id", "code")
    controller_id = models.IntegerField()
    code = models.TextField()
    choices = models.JSONField()
    otherwise = models.TextField()
    words = models.TextField()
    wait_seconds = models.FloatField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "telephony_menu"


class Number(models.Model):
    """How a number is answered, and what it is shown with."""

    pk = models.CompositePrimaryKey("controller_id", "e164")
    controller_id = models.IntegerField()
    e164 = models.TextField()
    queue = models.TextField()
    language = models.TextField()
    country = models.TextField()
    sector = models.TextField()
    menu = models.TextField()
    notice = models.TextField()
    mode = models.TextField()  # empty: as the rules have it
    keep_days = models.IntegerField(null=True)
    label = models.TextField()
    purposes = models.JSONField()
    display = models.TextField()
    trunk_id = models.BigIntegerField(null=True)
    answers = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "telephony_number"


class Skill(models.Model):
    """How well an operator knows the matters of a queue: 0 to 100. Nobody is there without one."""

    pk = models.CompositePrimaryKey("controller_id", "operator_id", "queue")
    controller_id = models.IntegerField()
    operator_id = models.BigIntegerField()
    queue = models.TextField()
    level = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField()

    class Meta:
        db_table = "telephony_skill"
        constraints = [models.CheckConstraint(condition=Q(level__gte=0, level__lte=100), name="telephony_skill_level")]
        indexes = [models.Index(fields=["controller_id", "queue", "-level"], name="telephony_skill_queue")]


class Agreement(models.Model):
    """An agent agreed to be recorded, or took it back: a history, the newest counts."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    operator_id = models.BigIntegerField()
    given = models.BooleanField()
    words = models.TextField()
    language = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "telephony_agreement"
        indexes = [models.Index(fields=["controller_id", "operator_id", "-id"], name="telephony_agreement_newest")]


class Reach(models.Model):
    """Where a company's calls out may go. Without a row: nowhere."""

    pk = models.CompositePrimaryKey("controller_id", "version")
    controller_id = models.IntegerField()
    version = models.BigIntegerField()
    countries = ArrayField(models.TextField())
    prefixes = ArrayField(models.TextField())
    closed = ArrayField(models.TextField())
    per_agent_day = models.IntegerField(null=True)
    per_company_day = models.IntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()

    class Meta:
        db_table = "telephony_reach"


class CallOut(models.Model):
    """That a call out was begun: by whom, over which trunk, to which country. It is counted by; no number in it."""

    pk = models.CompositePrimaryKey("controller_id", "id")
    controller_id = models.IntegerField()
    id = models.BigIntegerField()
    operator_id = models.BigIntegerField()
    trunk_id = models.BigIntegerField(null=True)
    country = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "telephony_call_out"
        indexes = [
            models.Index(fields=["controller_id", "-at"], name="telephony_call_out_at"),
            models.Index(fields=["controller_id", "operator_id", "-at"], name="telephony_call_out_operator"),
        ]


class Directory(models.Model):
    """Whose a number is, and what is told of it to anybody: a call comes in before a company is known."""

    e164 = models.TextField(primary_key=True)
    controller_id = models.IntegerField()
    label = models.TextField()
    purposes = models.JSONField()
    language = models.TextField()
    answers = models.BooleanField()

    class Meta:
        db_table = "telephony_directory"


class Trunk(models.Model):
    id = models.BigIntegerField(primary_key=True)
    name = models.TextField(unique=True)
    addresses = ArrayField(models.TextField())
    user = models.TextField()
    password = models.BinaryField(null=True)
    realm = models.TextField()
    registrar = models.TextField()
    target = models.TextField()
    challenge = models.BooleanField()
    per_day = models.IntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "telephony_trunk"


class TrunkDay(models.Model):
    """How many calls out went over a trunk on a day (UTC), of all companies together."""

    pk = models.CompositePrimaryKey("trunk_id", "day")
    trunk_id = models.BigIntegerField()
    day = models.DateField()
    calls = models.IntegerField()

    class Meta:
        db_table = "telephony_trunk_day"


class Phone(models.Model):
    """A SIP phone of an agent. `ha1` and `ha1_sha256` are wrapped; the password itself is nowhere."""

    id = models.BigIntegerField(primary_key=True)
    user = models.TextField(unique=True)
    label = models.TextField()
    operator_id = models.BigIntegerField(unique=True)
    ha1 = models.BinaryField()
    ha1_sha256 = models.BinaryField()
    sha256 = models.BooleanField(default=False)  # it is asked for SHA-256 only: many phones know nothing but MD5
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    reset_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "telephony_phone"


class Edge(models.Model):
    """The newest row counts; the older ones say how it stood. TURN passwords are wrapped."""

    id = models.BigIntegerField(primary_key=True)
    settings = models.JSONField()
    turn = models.BinaryField(null=True)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "telephony_edge"


class Serial(models.Model):
    """Counts the changes of everything that the switchboard hands to the edge."""

    id = models.SmallIntegerField(primary_key=True)
    serial = models.BigIntegerField()

    class Meta:
        db_table = "telephony_serial"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="telephony_serial_one")]
