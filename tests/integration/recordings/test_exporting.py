"""A recording leaves the house only by those who may, to whom it may be given; its vCon is checked by others' means."""

import base64
import io
import json
import subprocess
import sys
import wave
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from jwt.api_jws import PyJWS
from tests.clearing import declare_under
from tests.integration.recordings.conftest import said
from tests.recorded import AGENT_HZ, CALLER_HZ, leg, loudest, recorded, sides

from trustdesk.audit.verifier import Key
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, NotClearedError, RecipientRole
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Kind, NewConversation
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.recordings import api as recordings
from trustdesk.recordings import vcon
from trustdesk.recordings.contracts import Outside, Purpose
from trustdesk.seal.api import SigningKey


@pytest.fixture
def conversation_id(context: AccessContext) -> int:
    new = NewConversation(channel=Kind.CALL, queue="service", language="hu")
    opened = conversations.open_conversation(context, new=new, now=clock.now())
    caller = leg(opened.conversation_id)
    recorded(context, caller, seconds=2)
    recorded(context, replace(caller, leg="b", role="agent", operator_id=7), hertz=AGENT_HZ, seconds=2)
    return opened.conversation_id


def key() -> SigningKey:
    return SigningKey.from_bytes(settings.TRUSTDESK_HOME.secret("log.key"))


def export(context: AccessContext, conversation_id: int, outside: Outside | None = None) -> str:
    return recordings.export_vcon(
        context, conversation_id=conversation_id, purpose=Purpose.DISPUTE, outside=outside, now=clock.now()
    )


def test_a_wav_file_is_taken_out_with_an_entry(context: AccessContext, conversation_id: int) -> None:
    (call,) = recordings.of_conversation(context, conversation_id)
    part = recordings.export_wav(
        context, conversation_id=conversation_id, call_id=call.call_id, purpose=Purpose.DISPUTE, now=clock.now()
    )
    (entry,) = said(context, "recording.exported")
    assert dict(entry.detail or {})["form"] == "wav"
    assert len(said(context, "recording.export")) == 1
    left, right = sides(b"".join(part.pieces))
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)


def test_the_vcon_is_verified_by_another_library(context: AccessContext, conversation_id: int) -> None:
    held = json.loads(export(context, conversation_id))
    assert sorted(held) == ["payload", "signatures"]
    (one,) = held["signatures"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(one["header"]["x5c"][0]))
    public = certificate.public_key()
    assert isinstance(public, Ed25519PublicKey)
    assert public.public_bytes_raw() == key().verify_key.raw
    compact = f"{one['protected']}.{held['payload']}.{one['signature']}"
    content = json.loads(PyJWS().decode(compact, key=public, algorithms=["EdDSA"]))
    assert (content["vcon"], content["uuid"]) == ("0.4.0", one["header"]["uuid"])
    assert content["analysis"] == []
    assert len(content["parties"]) == 2
    (dialog,) = content["dialog"]
    assert (dialog["type"], dialog["parties"], dialog["duration"]) == ("recording", [0, 1], 2.0)
    padded = dialog["body"] + "=" * (-len(dialog["body"]) % 4)
    sound = base64.urlsafe_b64decode(padded)
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() == 2 * 8000
    left, right = sides(sound)
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)
    (attachment,) = content["attachments"]
    assert attachment["encoding"] == "json"
    grounds = attachment["body"]  # the value itself: draft 04, section 2.3.2
    assert [(one["role"], one["notice_version"]) for one in grounds] == [("customer", 3), ("agent", 3)]
    assert said(context, "recording.export")
    assert dict(said(context, "recording.exported")[0].detail or {})["form"] == "vcon"


REQUIRED = {
    "vcon": {"vcon", "uuid", "created_at", "parties", "dialog", "attachments", "analysis"},
    "dialog": {"type", "start", "parties", "mediatype", "body", "encoding"},
    "attachment": {"start", "party", "dialog", "mediatype", "body", "encoding"},
}
"""By draft-ietf-vcon-vcon-core-04: what its schema requires, and what its text wants of a file that stands inside."""


