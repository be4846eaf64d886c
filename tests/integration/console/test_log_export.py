"""The officer takes the log away, and it verifies without us."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse
from tests.surfaces import content, elevated, pieces, seated
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.audit.verifier import SELF_CONSISTENT, verify
from trustdesk.design.files import PIECE
from trustdesk.kernel.context import AccessContext


def test_the_officer_exports_a_log_that_verifies(committed: World, tmp_path: Path) -> None:
    officer = elevated(seated(committed.officer_north, committed.north), committed.officer_north)
    assert reverse("console:export-log") in officer.get(reverse("console:log")).content.decode()
    audit.sequence_once(datetime.now(UTC))
    audit.sign_checkpoints(datetime.now(UTC))
    answer = officer.post(reverse("console:export-log"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="log.txt"'
    (tmp_path / "log.txt").write_bytes(content(answer))
    assert verify(tmp_path / "log.txt").code == SELF_CONSISTENT


def logged(context: AccessContext, what: str) -> bool:
    """Also below entries of the future: some tests write with the clock set forward."""
    before = None
    while page := audit.entries(context, before=before, limit=200):
        if any(entry.what == what for entry in page):
            return True
        before = page[-1].id
    return False


def test_it_leaves_in_pieces_after_it_is_in_the_log(committed: World) -> None:
    officer = elevated(seated(committed.officer_north, committed.north), committed.officer_north)
    audit.sequence_once(datetime.now(UTC))
    audit.sign_checkpoints(datetime.now(UTC))
    answer = officer.post(reverse("console:export-log"))
    # Not a byte of the answer has been asked for yet; the file behind it has no name any more.
    assert logged(committed.context(committed.officer_north, committed.north), "audit.export")
    assert list(settings.TRUSTDESK_HOME.data.glob("export-*")) == []
    assert isinstance(answer, StreamingHttpResponse)
    told = pieces(answer)
    answer.close()
    assert max(map(len, told)) <= PIECE
    assert sum(map(len, told)) == int(answer["Content-Length"])


def test_without_an_elevated_session_it_is_refused(committed: World) -> None:
    officer = seated(committed.officer_north, committed.north)
    assert officer.post(reverse("console:export-log")).status_code == 403
    assert reverse("console:export-log") not in officer.get(reverse("console:log")).content.decode()


def test_an_agent_and_a_get_are_refused(committed: World) -> None:
    agent = seated(committed.agent_north, committed.north)
    assert agent.post(reverse("console:export-log")).status_code == 403
    assert agent.get(reverse("console:export-log")).status_code == 405
