"""The checks, in the order in which they are shown. Each takes the instant and gives one finding."""

from collections.abc import Callable
from datetime import datetime

from trustdesk.health.checks.database import check_roles, check_schema, check_tables, check_versions, check_work
from trustdesk.health.checks.delivery import check_outbox
from trustdesk.health.checks.erasure import check_erasures
from trustdesk.health.checks.feeds import check_feeds
from trustdesk.health.checks.machine import check_clock, check_disk, check_settings
from trustdesk.health.checks.outside import check_connected
from trustdesk.health.checks.proof import check_backup, check_checkpoints, check_keys
from trustdesk.health.checks.recordings import check_recordings
from trustdesk.health.checks.register import check_tokens
from trustdesk.health.checks.rights import check_requests
from trustdesk.health.contracts import Finding

CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    check_settings,
    check_disk,
    check_clock,
    check_versions,
    check_schema,
    check_tables,
    check_roles,
    check_work,
    check_tokens,
    check_outbox,
    check_connected,
    check_feeds,
    check_recordings,
    check_requests,
    check_erasures,
    check_keys,
    check_checkpoints,
    check_backup,
)
