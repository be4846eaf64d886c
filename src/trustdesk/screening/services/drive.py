"""A screening from its list to its signed summary: read, decide, decide anew whoever changed meanwhile, sign."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from trustdesk.clearance.api import SetQuestion
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, TrustdeskError
from trustdesk.screening import selectors
from trustdesk.screening.contracts import Engine, ListState, Phase, Progress, RunState
from trustdesk.screening.engines import check, folders
from trustdesk.screening.models import List, Run
from trustdesk.screening.services import changes, lists, runs, summaries, verdicts
from trustdesk.screening.services.running import RunKey, held

CHUNK_ROWS = 1_000_000  # rows of the list that PostgreSQL decides at once: the register is walked once for each
_BATCHES_A_TRANSACTION = 4
_TRIES = 3  # the configuration changed while we decided: from the beginning
# Where in a run's progress each phase begins.
_DECIDING, _REFRESHING = 0.6, 0.95

Listener = Callable[[Progress], None]


class CancelledError(TrustdeskError):
    """Somebody ended the screening while it ran."""

    code = "cancelled"
    status = 409


class _ChangedError(Exception):
    """Another question is in force than the one that rows were decided by."""


def drive(key: RunKey, path: Path | None = None, *, listener: Listener | None = None) -> Progress:
    """Run the screening until it is over or can't go on; the error that stopped it is recorded and raised.

    `path` is the list's file where it is not in our own folder. ConflictError, and nothing recorded, where another
    process runs it.
    """
    with held(key.run_id):
        folders.sweep(now=clock.now())
        context = key.context(clock.now())
        run = runs.find(context, key.run_id)
        if run.state in {RunState.FINISHED, RunState.CANCELLED}:
            return selectors.progress(context, key.run_id)
        with scoped(context.scope):
            runs.change(run, state=RunState.RUNNING.value, reason="", place="", updated_at=clock.now())
        try:
            _Drive(key, run, path, listener).through()
        except CancelledError:
            _cancelled(key, run)
        except TrustdeskError as error:
            _stopped(key, run, error)
            raise
        return selectors.progress(key.context(clock.now()), key.run_id)


def _stopped(key: RunKey, run: Run, error: TrustdeskError) -> None:
    # With the database gone there is nowhere to record it: the screening is then seen to be interrupted.
    with suppress(DatabaseError, InterfaceError, psycopg.Error, TrustdeskError):
        now = clock.now()
        runs.stop(key.context(now), run, reason=error.code, place=error.place, now=now)


def _cancelled(key: RunKey, run: Run) -> None:
    context = key.context(clock.now())
    with scoped(context.scope):
        verdicts.forget(context, run.id)
    changes.unwatch(context, run.id)


@dataclass(slots=True)
class _Drive:
    key: RunKey
    run: Run
    path: Path | None
    listener: Listener | None

    def through(self) -> None:
        check(Engine(self.run.engine))
        asked = self._list()
        for _attempt in range(_TRIES):
            question = self._begin()
            try:
                if self.run.engine == Engine.POSTGRESQL:
                    self._by_chunks(asked, question)
                else:
                    self._by_snapshot(asked, question)
                self._finish(asked, question)
            except _ChangedError:
                self._from_the_beginning()
                continue
            changes.unwatch(self.key.context(clock.now()), self.run.id)
            return
        raise ConflictError(
            _("Purposes, policy or outside lists kept changing while the list was screened."),
            place="clearance",
            mend=_("Start the screening again when they are settled."),
        )

    def _list(self) -> List:
        """The list, read to its end and at a level of keys that is still in use."""
        context = self.key.context(clock.now())
        asked = lists.find(context, self.run.list_id)
        if asked.state == ListState.READING:
            with held(asked.id):
                asked = lists.find(context, asked.id)
                if asked.state == ListState.READING:
                    lists.read(
                        self.key,
                        asked,
                        self.path or lists.received(context, asked),
                        told=lambda share: self._tell(Phase.READING, share * _DECIDING),
                    )
        return lists.carried(self.key.context(clock.now()), asked)

    def _read(self, share: float) -> None:
        self._tell(Phase.READING, share * _DECIDING)

    def _begin(self) -> SetQuestion:
        """Watch from here on. A run that was interrupted under its watch goes on, any other begins anew."""
        now = clock.now()
        context = self.key.context(now)
        question = runs.question(context, self.run, now)
        same = (question.setup_version, question.program.packs_digest) == (
            self.run.setup_version,
            self.run.packs_digest,
        )
        going_on = self.run.decided_to and self.run.engine == Engine.POSTGRESQL
        if not (going_on and same and changes.watched(context, self.run.id)):
            self._from_the_beginning()
        changes.watch(context, self.run.id, now=now)
        with scoped(context.scope):
            runs.change(
                self.run,
                setup_version=question.setup_version,
                packs_digest=question.program.packs_digest,
                policy_version=question.policy_version,
            )
        self._tell(Phase.DECIDING, _DECIDING)
        return question

    def _from_the_beginning(self) -> None:
        context = self.key.context(clock.now())
        with scoped(context.scope):
            verdicts.forget(context, self.run.id)
            runs.change(self.run, decided_to=0, decided=0)

    def _by_chunks(self, asked: List, question: SetQuestion) -> None:
        from trustdesk.screening.engines import postgresql  # noqa: PLC0415 - a second of imports

        last = selectors.last_row(self.key.context(clock.now()), asked.id)
        while self.run.decided_to < last:
            self._check_cancelled()
            now = clock.now()
            context = self.key.context(now)
            until = self.run.decided_to + CHUNK_ROWS
            rows = postgresql.between(self.run.decided_to + 1, until)
            with scoped(context.scope):
                postgresql.prepare(postgresql.FOR_MANY_ROWS)
                decided = postgresql.decide(context, self.run.id, self._now(context, question, now), asked, rows)
                runs.change(self.run, decided_to=until, decided=self.run.decided + decided)
            self._tell(Phase.DECIDING, _DECIDING + min(1.0, until / last) * (_REFRESHING - _DECIDING))

    def _by_snapshot(self, asked: List, question: SetQuestion) -> None:
        from trustdesk.screening.engines import columnar, snapshot  # noqa: PLC0415

        self._tell(Phase.COPYING, _DECIDING)
        with snapshot.taken(self.key.context(clock.now()), asked.id) as copy:
            self._check_cancelled()
            self._tell(Phase.DECIDING, _DECIDING)
            context, now = self.key.context(clock.now()), clock.now()
            latest = self._now(context, question, now)
            for batch in columnar.decide(Engine(self.run.engine), copy, latest, asked):
                self._check_cancelled()
                if not batch.num_rows:
                    continue
                context = self.key.context(clock.now())
                with scoped(context.scope):
                    decided = verdicts.land(context, self.run.id, batch)
                    runs.change(self.run, decided=self.run.decided + decided)
                share = min(1.0, self.run.decided / max(asked.cells, 1))
                self._tell(Phase.DECIDING, _DECIDING + share * (_REFRESHING - _DECIDING))

    def _now(self, context: AccessContext, question: SetQuestion, now: datetime) -> SetQuestion:
        """The same question at this instant. Raises _ChangedError where it is not the same any more."""
        asked = runs.question(context, self.run, now)
        if (asked.setup_version, asked.program.clauses) != (question.setup_version, question.program.clauses):
            raise _ChangedError
        return asked

    def _finish(self, asked: List, question: SetQuestion) -> None:
        from trustdesk.screening.engines import touched  # noqa: PLC0415

        self._check_cancelled()
        self._tell(Phase.REFRESHING, _REFRESHING)
        now = clock.now()
        context = self.key.context(now)
        with scoped(context.scope):
            latest = self._now(context, question, now)
            touched.decide(context, self.run.id, latest, asked)
            tally = verdicts.tally(context, self.run, asked, question.kind.value, latest.program)
            runs.change(self.run, reasons=dict(tally.reasons), decided=tally.cells)
            signed = summaries.sign(context, self.run, asked, tally, decided_at=now)
            runs.finish(
                context,
                self.run,
                counts=tally.outcomes,
                summary=signed.text,
                digest=signed.digest,
                decided_at=now,
                now=clock.now(),
            )
        self._told()

    def _check_cancelled(self) -> None:
        if runs.cancelled(self.key.context(clock.now()), self.run):
            raise CancelledError(_("Somebody ended this screening."), place="screening")

    def _tell(self, phase: Phase, fraction: float) -> None:
        runs.at(self.key.context(clock.now()), self.run, phase, fraction, now=clock.now())
        self._told()

    def _told(self) -> None:
        if self.listener is not None:
            self.listener(selectors.progress(self.key.context(clock.now()), self.run.id))
