"""What others may ask of the register. Everything else in this package is its own business.

Each function takes the access context first, does its work under the context's signed scope and, where it writes,
in one transaction with its journal entry. `now` is an aware instant. All raise RefusedError where the context does
not carry the operation named in their text, and NotFoundError for what cannot be seen from the context's controller.
"""

from trustdesk.register.ageing import idle_customers, records_of
from trustdesk.register.selectors.age import age
from trustdesk.register.selectors.bases import bases
from trustdesk.register.selectors.beside import companions, known_names, names_of_others
from trustdesk.register.selectors.card import card, history, timeline
from trustdesk.register.selectors.catalog import catalog, source, sources, standard_categories
from trustdesk.register.selectors.editions import tokens_to_renew
from trustdesk.register.selectors.employment import employment
from trustdesk.register.selectors.fresh import due, freshness, shares, spared
from trustdesk.register.selectors.groups import product_groups
from trustdesk.register.selectors.histories import histories
from trustdesk.register.selectors.holders import holders
from trustdesk.register.selectors.identifying import identifying_values
from trustdesk.register.selectors.identity import known_by
from trustdesk.register.selectors.knowing import known_as
from trustdesk.register.selectors.known import known
from trustdesk.register.selectors.lists import disclosures, disclosures_of, how_many, inventory, notices_due
from trustdesk.register.selectors.mentions import free_texts, mentioning, sharing
from trustdesk.register.selectors.merges import merge_history, merges, parting
from trustdesk.register.selectors.persons import given_to, hold_persons, languages, persons
from trustdesk.register.selectors.proving import former_points, proves, proving_points
from trustdesk.register.selectors.sealed import sealed_values
from trustdesk.register.selectors.search import customers, offered, search
from trustdesk.register.selectors.values import shown_as_one
from trustdesk.register.services.arriving import confirm_arrival
from trustdesk.register.services.asking import answer_question, forget_questions, question, weigh_questions
from trustdesk.register.services.capture import add_many, check_many, create_customer
from trustdesk.register.services.catalog import declare_attribute, seed_catalog
from trustdesk.register.services.changing import change_values
from trustdesk.register.services.counting import count_freshness
from trustdesk.register.services.cutting import cut_notes, mentioned
from trustdesk.register.services.freshness import set_freshness
from trustdesk.register.services.ledger import give_notice, record_communication, record_disclosure
from trustdesk.register.services.merging import merge, unmerge
from trustdesk.register.services.notes import add_note
from trustdesk.register.services.relationship import end_relationship, set_country, set_relationship
from trustdesk.register.services.removing import remove_fed
from trustdesk.register.services.renewing import renew_tokens
from trustdesk.register.services.restriction import lock, unlock
from trustdesk.register.services.sources import create_source, direct_source
from trustdesk.register.services.taking_back import take_back
from trustdesk.register.services.values import add_value, confirm_value, correct_value
from trustdesk.register.tasks import order_token_renewal

__all__ = [
    "add_many",
    "add_note",
    "add_value",
    "age",
    "answer_question",
    "bases",
    "card",
    "catalog",
    "change_values",
    "check_many",
    "companions",
    "confirm_arrival",
    "confirm_value",
    "correct_value",
    "count_freshness",
    "create_customer",
    "create_source",
    "customers",
    "cut_notes",
    "declare_attribute",
    "direct_source",
    "disclosures",
    "disclosures_of",
    "due",
    "employment",
    "end_relationship",
    "forget_questions",
    "former_points",
    "free_texts",
    "freshness",
    "give_notice",
    "given_to",
    "histories",
    "history",
    "hold_persons",
    "holders",
    "how_many",
    "identifying_values",
    "idle_customers",
    "inventory",
    "known",
    "known_as",
    "known_by",
    "known_names",
    "languages",
    "lock",
    "mentioned",
    "mentioning",
    "merge",
    "merge_history",
    "merges",
    "names_of_others",
    "notices_due",
    "offered",
    "order_token_renewal",
    "parting",
    "persons",
    "product_groups",
    "proves",
    "proving_points",
    "question",
    "record_communication",
    "record_disclosure",
    "records_of",
    "remove_fed",
    "renew_tokens",
    "sealed_values",
    "search",
    "seed_catalog",
    "set_country",
    "set_freshness",
    "set_relationship",
    "shares",
    "sharing",
    "shown_as_one",
    "source",
    "sources",
    "spared",
    "standard_categories",
    "take_back",
    "timeline",
    "tokens_to_renew",
    "unlock",
    "unmerge",
    "weigh_questions",
]
