"""Tables of the accounts room. None belongs to one controller: an operator may answer for several."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from trustdesk.kernel.ids import new_id, to_public


def display_name(operator: "Operator") -> str:
    """What a passkey shows beside the account (`ACCOUNT_USER_DISPLAY`)."""
    return operator.name


class OperatorManager(BaseUserManager["Operator"]):
    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email=(username or "").strip().lower())


class Operator(AbstractBaseUser):
    """A person who works here. Never deleted while the log names them: disabled instead."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    installation_roles = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    session_epoch = models.IntegerField(default=1)  # raised to end every session of the operator at once

    objects: ClassVar[OperatorManager] = OperatorManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "accounts_operator"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_operator_email_lower"),
            models.CheckConstraint(condition=models.Q(session_epoch__gt=0), name="accounts_operator_epoch_positive"),
        ]

    def __str__(self) -> str:
        # Django's own would be the e-mail address, in every representation and log line.
        return f"operator {to_public(self.id)}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Accepted and not disabled: the only state in which a sign-in is answered with yes."""
        return self.accepted_at is not None and self.disabled_at is None

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Bound to the epoch as well as to the password: disabling or recovering ends what is open.
        salt = "trustdesk.accounts.Operator.session"
        return salted_hmac(salt, f"{self.session_epoch}|{self.password}", secret=secret, algorithm="sha256").hexdigest()


class DeskSessionManager(BaseSessionManager["DeskSession"]):
    pass


class DeskSession(AbstractBaseSession):
    """A session, found by the digest of its cookie: who reads the table can't take one over."""

    operator = models.ForeignKey(Operator, null=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[DeskSessionManager] = DeskSessionManager()

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> Any:  # noqa: ANN401  # Django's own signature is untyped
        from trustdesk.accounts.sessions import SessionStore  # noqa: PLC0415  # the store imports this model

        return SessionStore


class Link(models.Model):
    """A single-use link by which an operator sets password and second factor."""

    KINDS: ClassVar[tuple[str, ...]] = ("setup", "invitation", "recovery")

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=32, unique=True)
    issued_by = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_link"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("setup", "invitation", "recovery")), name="accounts_link_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="accounts_link_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None) | models.Q(voided_at=None), name="accounts_link_used_or_voided"
            ),
        ]


class Recovery(models.Model):
    """New factors for somebody who lost theirs: asked for by one, approved by another, neither the subject."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_recovery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(requested_by=models.F("operator")), name="accounts_recovery_not_by_subject"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | (
                    ~models.Q(approved_by=models.F("operator"))
                    & ~models.Q(approved_by=models.F("requested_by"))
                    & models.Q(approved_at__isnull=False)
                ),
                name="accounts_recovery_two_persons",
            ),
            models.UniqueConstraint(
                fields=("operator",),
                condition=models.Q(approved_at=None, withdrawn_at=None),
                name="accounts_recovery_one_open",
            ),
        ]


class ElevatedSession(models.Model):
    """A session that may do more, for a while. Its reason is sealed in the log and stands nowhere else."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    session_id = models.CharField(max_length=40, db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_elevated_session"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="accounts_elevated_session_period"
            ),
        ]
