"""A bucket of a real object store: every version of the person's objects goes, and nobody else's."""

from typing import Any

import pytest
from tests.integration.outside.buckets import GUEST, KEEPER, SECRET, Store
from tests.integration.outside.setups import PERSON

from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import Fault, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.s3 import S3Connector
from trustdesk.outside.setups import S3Setup


def connector(buckets: Store, bucket: str, secret: str = SECRET, change: dict[str, Any] | None = None) -> S3Connector:
    setup = {
        "address": buckets.address,
        "bucket": bucket,
        "access_key": KEEPER,
        "patterns": ["customers/{customer_number}/*", "mails/*-{email}.eml"],
        **(change or {}),
    }
    return S3Connector(S3Setup.model_validate(setup), secret)


def test_every_version_goes_and_no_longer_number_does(buckets: Store) -> None:
    bucket = buckets.bucket(f"shop{new_id()}")
    for key in (
        "customers/K-1001/id card ő.pdf",
        "customers/K-1001/id card ő.pdf",
        "mails/7-janos.kovacs@example.hu.eml",
    ):
        buckets.put(bucket, key)
    others = ["customers/K-10010/id.pdf", "customers/K-1001", "mails/7-xjanos.kovacs@example.hu.emlx"]
    for key in others:
        buckets.put(bucket, key)
    buckets.client.remove_object(bucket, "customers/K-1001/id card ő.pdf")
    with connector(buckets, bucket) as there:
        there.check()
        records: list[Record] = []
        there.export(PERSON, records.append)
        looked = there.find(PERSON, lambda _sample: None)
        done = there.erase(PERSON)
        after = there.find(PERSON, lambda _sample: None)
    assert [(record.name, record.content) for record in records] == [
        ("mails/7-janos.kovacs@example.hu.eml", b"content")
    ], "what is hidden by a delete is no part of a copy"
    assert [one.found for one in (*looked, *done, *after)] == [3, 1, 3, 1, 0, 0]
    assert buckets.keys(bucket) == sorted(others)


def test_what_is_wrong_is_told_apart(buckets: Store) -> None:
    bucket = buckets.bucket(f"shop{new_id()}", versions=False)
    buckets.put(bucket, "customers/K-1001/x")
    cases: list[tuple[S3Connector, Fault]] = [
        (connector(buckets, bucket, "wrong"), Fault.SIGN_IN),
        (connector(buckets, bucket, change={"access_key": GUEST}), Fault.FORBIDDEN),
        (connector(buckets, "no-such-bucket"), Fault.SCHEMA),
        (connector(buckets, bucket, change={"address": "http://127.0.0.1:1"}), Fault.UNREACHABLE),
        (connector(buckets, bucket, change={"address": "http://169.254.169.254"}), Fault.NOT_ALLOWED),
    ]
    for there, fault in cases:
        with there, pytest.raises(OutsideError) as told:
            there.find(PERSON, lambda _sample: None)
        assert told.value.fault is fault
        assert "K-1001" not in str(told.value)
    with connector(buckets, bucket) as there:
        assert there.erase(PERSON)[0].changed == 1
