"""What others may ask of clearance. Nothing leaves without it: no call, message, letter, export or webhook.

Each function takes the access context first and works under its signed scope; writes take `now`, do one transaction and
leave their deed in it. "Cannot decide" means no. All raise RefusedError where the context does not carry the operation
named in their text. Law: GDPR Art. 5-7, 13, 14, 21, 28, 44-49; Dir. 2002/58/EC Art. 13 and its national forms, which
stand as data in `rulepacks/`.

A contact: `permit` inside the transaction that hands over, or inside `contacting` where the hand-over has to follow a
commit; only then is an address opened. A disclosure: `disclose`, which also writes the ledger. Everything else here is
what those two rest on.
"""

from trustdesk.clearance.campaigning import (
    attempt_limits,
    contact_decided,
    contact_hours,
    outcomes,
    passes_by_itself,
    rule_line,
    said_no_since,
)
from trustdesk.clearance.packs import packs
from trustdesk.clearance.packs import reload as reload_packs
from trustdesk.clearance.selectors.carrying import consented, objected_to_all, relying_on
from trustdesk.clearance.selectors.deciding import decide
from trustdesk.clearance.selectors.explaining import explain
from trustdesk.clearance.selectors.lists import (
    consents,
    decisions,
    notice_versions,
    notices,
    objections,
    outside_lists,
    point_kinds,
    purpose,
    purposes,
    recipient,
    recipients,
    suppression_counts,
    wanted_lists,
)
from trustdesk.clearance.selectors.plain import explained
from trustdesk.clearance.selectors.products import Products, products
from trustdesk.clearance.selectors.proof import consent_words
from trustdesk.clearance.selectors.records import consent_records
from trustdesk.clearance.selectors.setup import adopted_policy
from trustdesk.clearance.selectors.sharing import shared_points
from trustdesk.clearance.services.collections import record_collection
from trustdesk.clearance.services.consents import record_consent, withdraw
from trustdesk.clearance.services.disclosures import disclose, may_disclose
from trustdesk.clearance.services.nesting import begin_renesting, renest_suppressions
from trustdesk.clearance.services.notices import publish_notice
from trustdesk.clearance.services.objections import lift_objection, record_objection
from trustdesk.clearance.services.outside import declare_outside_list, load_outside_list
from trustdesk.clearance.services.permits import contacting, permit
from trustdesk.clearance.services.policies import adopt_policy
from trustdesk.clearance.services.purposes import assess_purpose, declare_purpose, retire_purpose
from trustdesk.clearance.services.recipients import declare_recipient, end_recipient, set_notice_email
from trustdesk.clearance.services.records import import_consent_records
from trustdesk.clearance.services.suppressions import look_up_suppression, suppress, unsuppress_by_act
from trustdesk.clearance.setwise import CountedList, PointReader, SetQuestion, set_question
from trustdesk.clearance.terms import EVERY_CATEGORY, terms

__all__ = [
    "EVERY_CATEGORY",
    "CountedList",
    "PointReader",
    "Products",
    "SetQuestion",
    "adopt_policy",
    "adopted_policy",
    "assess_purpose",
    "attempt_limits",
    "begin_renesting",
    "consent_records",
    "consent_words",
    "consented",
    "consents",
    "contact_decided",
    "contact_hours",
    "contacting",
    "decide",
    "decisions",
    "declare_outside_list",
    "declare_purpose",
    "declare_recipient",
    "disclose",
    "end_recipient",
    "explain",
    "explained",
    "import_consent_records",
    "lift_objection",
    "load_outside_list",
    "look_up_suppression",
    "may_disclose",
    "notice_versions",
    "notices",
    "objected_to_all",
    "objections",
    "outcomes",
    "outside_lists",
    "packs",
    "passes_by_itself",
    "permit",
    "point_kinds",
    "products",
    "publish_notice",
    "purpose",
    "purposes",
    "recipient",
    "recipients",
    "record_collection",
    "record_consent",
    "record_objection",
    "reload_packs",
    "relying_on",
    "renest_suppressions",
    "retire_purpose",
    "rule_line",
    "said_no_since",
    "set_notice_email",
    "set_question",
    "shared_points",
    "suppress",
    "suppression_counts",
    "terms",
    "unsuppress_by_act",
    "wanted_lists",
    "withdraw",
]
