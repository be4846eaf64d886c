"""How a customer is let in: by a link to a contact point on file, in proportion to what is opened (GDPR Art. 12(6)).

Instants are aware. Nothing said to whoever asks depends on what is on file.
"""

from trustdesk.identity.contracts import (
    CONFIRMATION_LIVES,
    LINK_LIVES,
    VISIT_LIVES,
    Asked,
    ConsentForm,
    Entered,
    LinkRefusedError,
    NewConfirmation,
    Pending,
    Proof,
    ProofRefusedError,
    Step,
    Visit,
)
from trustdesk.identity.services.asking import ask_for_link
from trustdesk.identity.services.confirming import ask_to_confirm, confirm, pending
from trustdesk.identity.services.forms import ask_by_form
from trustdesk.identity.services.opening import enter, step_of
from trustdesk.identity.services.purposes import RIGHTS, declare_missing, ensure_purposes
from trustdesk.identity.services.visits import leave, visit_of, visiting

__all__ = [
    "CONFIRMATION_LIVES",
    "LINK_LIVES",
    "RIGHTS",
    "VISIT_LIVES",
    "Asked",
    "ConsentForm",
    "Entered",
    "LinkRefusedError",
    "NewConfirmation",
    "Pending",
    "Proof",
    "ProofRefusedError",
    "Step",
    "Visit",
    "ask_by_form",
    "ask_for_link",
    "ask_to_confirm",
    "confirm",
    "declare_missing",
    "ensure_purposes",
    "enter",
    "leave",
    "pending",
    "step_of",
    "visit_of",
    "visiting",
]
