"""What is said to people: marked here, translated where it is shown. Packs name a message, they do not write one."""

from typing import NamedTuple


def gettext_noop(text: str) -> str:
    """Marks a text that people read: it is collected here and translated where it is shown."""
    return text


class Said(NamedTuple):
    """A rule's word when it stops a contact, when it cannot be decided, and when it lets it through."""

    deny: str
    undecided: str
    permit: str = ""


SAYS: dict[str, Said] = {
    "opt_out": Said(
        gettext_noop("The person said that such contacts are not wanted."),
        gettext_noop("It is not known whether the person said that such contacts are not wanted."),
        gettext_noop("Allowed until the person says that such contacts are not wanted."),
    ),
    "presumed_consent": Said(
        gettext_noop("The law asks for a consent here, or for facts on record from which it can be presumed."),
        gettext_noop("It is not known whether there is a consent, or facts from which it can be presumed."),
        gettext_noop("There is a consent, or it can be presumed from facts on record."),
    ),
    "soft_opt_in": Said(  # stands in for another rule's consent and never stops by itself
        "",
        "",
        gettext_noop("A customer may be told of similar offers, having been asked and not having refused."),
    ),
    "opt_in": Said(
        gettext_noop("The law asks for a consent first."),
        gettext_noop("It can't be decided whether the person agreed as the law asks."),
        gettext_noop("What the law asks for is there: a consent, or what stands in for one."),
    ),
    "opt_in_express": Said(
        gettext_noop("The law asks for an express consent first."),
        gettext_noop("It can't be decided whether the person agreed expressly."),
        gettext_noop("What the law asks for is there: an express consent, or what stands in for one."),
    ),
    "prohibited": Said(
        gettext_noop("The law prohibits this contact."),
        gettext_noop("It can't be decided whether the law prohibits this contact."),
    ),
    "lawful": Said(
        gettext_noop("The legal basis does not carry this contact."),
        gettext_noop("It can't be decided whether the legal basis carries this contact."),
        gettext_noop("The legal basis carries this contact."),
    ),
    "erased": Said(
        gettext_noop("The person was erased."),
        gettext_noop("It is not known whether the person was erased."),
    ),
    "restricted": Said(
        gettext_noop("Processing of the person's data is restricted."),
        gettext_noop("It is not known whether processing of the person's data is restricted."),
    ),
    "objected": Said(
        gettext_noop("The person objected."),
        gettext_noop("It is not known whether the person objected."),
        gettext_noop("The person did not object."),
    ),
    "suppressed": Said(
        gettext_noop("The person, number or address is on the suppression list."),
        gettext_noop("It is not known whether the person, number or address is on the suppression list."),
    ),
    "basis_consent": Said(
        gettext_noop("The purpose rests on consent, and none is in force."),
        gettext_noop("The purpose rests on consent, and it is not known whether one is in force."),
        gettext_noop("The purpose rests on consent, and the person agreed."),
    ),
    "basis_interest": Said(
        gettext_noop("The purpose rests on a legitimate interest, and no assessment of it is in force."),
        gettext_noop("The purpose rests on a legitimate interest; it is not known whether it was assessed."),
        gettext_noop("The purpose rests on a legitimate interest that was assessed."),
    ),
    "basis_other": Said(
        gettext_noop("The legal basis does not carry this contact."),
        gettext_noop("It can't be decided whether the legal basis carries this contact."),
        gettext_noop("The contract, a legal duty or another basis than consent carries this contact."),
    ),
    "marketing_basis": Said(
        gettext_noop("Advertising needs consent or a legitimate interest as its legal basis."),
        gettext_noop("It can't be decided whether the legal basis carries advertising."),
    ),
    "consent_time": Said(
        gettext_noop("The consent is not in force at this time: it has no date, begins later or has ended."),
        gettext_noop("It is not known whether a consent is in force at this time."),
    ),
    "withdrawn": Said(
        gettext_noop("The person withdrew or refused the consent."),
        gettext_noop("It is not known whether the person withdrew or refused the consent."),
    ),
    "child": Said(
        gettext_noop("The person is below the age of consent, and no parent agreed."),
        gettext_noop("It is not known whether the person has reached the age of consent."),
    ),
    "consent_request": Said(
        gettext_noop("A message that only asks for a consent is an advertisement itself."),
        gettext_noop("It can't be decided whether a message may ask for a consent."),
    ),
    "mobile_subscription": Said(
        gettext_noop("Mobile subscriptions may be offered by phone only to own customers and to those who asked."),
        gettext_noop(
            "It is not known whether a mobile subscription is offered to somebody who may be called about it."
        ),
    ),
    "listed": Said(
        gettext_noop("The person is on %(list)s."),
        gettext_noop("%(list)s was not refreshed in time, or it is not known whether the person is on it."),
    ),
    "attempts": Said(
        gettext_noop("The number of attempts is used up for today, for this week or for this campaign."),
        gettext_noop("It is not known how many attempts were made."),
    ),
    "campaign": Said(
        gettext_noop("The campaign does not run now: it is paused, over, or has not begun."),
        gettext_noop("It is not known whether the campaign runs."),
    ),
    "window": Said(
        gettext_noop("It is outside the hours in which the person may be called."),
        gettext_noop("It is not known whether it is a time at which the person may be called."),
    ),
    "duty": Said(
        gettext_noop("A duty is not fulfilled: %(duty)s"),
        gettext_noop("It was not said whether a duty is fulfilled: %(duty)s"),
    ),
    "no_rule": Said(
        gettext_noop("For this country, channel and kind of recipient no rule is known."),
        gettext_noop("The person's country or kind is not known, so nobody can say which law holds."),
    ),
    "no_rule_point": Said(
        gettext_noop("For the country of this number or address, this channel and kind of recipient no rule is known."),
        gettext_noop("The country of this number or address is not known, so nobody can say which law holds."),
    ),
    "policy": Said(
        gettext_noop("The company's own policy is stricter than the law and does not allow it."),
        gettext_noop("It can't be decided whether the company's own policy allows it."),
    ),
}
"""By the key that a rule's `says` names; without one, by its effect."""

