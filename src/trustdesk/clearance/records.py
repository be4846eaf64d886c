"""ISO/IEC TS 27560 in the profile of the Data Privacy Vocabulary (w3id.org/dpv/guides/consent-27560): its words.

What the vocabulary lacks (channels of communication, the words shown) stands under a name of our own.
"""

from collections.abc import Mapping

from trustdesk.clearance.contracts import By, ConsentState, PointKind
from trustdesk.clearance.terms import NAMESPACES

PROFILE = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
OWN = "urn:trustdesk:ns:"
CONTEXT: Mapping[str, str] = {
    **NAMESPACES,
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "td": OWN,
}
STATUS: Mapping[ConsentState, str] = {
    ConsentState.REQUESTED: "dpv:ConsentRequested",
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
}
"""A presumed interest is no consent, and is in no consent record."""
STATES: Mapping[str, ConsentState] = {
    **{term: state for state, term in STATUS.items()},
    "dpv:RenewedConsentGiven": ConsentState.GIVEN,
    "dpv:ConsentRevoked": ConsentState.WITHDRAWN,  # by somebody else than the person
    "dpv:ConsentInvalidated": ConsentState.WITHDRAWN,
    "dpv:ConsentRequestDeferred": ConsentState.REQUESTED,
}
EXPRESSED = "dpv:ExpressedConsent"
EXPRESS = frozenset({EXPRESSED, "dpv:ExplicitlyExpressedConsent"})
INDICATED_BY: Mapping[By, str] = {
    By.PERSON: "dpv:DataSubject",
    By.GUARDIAN: "dpv:GuardianOfDataSubject",
    By.OPERATOR: "dpv:DataController",
    By.SOURCE: "dpv:DataSource",
    By.CONTROLLER: "dpv:DataController",
}
DATA: Mapping[PointKind, str] = {
    PointKind.PHONE: "pd:TelephoneNumber",
    PointKind.EMAIL: "pd:EmailAddress",
    PointKind.ADDRESS: "pd:PhysicalAddress",
    PointKind.HANDLE: "pd:SocialMediaCommunication",
}
