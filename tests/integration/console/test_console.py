"""The console's pages, by role: every number has its rows, and what changes something needs an elevated session."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.surfaces import content, customer, elevated, newcomer, seated, signed_in, source, supervisor
from tests.world import World, make_person

from trustdesk.accounts import api as accounts
from trustdesk.batch.contracts import FileReason
from trustdesk.console.reasons import detail_label, reason_label, state_label
from trustdesk.health import api as examinations
from trustdesk.health.contracts import Examination, Finding, State
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Refusal, RunState, mapping_from_json
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import SourceKind

PAGES = ("start", "log", "seats", "inventory", "health")
HX = {"HX-Request": "true"}
LIST = b"Name,Phone,Shoe size\nAino Testi,040 123 4567,38\nEero Testi,not a phone,44\n"


@pytest.fixture
def officer(committed: World) -> Client:
    return seated(committed.officer_north, committed.north)


@pytest.mark.parametrize("name", PAGES)
def test_the_officer_sees_every_page(officer: Client, name: str) -> None:
    answer = officer.get(reverse(f"console:{name}"))
    assert answer.status_code == 200, answer.content.decode()


def test_the_log_shows_who_opened_whom_and_why(officer: Client, committed: World) -> None:
    someone = customer(supervisor(committed), "Lauri", "Lokinen")
    seated(committed.agent_north, committed.north).get(reverse("desk:customer", args=[someone]))
    shown = officer.get(reverse("console:log")).content.decode()
    assert "Agent North" in shown
    assert "opened the card" in shown
    assert "Answering customers" in shown
    assert "Lokinen" not in shown


def test_the_log_goes_back_page_by_page(officer: Client, committed: World) -> None:
    boss = supervisor(committed)
    someone = customer(boss, "Silja", "Sivula")
    for _ in range(51):
        register.card(boss, someone, now=clock.now())
    older = re.search(r'href="([^"]*\?before=[0-9A-Z]{13})"', officer.get(reverse("console:log")).content.decode())
    assert older is not None
    assert officer.get(older.group(1)).status_code == 200
    assert officer.get(reverse("console:log"), {"before": "<nothing>"}).status_code == 404


def test_the_doctors_findings_are_shown(officer: Client) -> None:
    finding = Finding("disk", State.WARNING, "Only %(free)s GB are free.", {"free": "1.2"}, "Make room or add a disk.")
    examinations.record(Examination(clock.now(), (finding,)))
    shown = officer.get(reverse("console:health")).content.decode()
    assert "Only 1.2 GB are free." in shown
    assert "Make room or add a disk." in shown


def test_a_client_reads_the_log_and_no_customer(committed: World) -> None:
    client = seated(committed.client_north, committed.north)
    assert client.get(reverse("console:log")).status_code == 200
    assert client.get(reverse("console:tokens")).status_code == 403
    assert client.get(reverse("console:imports")).status_code == 403


def test_tokens_are_shown_once_and_revoked(committed: World) -> None:
    manager = seated(committed.manager_north, committed.north)
    given = {"name": "Shop", "operations": ["customer:search"], "purposes": ["service"], "days": 30}
    assert manager.post(reverse("console:tokens"), given).status_code == 403
    elevated(manager, committed.manager_north)
    wrong = manager.post(reverse("console:tokens"), given | {"operations": []})
    assert wrong.status_code == 422
    made = manager.post(reverse("console:tokens"), given)
    assert "tdk_" in made.content.decode()
    assert "tdk_" not in manager.get(reverse("console:tokens")).content.decode()
    token = next(row.token for row in made.context["tokens"] if row.token.name == "Shop" and not row.token.revoked_at)
    assert manager.post(reverse("console:revoke-token", args=[token.id])).status_code == 302
    assert "revoked" in manager.get(reverse("console:tokens")).content.decode()


def test_a_token_says_what_it_may_and_who_answers(committed: World) -> None:
    manager = elevated(seated(committed.manager_north, committed.north), committed.manager_north)
    page = manager.get(reverse("console:tokens"))
    offered = [code for code, _label in page.context["form"].fields["operations"].choices]
    assert "customer:open" in offered
    assert not [code for code in offered if code.startswith(("operator:", "seat:", "token:"))]
    given = {"name": f"Shop {new_id()}", "operations": ["customer:open"], "purposes": ["service"], "days": 30}
    made = manager.post(reverse("console:tokens"), given)
    assert not made.context["form"].is_bound, "a second click would make a second one"
    shown = made.content.decode()
    for said in ("Open customers", "Answering customers", "Manager North"):
        assert said in shown, said
    foreign = manager.post(reverse("console:tokens"), given | {"operations": ["operator:invite"]})
    assert foreign.status_code == 422


def test_who_also_sits_somewhere_keeps_the_way_back_and_the_companys_clock(committed: World) -> None:
    admin = signed_in(committed.admin)
    alone = admin.get(reverse("console:operators")).content.decode()
    assert reverse("console:log") not in alone
    assert " UTC</time>" in alone
    both = newcomer(committed, committed.north, "administrator", offices=("administrator",))
    client = seated(both, committed.north)
    shown = client.get(reverse("console:operators")).content.decode()
    assert reverse("console:log") in shown
    assert " UTC</time>" not in shown
    end = mandates.seats_of(both.id, by=committed.admin.id, now=clock.now())[0][1]
    mandates.end_seat(controller_id=committed.north.id, seat_id=end.id, by=None, now=clock.now())
    after = client.get(reverse("console:operators"))
    assert after.status_code == 200
    assert reverse("console:log") not in after.content.decode()


def test_an_operator_is_invited_seated_and_disabled(committed: World) -> None:
    admin = signed_in(committed.admin)
    email = f"{new_id()}@example.test"
    given = {"name": "New Colleague", "email": email, "language": "fi"}
    assert admin.post(reverse("console:invite"), given).status_code == 403
    elevated(admin, committed.admin)
    assert admin.post(reverse("console:invite"), given | {"email": "nobody"}).status_code == 422
    made = admin.post(reverse("console:invite"), given)
    assert made.context["link"].path in made.content.decode()
    assert admin.post(reverse("console:invite"), given).status_code == 422

    found = accounts.operator_by_email(email)
    assert found is not None
    page = reverse("console:operator", args=[found.id])
    assert admin.get(page).status_code == 200
    assert admin.post(reverse("console:invite-again", args=[found.id])).status_code == 200
    seat = {
        "mandate": f"{committed.north.id}:{committed.agent_north.seats[committed.north.id]}",
        "role": "agent",
        "purposes": ["service"],
        "last_day": (clock.now() + timedelta(days=30)).date().isoformat(),
    }
    assert admin.post(reverse("console:give-seat", args=[found.id]), seat | {"purposes": []}).status_code == 422
    assert admin.post(reverse("console:give-seat", args=[found.id]), seat).status_code == 302
    shown = admin.get(page)
    assert "Pohjolan Sähkö" in shown.content.decode()
    given_seat = shown.context["seats"][0][1]
    assert admin.post(reverse("console:end-seat", args=[found.id, given_seat.id])).status_code == 302
    assert admin.post(reverse("console:disable", args=[found.id])).status_code == 302
    assert "disabled" in admin.get(page).content.decode()
    assert admin.post(reverse("console:enable", args=[found.id])).status_code == 302


def test_a_lost_factor_takes_two_persons(committed: World) -> None:
    lost = make_person(f"lost{new_id()}")
    first = elevated(signed_in(committed.admin), committed.admin)
    second = elevated(signed_in(committed.second_admin), committed.second_admin)
    assert first.post(reverse("console:recover", args=[lost.id])).status_code == 302
    recovery = next(one for one in accounts.open_recoveries() if one.operator_id == lost.id)
    assert "Who asked for a recovery" in first.get(reverse("console:operators")).content.decode()
    assert first.post(reverse("console:approve-recovery", args=[recovery.id])).status_code == 403
    answer = second.post(reverse("console:approve-recovery", args=[recovery.id]))
    assert answer.context["link"].kind == "recovery"


def test_a_list_is_tried_before_it_is_imported(committed: World) -> None:
    supervisor(committed)
    client = seated(committed.supervisor_north, committed.north)
    refused = client.post(reverse("console:imports"), {"file": SimpleUploadedFile("people.exe", LIST)})
    assert refused.status_code == 422
    given = client.post(reverse("console:imports"), {"file": SimpleUploadedFile("people.csv", LIST)})
    prepare = given.headers["Location"]
    shown = client.get(prepare)
    assert "Shoe size" in shown.content.decode()
    assert [bound.initial for bound in shown.context["form"].columns()] == ["name", "phone", "-"]
    mapping = {"name": f"list {new_id()}", "kind": "person", "undeclared": "drop", "source": "new",
               "source_kind": "bought", "source_name": "A broker", "legal_basis": "eu-gdpr:A6-1-f",
               "column_0": "name", "column_1": "phone", "column_2": "-"}  # fmt: skip
    unproven = client.post(prepare, mapping)
    assert unproven.status_code == 422
    assert "A bought list is not taken in without" in unproven.content.decode()
    unnamed = client.post(prepare, mapping | {"source_name": ""})
    assert "without an origin nothing is imported" in unnamed.content.decode()
    begun = client.post(prepare, mapping | {"source_kind": "import", "try": ""})
    assert begun.status_code == 302, begun.content.decode()
    run = client.get(begun.headers["Location"])
    assert run.context["run"].dry_run
    assert "would be added" in run.content.decode()
    fragment = client.get(begun.headers["Location"], headers=HX)
    assert "<html" not in fragment.content.decode()
    assert 'hx-trigger="live, every 20s"' in fragment.content.decode()
    assert (
        f'data-live="{reverse("console:import-live", args=[run.context["run"].run_id])}"' in fragment.content.decode()
    )
    rejects = client.get(reverse("console:rejects", args=[run.context["run"].run_id]))
    assert rejects.headers["Content-Disposition"] == 'attachment; filename="rejects.csv"'
    assert content(rejects).startswith(b"\xef\xbb\xbf")
    assert intake.runs(supervisor(committed))


@pytest.fixture
def coming(committed: World) -> tuple[AccessContext, int]:
    """The supervisor, and an import of a list that was uploaded, which waits for the worker."""
    context = supervisor(committed)
    mapping = mapping_from_json(
        f"list {new_id()}",
        {"columns": {"Name": "name", "Phone": "phone"}, "undeclared": "drop"},
    )
    run_id = intake.import_received(
        context,
        name=intake.receive(context, [LIST.replace(b"Testi", str(new_id()).encode())], name="l.csv", now=clock.now()),
        mapping_id=intake.save_mapping(context, mapping=mapping, now=clock.now()),
        source_id=source(context, "Old system", SourceKind.IMPORT),
        now=clock.now(),
    )
    return context, run_id


def test_an_import_is_cancelled_after_a_question(committed: World, coming: tuple[AccessContext, int]) -> None:
    context, run_id = coming
    client = seated(committed.supervisor_north, committed.north)
    cancel = reverse("console:cancel-import", args=[run_id])
    shown = client.get(reverse("console:import", args=[run_id])).content.decode()
    # What asks for it stays open while the page is told how far the import is.
    assert '<details id="cancel" hx-preserve="true"><summary class="button">Cancel the import</summary>' in shown
    assert f'action="{cancel}"' in shown
    assert client.get(cancel).status_code == 405
    assert seated(committed.agent_north, committed.north).post(cancel).status_code == 403
    assert intake.progress(context, run_id).state is RunState.WAITING
    assert client.post(cancel).headers["Location"] == reverse("console:import", args=[run_id])
    assert intake.progress(context, run_id).state is RunState.CANCELLED
    after = client.get(reverse("console:import", args=[run_id])).content.decode()
    assert "Cancel the import" not in after
    assert "Go on" not in after
    assert client.post(cancel).status_code == 409


def test_an_interrupted_import_says_how_it_goes_on(committed: World, coming: tuple[AccessContext, int]) -> None:
    context, run_id = coming
    client = seated(committed.supervisor_north, committed.north)
    resume = reverse("console:resume-import", args=[run_id])

    def shown(statement: str) -> str:
        with scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(statement, [run_id])
        return client.get(reverse("console:import", args=[run_id])).content.decode()

    queued = shown("UPDATE intake_run SET state = 'running' WHERE id = %s")
    assert "It goes on by itself within a minute" in queued
    assert 'hx-trigger="live, every 20s"' in queued
    assert resume not in queued
    left = shown("UPDATE procrastinate_jobs SET status = 'failed' WHERE (args->>'run_id')::bigint = %s")
    assert "Nobody runs this import any more" in left
    assert f'action="{resume}"' in left
    assert client.post(resume).status_code == 302
    assert "It goes on by itself" in client.get(reverse("console:import", args=[run_id])).content.decode()
    elsewhere = shown(
        "WITH done AS (DELETE FROM procrastinate_jobs WHERE (args->>'run_id')::bigint = %s)"
        " UPDATE intake_run SET uploaded = ''",
    )
    assert "the same command goes on where it was" in elsewhere
    assert resume not in elsewhere


def test_every_reason_and_state_has_words() -> None:
    for reason in (*Refusal, FileReason.CHANGED, FileReason.MISSING, SealBrokenError.code):
        assert reason_label(reason) != reason
    assert all(state_label(state) for state in RunState)


def test_only_a_list_that_was_given_here_is_prepared(committed: World) -> None:
    client = seated(committed.supervisor_north, committed.north)
    for name in ("06YD41X4KBF00.csv", "..%2F..%2Fkeys.csv", "passwd"):
        assert client.get(f"/console/imports/lists/{name}/").status_code in {404, 422}, name


def test_a_list_that_cannot_be_read_is_refused_beside_the_file(committed: World) -> None:
    client = seated(committed.supervisor_north, committed.north)
    given = {"file": SimpleUploadedFile("list.csv", b"\x00\x01 nothing of a list")}
    answer = client.post(reverse("console:imports"), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_what_a_reason_leaves_open_is_said_in_the_readers_language() -> None:
    assert detail_label(Refusal.DUPLICATE_IN_FILE, "row 39") == "as in row 39"
    assert detail_label(Refusal.INVALID_PHONE, "This is not a phone number.") == ""
    assert detail_label(Refusal.NOBODY, "") == ""


def test_a_seat_says_under_which_mandate_it_is(committed: World) -> None:
    admin = signed_in(committed.admin)
    answer = admin.get(reverse("console:operator", args=[committed.officer_north.id])).content.decode()
    held = committed.officer_north.seats[committed.north.id]
    under = next(one for _of, one in mandates.every_mandate(by=None, now=clock.now()) if one.id == held)
    assert f"</b> · {under.processor_name or 'Own staff'} " in answer
