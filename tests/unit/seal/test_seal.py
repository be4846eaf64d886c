"""seal against published vectors, and what must not open."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal import api as seal

KEY = bytes(range(32))


def test_a_box_is_version_nonce_ciphertext_tag() -> None:
    box = seal.seal(KEY, b"hello", bound=b"here")
    assert box[0] == 1
    assert len(box) == 1 + 12 + 5 + 16
    assert seal.open_sealed(KEY, box, bound=b"here") == b"hello"


def test_the_same_plaintext_never_gives_the_same_box() -> None:
    assert len({seal.seal(KEY, b"x", bound=b"") for _ in range(100)}) == 100


def test_a_value_does_not_unwrap_and_a_wrapped_key_does_not_open() -> None:
    value, wrapped = seal.seal(KEY, KEY, bound=b"b"), seal.wrap(KEY, KEY, bound=b"b")
    assert seal.unwrap(KEY, wrapped, bound=b"b") == KEY
    for box in (value, b"\x41" + value[1:]):
        with pytest.raises(SealBrokenError):
            seal.unwrap(KEY, box, bound=b"b")
    for box in (wrapped, b"\x01" + wrapped[1:]):
        with pytest.raises(SealBrokenError):
            seal.open_sealed(KEY, box, bound=b"b")


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x01" + bytes(27), bytes(60), b"\x02" + bytes(60)])
def test_rubbish_does_not_open(box: bytes) -> None:
    with pytest.raises(SealBrokenError):
        seal.open_sealed(KEY, box, bound=b"")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal.seal(bytes(length), b"", bound=b"")


def test_a_broken_seal_names_a_mend_and_no_secret() -> None:
    box = seal.seal(KEY, b"Kov\xc3\xa1cs", bound=b"row 1")
    with pytest.raises(SealBrokenError) as caught:
        seal.open_sealed(KEY, box, bound=b"row 2")
    assert caught.value.mend
    assert caught.value.__cause__ is None
    assert "row" not in str(caught.value)


def test_keys_do_not_show_in_representations() -> None:
    shown = repr(seal.BoxKey(KEY)) + repr(seal.TokenKey(KEY)) + repr(seal.SigningKey.from_bytes(KEY))
    assert KEY.hex() not in shown
    assert repr(KEY) not in shown


@pytest.mark.parametrize(
    ("key", "message", "digest"),
    [  # RFC 4231, cases 1, 2 and 6
        ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".hex(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            "aa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_mac_is_rfc_4231(key: str, message: bytes, digest: str) -> None:
    assert seal.mac(bytes.fromhex(key), message).hex() == digest


def test_derive_is_rfc_5869_with_label_as_info() -> None:
    prk = hmac.digest(bytes(32), KEY, "sha256")
    assert seal.derive(KEY, "audit") == hmac.digest(prk, b"audit\x01", "sha256")
    assert seal.derive(KEY, "audit") != seal.derive(KEY, "vault")


def test_a_token_is_the_head_of_an_hmac_with_its_kind() -> None:
    expected = int.from_bytes(hmac.digest(KEY, b"name.1\0kov", "sha256")[:8], "big", signed=True)
    assert seal.token(KEY, "kov", kind="name.1") == expected
    assert seal.token(KEY, "kov", kind="name.2") != expected


@pytest.mark.parametrize("kind", ["", "a\0b"])
def test_a_token_needs_a_kind(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        seal.token(KEY, "x", kind=kind)


def test_ed25519_is_rfc_8032() -> None:  # section 7.1, test 2
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    key = seal.SigningKey.from_bytes(secret)
    assert key.verify_key.raw == public
    assert key.to_bytes() == secret
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_a_signature_holds_for_its_message_and_key_only() -> None:
    key, other = seal.SigningKey.generate(), seal.SigningKey.generate()
    signature = key.sign(b"checkpoint")
    public = seal.VerifyKey.from_bytes(key.verify_key.raw)
    assert public == key.verify_key
    assert hash(public) == hash(key.verify_key)
    assert public.verify(signature, b"checkpoint")
    assert not public.verify(signature, b"checkpoinT")
    assert not public.verify(signature[:-1], b"checkpoint")
    assert not other.verify_key.verify(signature, b"checkpoint")


def test_a_key_id_is_that_of_a_signed_note() -> None:
    key = seal.SigningKey.from_bytes(KEY)
    text = b"log.example/north\n\x01" + key.verify_key.raw
    assert key.key_id("log.example/north") == hashlib.sha256(text).digest()[:4]


def test_an_identity_is_a_self_signed_certificate_known_by_its_fingerprint() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    one, other = seal.new_identity(now=now), seal.new_identity(now=now)
    certificate = one.certificate
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == one.key.public_key()
    assert certificate.not_valid_before_utc < now < now + timedelta(days=365) < certificate.not_valid_after_utc
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest().upper()
    assert one.fingerprint.replace(":", "") == digest
    assert one.fingerprint.count(":") == 31
    assert one.fingerprint != other.fingerprint
    assert certificate.subject != other.certificate.subject
    assert "key" not in repr(one)
