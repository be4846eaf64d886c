"""The verifier of certificates, as a stranger uses it: alone, offline, with whatever file they were given."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.certificates import KEY, MINE, SALT, a_certificate, key_of

from trustdesk.proof import verifier
from trustdesk.proof.documents import sign
from trustdesk.proof.verifier import (
    AGREES,
    ALTERED,
    NOT_YOURS,
    SELF_CONSISTENT,
    UNREADABLE,
    UnreadableError,
    canonical,
    code_of,
    main,
    normal,
    salt_of,
    verify,
)
from trustdesk.seal.api import SigningKey, stretched

WHOLE = a_certificate()
CODE = code_of(SALT)


def test_signed_in_the_log_and_by_the_key_that_is_known() -> None:
    report = verify(WHOLE, key=str(key_of()))
    assert report.code == AGREES
    assert "Alföldi Víz" in "\n".join(report.lines)
    assert "from 2026-12-04 on none can open the person" in "\n".join(report.lines)


def test_a_bare_key_will_do() -> None:
    assert verify(WHOLE, key=base64.b64encode(KEY.verify_key.raw).decode()).code == AGREES


def test_without_a_key_it_agrees_with_itself_only() -> None:
    assert verify(WHOLE).code == SELF_CONSISTENT


def test_before_a_checkpoint_covers_it_there_is_a_doubt() -> None:
    report = verify(a_certificate(in_log=False), key=str(key_of()))
    assert report.code == SELF_CONSISTENT
    assert "in an hour" in report.lines[0]


def test_another_companys_key_is_refused() -> None:
    other = SigningKey.generate()
    assert verify(WHOLE, key=str(key_of(other))).code == ALTERED
    assert verify(a_certificate(key=other), key=str(key_of())).code == ALTERED


def test_a_log_that_speaks_of_another_certificate_is_refused() -> None:
    """Two honest certificates, the proof of one beside the other."""
    one, other = json.loads(WHOLE), json.loads(a_certificate(check=False))
    one["log"] = other["log"]
    assert verify(canonical(one) + b"\n", key=str(key_of())).code == ALTERED


@pytest.mark.parametrize("datum", [*MINE[:2], "janos KOVACS", "36-30-1234567", " +36301234567 ", "János, Kovács"])
def test_the_person_knows_it_again(datum: str) -> None:
    assert verify(WHOLE, key=str(key_of()), mine=datum, code=CODE).code == AGREES


@pytest.mark.parametrize("datum", ["Kovács Jánosné", "06301234567", "", "janos@example.test"])
def test_nobody_else_does(datum: str) -> None:
    assert verify(WHOLE, key=str(key_of()), mine=datum, code=CODE).code == NOT_YOURS


def test_another_code_opens_nothing() -> None:
    report = verify(WHOLE, mine=MINE[0], code=code_of(bytes(16)))
    assert report.code == NOT_YOURS
    assert "NOT YOURS" in report.lines[0]


@pytest.mark.parametrize("code", ["", "no code", CODE[:-1], CODE.replace(CODE[5], "Z" if CODE[5] != "Z" else "Y")])
def test_a_code_that_was_copied_wrong_is_said_to_be(code: str) -> None:
    report = verify(WHOLE, mine=MINE[0], code=code)
    assert report.code == UNREADABLE
    assert "code" in report.lines[0]


def test_a_code_is_read_as_people_write_it() -> None:
    assert salt_of(CODE.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == SALT


def test_where_no_code_was_asked_for_it_says_so() -> None:
    report = verify(a_certificate(check=False), mine=MINE[0], code=CODE)
    assert report.code == UNREADABLE
    assert "never asked" in report.lines[0]


def test_the_check_is_the_houses_own() -> None:
    """The verifier has its own copy of what `seal` does: they must agree."""
    assert verifier.check_value(MINE[0], SALT) == stretched(normal(MINE[0]).encode(), salt=SALT).hex()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"x" * 100,
        b'{"certificate":{}}',
        b'{"certificate":' * 50_000,
        WHOLE[:200],
    ],
)
def test_harmed_files_get_words(raw: bytes) -> None:
    report = verify(raw)
    assert report.code == UNREADABLE
    assert "NOTHING CHECKED" in report.lines[0]


@pytest.mark.parametrize("missing", ["signature", "key", "log"])
def test_a_part_that_is_missing_gets_words(missing: str) -> None:
    whole = json.loads(WHOLE)
    del whole[missing]
    assert verify(canonical(whole)).code == ALTERED


@pytest.mark.parametrize("wrong", [1, "x", [], {}, None, {"line": "x"}])
@pytest.mark.parametrize("part", ["signature", "key", "log"])
def test_a_part_of_another_shape_gets_words(part: str, wrong: object) -> None:
    if part == "log" and wrong is None:
        return
    whole = {**json.loads(WHOLE), part: wrong}
    assert verify(canonical(whole) + b"\n").code == ALTERED


def test_something_else_signed_by_the_right_key_gets_words() -> None:
    said: dict[str, Any] = {"format": verifier.FORMAT}
    _text, signature, _digest = sign(said, KEY)
    whole = {"certificate": said, "signature": signature.hex(), "key": str(key_of()), "log": None}
    assert verify(canonical(whole) + b"\n", key=str(key_of())).code == ALTERED


@pytest.mark.parametrize("key", ["x", "a+b+c", "AAAA", str(key_of())[:-2]])
def test_what_is_no_key_is_said_to_be_none(key: str) -> None:
    report = verify(WHOLE, key=key)
    assert report.code == UNREADABLE
    assert "a key is" in report.lines[0]


def test_it_runs_alone(tmp_path: Path) -> None:
    """One file, copied to where nothing of ours is."""
    alone = tmp_path / "verifier.py"
    alone.write_bytes(Path(verifier.__file__).read_bytes())
    certificate = tmp_path / "certificate.json"
    certificate.write_bytes(WHOLE)
    command = [sys.executable, "-I", str(alone), str(certificate), f"--key={key_of()}", f"--mine={MINE[0]}"]
    done = subprocess.run([*command, f"--salt={CODE}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (AGREES, "")
    assert "yours" in done.stdout


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing.json")]) == UNREADABLE
    assert "NOTHING CHECKED" in capsys.readouterr().out


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        stretched(b"x", salt=b"short")
    with pytest.raises(UnreadableError):
        salt_of("Z" * 28)
