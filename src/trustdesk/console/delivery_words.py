"""States, happenings and reasons of the outbox in words. A code without words is shown as it is: a rule's, say."""

from django.utils.translation import gettext as _

from trustdesk.delivery.contracts import State

TONES = {
    State.QUEUED: "plain",
    State.CLEARED: "accent",
    State.HANDING: "accent",
    State.SENT: "good",
    State.DEFERRED: "warn",
    State.UNKNOWN: "warn",
    State.REFUSED: "plain",
    State.BOUNCED: "bad",
    State.FAILED: "bad",
}


def state_label(state: State) -> str:
    return {
        State.QUEUED: _("Waiting"),
        State.CLEARED: _("Permitted"),
        State.REFUSED: _("Not permitted"),
        State.HANDING: _("Being handed over"),
        State.SENT: _("Sent"),
        State.DEFERRED: _("Put off"),
        State.BOUNCED: _("Came back"),
        State.FAILED: _("Not sent"),
        State.UNKNOWN: _("Unknown"),
    }[state]


def way_label(channel: str) -> str:
    return {"email": _("E-mail"), "sms": _("SMS"), "webhook": _("Other systems")}.get(channel, channel)


def happening_label(happening: str) -> str:
    labels = {
        "queued": _("put into the outbox"),
        "permitted": _("the gate permitted it"),
        "not-permitted": _("the gate said no"),
        "too-late": _("its time was over"),
        "unsendable": _("could not be opened or carried"),
        "put-off": _("put off"),
        "rejected": _("the other side refused it"),
        "interrupted": _("the worker stopped before anything was handed over"),
        "handing": _("permitted again, and being handed over"),
        "accepted": _("the other side took it"),
        "silence": _("no answer after it was handed over"),
        "missing": _("the gateway never had it"),
        "delivered": _("a receipt says that it arrived"),
        "returned": _("came back"),
        "settled-as-sent": _("somebody found out that it arrived"),
        "ordered-again": _("somebody ordered it to be sent again"),
    }
    return labels.get(happening, happening)


def reason_label(reason: str) -> str:
    labels = {
        "": "",
        "no-connection": _("no connection"),
        "connection-lost": _("the connection was lost"),
        "timeout": _("no answer in time"),
        "no-answer": _("no answer"),
        "no-server": _("no server is set"),
        "starttls-missing": _("the server offers no encryption"),
        "bad-certificate": _("the certificate is not valid"),
        "sign-in-refused": _("the server refuses our sign-in"),
        "sender-refused": _("the server refuses us as the sender"),
        "recipient-refused": _("the server refuses the recipient"),
        "data-refused": _("the server takes no content now"),
        "content-refused": _("the other side refuses the content"),
        "smtputf8-missing": _("the server can't carry this kind of address"),
        "address-gone": _("the address is gone or was corrected"),
        "address-unusable": _("the address can't be written to"),
        "forgotten": _("the customer was forgotten"),
        "mandate-ended": _("the mandate has ended"),
        "too-late": _("its time was over"),
        "interrupted": _("the worker stopped"),
        "mishap": _("a fault of our own; see the log of the worker"),
        "paced": _("the pace to this domain is reached"),
        "failed": _("the recipient's server says: not delivered"),
        "private-address": _("the address lies in a private network"),
        "no-such-host": _("there is no such host"),
        "no-tls": _("no encrypted connection"),
        "not-taken": _("not taken"),
        "gone": _("the endpoint is gone"),
        "failing": _("nothing was taken for days"),
        "by-hand": _("switched off by hand"),
        "endpoint-disabled": _("the endpoint is switched off"),
        "gateway-refused": _("the gateway refuses"),
    }
    return labels.get(reason, reason)


def event_label(event: str) -> str:
    labels = {
        "customer.changed": _("something of a customer changed"),
        "customer.consent.changed": _("a consent or objection changed"),
        "request.changed": _("a request of a data subject moved on"),
        "customer.erased": _("a customer was forgotten"),
    }
    return labels.get(event, event)
