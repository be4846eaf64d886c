"""One error for everything that another system may do: a code of ours and the declared place, no words of theirs."""

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.outside.contracts import Fault


class OutsideError(TrustdeskError):
    """It did not work there. `fault` says why; `where` is a name that the setup declares. The other side's own words
    quote rows and addresses, so they stay where they were said.
    """

    code = "outside"
    status = 502

    def __init__(self, fault: Fault, *, where: str = "") -> None:
        super().__init__(f"The connected system did not do it: {fault}.", place=where)
        self.fault = fault
        self.where = where
