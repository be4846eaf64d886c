"""What the log says of data subjects' requests, in plain words."""

from django.utils.translation import gettext as _


def rights_labels() -> dict[str, str]:
    """Entries of the log."""
    return {
        "rights.received": _("took in a request of a data subject"),
        "rights.repeated": _("took in another letter about a request"),
        "rights.supposed": _("said whose request it may be"),
        "rights.specified": _("said what exactly a request asks for"),
        "rights.asked": _("asked who makes a request"),
        "rights.code-sent": _("sent a code to find out who makes a request"),
        "rights.code-wrong": _("heard a wrong code"),
        "rights.proved": _("found out who makes a request"),
        "rights.doubted": _("doubted who makes a request"),
        "rights.planned": _("planned what a request would do"),
        "rights.approved": _("approved a request"),
        "rights.begun": _("began to do what a request asks for"),
        "rights.held": _("a legal hold stopped a request"),
        "rights.released": _("a request went on after a legal hold"),
        "rights.returned": _("a request went back: its plan was dismissed"),
        "rights.fulfilled": _("did what a request asked for"),
        "rights.refused": _("refused a request"),
        "rights.withdrawn": _("the person took a request back"),
        "rights.extended": _("took more time for a request"),
        "rights.reminded": _("reminded of a request"),
        "rights.escalated": _("said that a request is late"),
        "rights.told": _("wrote to a person about a request"),
        "rights.not-told": _("could not write to a person about a request"),
        "rights.minimised": _("forgot whose request it was"),
        "rights.kept_long_enough": _("deleted requests whose time was over"),
        "rights.recipient.received": _("noted that a recipient knows of a correction"),
        "rights.recipient.untold": _("found no way to tell a recipient of a correction: somebody has to"),
        "rights.mailbox.set": _("set the mailbox for requests"),
        "rights.mailbox.tried": _("tried the mailbox for requests"),
        "rights.mailbox.paused": _("paused the mailbox for requests"),
        "rights.mailbox.resumed": _("took the mailbox for requests up again"),
        "rights.mailbox.removed": _("removed the mailbox for requests"),
        "rights.request": _("opened a request"),
        "rights.fulfil": _("opened a request to do what it asks for"),
        "rights.carry": _("opened what was corrected, to put it right in connected systems"),
        "rights.specify": _("opened a request to say it more exactly"),
        "rights.export": _("handed a person the own requests"),
        "delivery.former": _("opened a replaced contact point to tell it so"),
        "identity.alert": _("opened a replaced contact point to tell it so"),
    }