DUTIES: dict[str, str] = {
    "show_sender": gettext_noop("Show who sends it and on whose behalf."),
    "offer_stop": gettext_noop("Say in every message how to stop it, free of charge, at a valid address."),
    "offer_stop_in_call": gettext_noop("Offer that there will be no further calls."),
    "tell_objection_right": gettext_noop(
        "Tell of the right to object at the first contact, clearly and apart from other information."
    ),
    "give_notice": gettext_noop(
        "Where the data are not from the person, give the notice at the first contact, at the latest after a month."
    ),
    "prove_consent": gettext_noop("Be able to prove the consent."),
    "say_who_and_why": gettext_noop(
        "Say at the start who is calling, on whose behalf, and that it is to offer something."
    ),
    "disclose_machine": gettext_noop("Say at the start that it is a machine."),
    "show_number": gettext_noop("Show your own number, one that can be called back."),
    "say_name": gettext_noop("Say your name or the company's."),
    "say_principal": gettext_noop("Say on whose behalf you call."),
    "say_commercial_purpose": gettext_noop("Say that the call is to offer something."),
    "say_recording": gettext_noop("Say it before the call is recorded."),
    "consent_fields": gettext_noop(
        "The consent states name, the data it covers and that it is free and informed; place and date of birth where "
        "the advertisement has an age limit."
    ),
    "prepaid_reply": gettext_noop("The first item contains a prepaid registered letter for the reply."),
    "consent_register": gettext_noop(
        "Keep a register of who agreed, use it only as agreed and until withdrawn, and pass it to nobody."
    ),
    "withdrawal_routes": gettext_noop("A consent can be withdrawn by post and by e-mail."),
    "label_advert": gettext_noop("It can be recognized as advertising when it arrives."),
    "written_offer": gettext_noop(
        "Confirm the offer on a durable medium after the call; the person is bound only by accepting in the same way."
    ),
    "free_for_recipient": gettext_noop("It costs the recipient nothing."),
    "tell_source": gettext_noop("Say, when asked, where the number or address is from."),
    "address_given_is_consent": gettext_noop(
        "Who gives an e-mail address to receive offers has agreed: record it as a consent."
    ),
    "document_consent": gettext_noop("Document the consent when it is given; show it to the authority at once."),
    "record_presumed_interest": gettext_noop("Record the facts from which an interest is presumed."),
    "text_form_contract": gettext_noop("Contract and termination need text form."),
}
"""By the key that a duty's `text` names."""


class Missing(NamedTuple):
    """What is said of one fact: when it stands in the way, which it does being `bad`, and when it is not known."""

    bad: bool
    stands: str
    unknown: str


