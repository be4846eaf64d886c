"""The legs of one process and what is done with them: the verbs of `contracts.Media`, and what happens by time."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from trustdesk.sipedge.audio.sealed import Mark
from trustdesk.sipedge.media import keys, reports
from trustdesk.sipedge.media.contracts import Event, Far, Law, LegStatistics, Place, Sealing
from trustdesk.sipedge.media.leg import Leg
from trustdesk.sipedge.media.ports import Ports, local_socket
from trustdesk.sipedge.media.room import Room
from trustdesk.sipedge.media.scribe import Scribe
from trustdesk.sipedge.media.speakers import Keying, Player, Turns
from trustdesk.sipedge.media.tape import Tape

SILENT_SECONDS: Final = 2.5
Tell = Callable[..., None]


class Studio:
    """`tell` takes an event's name, its leg and its fields. `now` is monotonic seconds throughout."""

    def __init__(self, ports: Ports, folder: Path, tell: Tell) -> None:
        self._ports, self._folder, self.tell = ports, folder, tell
        self.legs: dict[str, Leg] = {}
        self.turns = Turns()
        self.scribe = Scribe()
        self._calls: dict[int, tuple[float, int]] = {}
        self._last_playing = 0

    def leg(self, name: str) -> Leg:
        """LookupError where there is none."""
        try:
            return self.legs[name]
        except KeyError:
            msg = "no such leg"
            raise LookupError(msg) from None

    def clock_ms(self, leg: Leg, now: float) -> int:
        """Milliseconds since the first leg of its call was opened."""
        return int((now - self._calls[leg.call][0]) * 1000)

    # Legs

    def move(self, ports: Ports) -> None:
        """Legs are opened there from now on; those that are open stay where they are."""
        self._ports = ports

    def open(self, name: str, *, call: int, law: Law, local: bool, now: float) -> Leg:
        """ValueError where the name is taken, OSError where there is no port."""
        if name in self.legs:
            msg = "there is such a leg"
            raise ValueError(msg)
        leg = Leg(name, call, law, now)
        if local:
            leg.over_file_system(*local_socket(self._folder, name))
        else:
            leg.over_udp(self._ports)
        self.legs[name] = leg
        since, count = self._calls.get(call, (now, 0))
        self._calls[call] = (since, count + 1)
        return leg

    def place(self, name: str) -> Place:
        return self.leg(name).place

    def set_far(self, name: str, far: Far, now: float) -> None:
        leg = self.leg(name)
        leg.set_far(far, now)
        leg.out.switch(now)
        if leg.room:
            leg.room.refresh(leg, now)

    def close(self, name: str, now: float) -> LegStatistics:
        leg = self.leg(name)
        self.part(name, now)
        self.stop(name, now)
        if leg.keying:
            self.turns.remove(leg.keying)
        if leg.tape:
            self.end_recording(name, now)
        reports.say_goodbye(leg)
        del self.legs[name]
        since, count = self._calls.pop(leg.call)
        if count > 1:
            self._calls[leg.call] = (since, count - 1)
        found, place = leg.statistics(), leg.place
        leg.close()
        if leg.ports is self._ports:
            self._ports.give_back(place.port)
        return found

    # Who hears what

    def join(self, members: Sequence[str], listeners: Sequence[str], now: float) -> None:
        legs, ears = [self.leg(name) for name in members], [self.leg(name) for name in listeners]
        for leg in (*legs, *ears):
            if leg.room:
                leg.room.leave(leg, now)
        Room(self.turns, legs, ears, now)

    def part(self, name: str, now: float) -> None:
        leg = self.leg(name)
        if leg.room:
            leg.room.leave(leg, now)

    def play(self, name: str, clips: Sequence[Path], *, loop: bool, now: float) -> int:
        """OSError where a clip can't be read."""
        leg = self.leg(name)
        self._last_playing += 1
        number = self._last_playing

        def over(at: float) -> None:
            leg.playing = None
            self._free_again(leg, at)
            self.tell(Event.PLAYED, name, playing=number)

        player = Player(leg, clips, loop=loop, over=over)
        self.stop(name, now)
        leg.playing = player
        self.turns.add(player)
        self._arrange(leg, now)
        return number

    def stop(self, name: str, now: float) -> None:
        leg = self.leg(name)
        if leg.playing:
            self.turns.remove(leg.playing)
            leg.playing = None
            self._free_again(leg, now)

    def mute(self, name: str, *, on: bool, now: float) -> None:
        leg = self.leg(name)
        if on is leg.muted:
            return
        leg.muted = on
        leg.unsettle()
        if leg.tape and not leg.tape.paused:
            leg.tape.mark(Mark.MUTED if on else Mark.UNMUTED, self.clock_ms(leg, now))

    def send_digits(self, name: str, digits: str, now: float) -> None:
        """ValueError where the far side takes no keys, or one of them is none."""
        leg = self.leg(name)
        if leg.keys_type is None or not set(digits) <= set(keys.KEYS):
            msg = "the far side takes no such keys in RTP"
            raise ValueError(msg)
        if leg.keying:
            leg.keying.more(digits)
        elif digits:

            def over(at: float) -> None:
                leg.keying = None
                self._free_again(leg, at)

            leg.keying = Keying(leg, digits, over=over)
            self.turns.add(leg.keying)
            self._arrange(leg, now)

    # What is stored

    def record(self, name: str, sealing: Sealing, now: float) -> None:
        """ValueError where it is recorded already."""
        leg = self.leg(name)
        if leg.tape:
            msg = "it is recorded already"
            raise ValueError(msg)
        leg.tape = Tape(self.scribe, name, sealing, leg.law, self.clock_ms(leg, now))
        if leg.muted:
            leg.tape.mark(Mark.MUTED, self.clock_ms(leg, now))
        leg.unsettle()

    def pause(self, name: str, *, on: bool, now: float) -> None:
        """LookupError where it is not recorded."""
        leg = self.leg(name)
        tape = self._tape(leg)
        if tape.paused is not on:
            tape.mark(Mark.PAUSED if on else Mark.UNPAUSED, self.clock_ms(leg, now))
            leg.unsettle()

    def end_recording(self, name: str, now: float) -> None:
        """LookupError where it is not recorded."""
        leg = self.leg(name)
        self._tape(leg).mark(Mark.ENDED, self.clock_ms(leg, now))
        leg.tape = None
        leg.unsettle()

    # What time brings

    def look(self, now: float) -> None:
        """Four times a second: who fell silent, which tapes wait, whose reports are due."""
        for leg in self.legs.values():
            self._listen_for(leg, now)
            if leg.tape:
                leg.tape.look(self.clock_ms(leg, now))
            reports.say_when_due(leg, now)

    def gather(self) -> None:
        """Recordings that ended, or failed."""
        while self.scribe.ended:
            ended = self.scribe.ended.popleft()
            leg = self.legs.get(ended.leg)
            if leg and leg.tape and leg.tape.recording == ended.recording:
                leg.tape = None
                leg.unsettle()
            self.tell(
                Event.RECORDED,
                ended.leg,
                recording=ended.recording,
                chunks=ended.chunks,
                head=ended.head,
                milliseconds=ended.milliseconds,
                reason=ended.reason,
            )

    def end(self, now: float) -> None:
        """The process ends: every recording is closed and on the disk when this returns."""
        for name in list(self.legs):
            self.close(name, now)
        self.scribe.close()
        self.gather()

    def _listen_for(self, leg: Leg, now: float) -> None:
        leg.catch_up()
        if leg.incoming.reach(leg.next_sequence) or leg.incoming.late:
            leg.incoming.late = 0
            if leg.silent:
                self.tell(Event.BACK, leg.name, milliseconds=int((now - leg.quiet_since) * 1000))
            leg.silent, leg.quiet_since = False, now
        elif not leg.silent and leg.far and leg.far.sends and now - leg.quiet_since >= SILENT_SECONDS:
            leg.silent = True
            self.tell(Event.SILENT, leg.name, milliseconds=int((now - leg.quiet_since) * 1000))

    def _tape(self, leg: Leg) -> Tape:
        if not leg.tape:
            msg = "it is not recorded"
            raise LookupError(msg)
        return leg.tape

    def _free_again(self, leg: Leg, now: float) -> None:
        leg.out.switch(now)
        self._arrange(leg, now)

    def _arrange(self, leg: Leg, now: float) -> None:
        if leg.room:
            leg.room.arrange(now)
