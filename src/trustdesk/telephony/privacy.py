"""Telephony holds nothing of a customer: calls out are counted without their numbers. What it holds of operators is
staff's.
"""

from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration

_EMPLOYMENT = "while the operator has a seat; the deeds stand in the log"
_STAFF = "the operator's id: staff, declared by accounts"
_COMPANY = "which company owns the row"


def _field(table: str, column: str, category: str) -> PersonalField:
    return PersonalField(f"telephony_{table}", column, category, "dpv:PersonnelManagement", _EMPLOYMENT, sealed=False)


_FIELDS = (
    _field("skill", "operator_id", "pd:UniqueIdentifier"),
    _field("skill", "level", "pd:WorkHistory"),
    _field("agreement", "operator_id", "pd:UniqueIdentifier"),
    _field("agreement", "given", "pd:Preference"),
    _field("agreement", "words", "pd:Preference"),
    _field("agreement", "at", "pd:Preference"),
    _field("call_out", "operator_id", "pd:UniqueIdentifier"),
    _field("call_out", "at", "pd:WorkHistory"),
    _field("phone", "operator_id", "pd:UniqueIdentifier"),
    _field("phone", "user", "pd:UniqueIdentifier"),
    _field("phone", "label", "pd:UniqueIdentifier"),
)
_NOT_PERSONAL = {
    "telephony_queue.*": "a company's queue: names, hours, seconds",
    "telephony_menu.*": "a company's menu: keys and where they lead",
    "telephony_number.*": "a number of the company's own, and how it is answered",
    "telephony_reach.*": "where a company may call, and how often",
    "telephony_directory.*": "a company's number, and what is told to whoever asks",
    "telephony_trunk.*": "a carrier; its password is wrapped",
    "telephony_trunk_day.*": "a count",
    "telephony_edge.*": "addresses and ports of the installation",
    "telephony_serial.*": "a count",
    "telephony_skill.controller_id": _COMPANY,
    "telephony_skill.queue": "which queue",
    "telephony_skill.changed_at": "an instant",
    "telephony_skill.changed_by": _STAFF,
    "telephony_agreement.controller_id": _COMPANY,
    "telephony_agreement.id": "a number of ours",
    "telephony_agreement.language": "the language of the words",
    "telephony_call_out.controller_id": _COMPANY,
    "telephony_call_out.id": "a number of ours",
    "telephony_call_out.trunk_id": "which trunk",
    "telephony_call_out.country": "the country called, without the number",
    "telephony_phone.id": "a number of ours",
    "telephony_phone.ha1": "proves a random password, wrapped",
    "telephony_phone.ha1_sha256": "proves a random password, wrapped",
    "telephony_phone.sha256": "what the phone can do",
    "telephony_phone.made_at": "an instant",
    "telephony_phone.made_by": _STAFF,
    "telephony_phone.reset_at": "an instant",
}

DECLARATION = PrivacyDeclaration(
    capability="telephony", fields=_FIELDS, not_personal=_NOT_PERSONAL, export=None, erase=None
)