def test_it_has_what_the_draft_requires(context: AccessContext, conversation_id: int) -> None:
    content = vcon.verified(export(context, conversation_id), key().verify_key)
    assert content.keys() >= REQUIRED["vcon"]
    parties, dialogs, attachments = (content[name] for name in ("parties", "dialog", "attachments"))
    assert isinstance(parties, list)
    assert isinstance(dialogs, list)
    assert isinstance(attachments, list)
    assert [party.get("type") for party in parties] == [None, "organization"]
    assert all(party["validation"] for party in parties if "name" not in party)
    for dialog in dialogs:
        assert dialog.keys() >= REQUIRED["dialog"]
        assert dialog["type"] == "recording"
        with wave.open(io.BytesIO(vcon.audio_of(dialog))) as file:
            assert file.getnchannels() == len(dialog["parties"]), "one party, or several, a channel"
        assert all(number < len(parties) for number in dialog["parties"])
        assert datetime.fromisoformat(dialog["start"]).tzinfo is not None
    for attachment in attachments:
        assert attachment.keys() >= REQUIRED["attachment"]
        assert attachment["party"] < len(parties)
        assert attachment["dialog"] < len(dialogs)


def test_a_third_party_is_named_on_the_callers_channel(context: AccessContext, conversation_id: int) -> None:
    call_id = recordings.of_conversation(context, conversation_id)[0].call_id
    recorded(context, leg(conversation_id, call_id=call_id, leg="c", role="third"), seconds=2)
    content = vcon.verified(export(context, conversation_id), key().verify_key)
    assert content["parties"][2] == {"type": "person"}  # type: ignore[index]
    assert content["dialog"][0]["parties"] == [[0, 2], 1]  # type: ignore[index]


def test_what_was_altered_does_not_verify(context: AccessContext, conversation_id: int) -> None:
    text = export(context, conversation_id)
    assert vcon.verified(text, key().verify_key)["vcon"] == "0.4.0"
    held = json.loads(text)
    content = json.loads(base64.urlsafe_b64decode(held["payload"] + "=" * (-len(held["payload"]) % 4)))
    content["dialog"][0]["duration"] = 1.0
    forged = held | {"payload": base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()}
    other = json.loads(text)
    other["signatures"][0]["header"]["uuid"] = vcon.uuid8("example.test", clock.now())
    unsigned = json.loads(text)
    unsigned["signatures"][0]["protected"] = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for harm in (
        json.dumps(forged),
        json.dumps(other),
        json.dumps(unsigned),
        "{}",
        "[]",
        "no JSON",
        '{"payload": 1}',
        "[" * 200_000,
        text[:-1],
    ):
        with pytest.raises(BadInputError):
            vcon.verified(harm, key().verify_key)
    with pytest.raises(BadInputError):
        vcon.verified(text, SigningKey.generate().verify_key)


