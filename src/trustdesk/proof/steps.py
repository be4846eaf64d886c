"""What proof does in every erasure: what will be looked for is sealed; connected systems; the scan; the certificate."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure.contracts import Job, Order, Outcome, Step
from trustdesk.kernel.context import AccessContext
from trustdesk.proof.services import issuing, preparing, scanning, systems


class VariantsStep:
    """Seals what the scan will look for. Destroys nothing."""

    name = "proof.variants"
    order = Order.VARIANTS
    prepare = True

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return preparing.prepare(context, jobs, now=now)


class FindStep:
    """Looks what connected systems hold, and changes nothing there."""

    name = "outside.find"
    order = Order.FIND
    prepare = True

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return systems.find(context, jobs, now=now)


class OutsideStep:
    """Erases in connected systems; waits for those that do not answer."""

    name = "outside.erase"
    order = Order.OUTSIDE
    prepare = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return systems.erase(context, jobs, now=now)


class ScanStep:
    """Looks everywhere, a slice at a time, and waits until what was found is decided."""

    name = "proof.scan"
    order = Order.SCAN
    prepare = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return scanning.scan(context, jobs, now=now)


class CertificateStep:
    """Issues the certificate and destroys the key of what was looked for."""

    name = "proof.certificate"
    order = Order.CERTIFICATE
    prepare = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        return issuing.issue(context, jobs, now=now)


STEPS: Sequence[Step] = (VariantsStep(), FindStep(), OutsideStep(), ScanStep(), CertificateStep())