BECAUSE: dict[str, Missing] = {
    "consent": Missing(
        False,
        gettext_noop("No consent of the kind needed is in force."),
        gettext_noop("It is not known how the consent stands."),
    ),
    "consent_express": Missing(
        False,
        gettext_noop("The consent was not an express act."),
        gettext_noop("It is not known whether the consent was an express act."),
    ),
    "consent_at": Missing(
        False,
        gettext_noop("The consent has no date or begins later."),
        gettext_noop("The consent has no date or begins later."),
    ),
    "consent_until": Missing(True, gettext_noop("The consent has ended."), gettext_noop("The consent has ended.")),
    "restricted": Missing(
        True,
        gettext_noop("Processing is restricted."),
        gettext_noop("It is not known whether processing is restricted."),
    ),
    "erased": Missing(
        True, gettext_noop("The person was erased."), gettext_noop("It is not known whether the person was erased.")
    ),
    "objected": Missing(
        True, gettext_noop("There is an objection."), gettext_noop("It is not known whether there is an objection.")
    ),
    "suppressed": Missing(
        True,
        gettext_noop("There is a suppression, and no newer act of the person."),
        gettext_noop("It is not known whether there is a suppression."),
    ),
    "listed": Missing(
        True,
        gettext_noop("The person is on an outside list."),
        gettext_noop("It is not known whether the person is on an outside list."),
    ),
    "list_current": Missing(
        False,
        gettext_noop("The outside list was not refreshed in time."),
        gettext_noop("It is not known when the outside list was refreshed."),
    ),
    "existing_customer": Missing(
        False,
        gettext_noop("The person is not a customer yet."),
        gettext_noop("It is not known whether the person is a customer."),
    ),
    "point_from_sale": Missing(
        False,
        gettext_noop("The number or address was not obtained in a sale."),
        gettext_noop("It is not known whether the number or address was obtained in a sale."),
    ),
    "told_at_collection": Missing(
        False,
        gettext_noop("The person was not told of objecting when it was collected."),
        gettext_noop("It is not known whether the person was told of objecting when it was collected."),
    ),
    "refused_at_collection": Missing(
        True,
        gettext_noop("The person refused such use when it was collected."),
        gettext_noop("It is not known whether the person refused such use when it was collected."),
    ),
    "similar_products": Missing(
        False,
        gettext_noop("What is offered is not similar to what was bought."),
        gettext_noop("It is not known whether what is offered is similar to what was bought."),
    ),
    "asked_for_contact": Missing(
        False,
        gettext_noop("The person did not ask for this contact."),
        gettext_noop("It is not known whether the person asked for this contact."),
    ),
    "age_ok": Missing(
        False,
        gettext_noop("The person has not reached the age of consent."),
        gettext_noop("The person's age is not known."),
    ),
    "lia_done": Missing(
        False,
        gettext_noop("The legitimate interest was not assessed."),
        gettext_noop("It is not known whether the legitimate interest was assessed."),
    ),
    "attempts_today": Missing(
        True,
        gettext_noop("The attempts of today are used up."),
        gettext_noop("It is not known how often it was tried today."),
    ),
    "attempts_week": Missing(
        True,
        gettext_noop("The attempts of this week are used up."),
        gettext_noop("It is not known how often it was tried this week."),
    ),
    "attempts_campaign": Missing(
        True,
        gettext_noop("The attempts of this campaign are used up."),
        gettext_noop("It is not known how often it was tried in this campaign."),
    ),
    "inside_window": Missing(
        False, gettext_noop("Not at this hour."), gettext_noop("It is not known which hours hold for the person.")
    ),
    "country": Missing(
        False, gettext_noop("The country has no rule for this."), gettext_noop("The person's country is not known.")
    ),
    "point_country": Missing(
        False,
        gettext_noop("The country of the number or address has no rule for this."),
        gettext_noop("The country of the number or address is not known."),
    ),
    "audience": Missing(
        False,
        gettext_noop("There is no rule for this kind of recipient."),
        gettext_noop("It is not known whether the person is addressed as a consumer, an employee or a company."),
    ),
    "product": Missing(True, "", gettext_noop("It was not said what is offered.")),
    "relates_to_duties": Missing(
        False,
        gettext_noop("It does not relate to the work duties of the person addressed."),
        gettext_noop("It was not said whether it relates to the work duties of the person addressed."),
    ),
    "identical_items": Missing(
        False,
        "",
        gettext_noop("It was not said how many get the same mailing."),
    ),
    "machine": Missing(True, "", gettext_noop("It was not said whether it is a machine.")),
}
"""By the fact."""

FORM: dict[str, str] = {
    "required": gettext_noop("A word that is needed is missing here."),
    "additionalProperties": gettext_noop("This word is not known here."),
    "enum": gettext_noop("This value is not one of those that are known here."),
    "const": gettext_noop("This value is not one of those that are known here."),
    "type": gettext_noop("This value is of another kind than is expected here."),
    "pattern": gettext_noop("This value does not have the form that is expected here."),
}
"""Of a file that does not keep to the schema, by the schema's word; `OTHER_FORM` where there is none."""
OTHER_FORM = gettext_noop("This does not have the form that is expected here.")