def test_it_is_checked_offline_by_the_command(context: AccessContext, conversation_id: int, tmp_path: Path) -> None:
    file = tmp_path / "conversation.vcon"
    file.write_text(export(context, conversation_id))
    command = [sys.executable, "-m", "trustdesk.cli", "verify-vcon", str(file), "--audio", str(tmp_path), "--key"]
    named = base64.b64encode(key().verify_key.raw).decode()
    alone = {"PATH": "/usr/bin:/bin", "TRUSTDESK_HOME": str(tmp_path / "nowhere")}
    done = subprocess.run([*command, named], env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verified: signed by this key" in done.stdout
    left, _right = sides((tmp_path / "call-1.wav").read_bytes())
    assert loudest(left) == CALLER_HZ
    other = base64.b64encode(SigningKey.generate().verify_key.raw).decode()
    refused = subprocess.run([*command, other], env=alone, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "not signed by this key" in refused.stderr


def test_the_key_is_taken_as_the_log_names_it(context: AccessContext, conversation_id: int, tmp_path: Path) -> None:
    file = tmp_path / "conversation.vcon"
    file.write_text(export(context, conversation_id))
    name = f"trustdesk/1e764fc939c57cdf/{context.controller_id}"
    handed = f"{Key(name, key().verify_key.raw)}\n"  # key.txt, as it lies beside the checkpoints
    assert verify_vcon(file, key=handed)[0] == 0
    for wrong in (handed.replace("/1e", "/2e"), handed[:-9], "", "abc"):
        code, said_so = verify_vcon(file, key=wrong)
        assert code == 1
        assert "not a public key" in said_so
        assert "key.txt" in said_so


def test_a_harmed_file_is_refused_in_words(context: AccessContext, conversation_id: int, tmp_path: Path) -> None:
    whole = export(context, conversation_id).encode()
    named = base64.b64encode(key().verify_key.raw).decode()
    file = tmp_path / "conversation.vcon"
    middle = len(whole) // 2
    for harmed, words in (
        (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], "signed"),
        (whole[:middle] + b"\xff" + whole[middle + 1 :], "not text"),
        (whole[:middle], "not all of one"),
        (b"", "not a signed vCon"),
    ):
        file.write_bytes(harmed)
        code, said_so = verify_vcon(file, key=named)
        assert code == 1
        assert words in said_so
        assert "Traceback" not in said_so


def test_no_file_of_the_folder_is_written_over(context: AccessContext, conversation_id: int, tmp_path: Path) -> None:
    file = tmp_path / "conversation.vcon"
    file.write_text(export(context, conversation_id))
    (tmp_path / "call-1.wav").write_text("another's")
    named = base64.b64encode(key().verify_key.raw).decode()
    code, said_so = verify_vcon(file, "--audio", str(tmp_path), key=named)
    assert code == 1
    assert "There is a file of this name already" in said_so
    assert (tmp_path / "call-1.wav").read_text() == "another's"


def verify_vcon(file: Path, *more: str, key: str) -> tuple[int, str]:
    """The command on a machine that has no installation: how it ended, and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "trustdesk.cli", "verify-vcon", str(file), "--key", key, *more],
        env={"PATH": "/usr/bin:/bin", "TRUSTDESK_HOME": str(file.parent / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_uuid_is_of_version_8_and_its_host() -> None:
    import uuid  # noqa: PLC0415

    now = clock.now()
    made = [uuid.UUID(vcon.uuid8("example.test", now)) for _each in range(3)]
    assert {one.version for one in made} == {8}
    assert {one.variant for one in made} == {uuid.RFC_4122}
    assert len({one.int & (2**62 - 1) for one in made}) == 1
    assert made[0].int >> 80 == int(now.timestamp() * 1000)


def test_who_may_not_takes_nothing_out(context: AccessContext, conversation_id: int) -> None:
    listener = replace(context, operations=context.operations - {"recording:export"})
    with pytest.raises(RefusedError):
        export(listener, conversation_id)
    with pytest.raises(BadInputError):
        recordings.export_vcon(context, conversation_id=conversation_id, purpose="", now=clock.now())
    assert said(context, "recording.export") == []


def test_outside_goes_only_what_the_recipient_may_be_told(context: AccessContext, conversation_id: int) -> None:
    declare_under(context, languages=("hu",))
    declared = {
        category: clearance.declare_recipient(
            context,
            recipient=NewRecipient(
                name=f"Court for {category}",
                role=RecipientRole.THIRD_PARTY,
                country="HU",
                purposes=["service"],
                categories=[category],
            ),
            now=clock.now(),
        )
        for category in ("pd:VoiceCommunicationRecording", "pd:Name")
    }
    with pytest.raises(NotClearedError):
        export(context, conversation_id, Outside(declared["pd:Name"], "service"))
    assert said(context, "recording.export") == []
    recipient = declared["pd:VoiceCommunicationRecording"]
    assert export(context, conversation_id, Outside(recipient, "service"))
    assert dict(said(context, "recording.exported")[0].detail or {})["recipient"] == recipient


def test_nothing_there_is_nothing_taken(context: AccessContext) -> None:
    with pytest.raises(NotFoundError):
        export(context, 4711)
