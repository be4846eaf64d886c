"""Who signs certificates: the installation's key for the company, as the log's checkpoints name it."""

from django.conf import settings

from trustdesk.audit.api import log_name
from trustdesk.kernel.context import AccessContext
from trustdesk.proof.verifier import Key
from trustdesk.seal.api import SigningKey


def signing_key() -> SigningKey:
    return SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))


def public_key(context: AccessContext) -> Key:
    return Key(log_name(context), signing_key().verify_key.raw)
