"""What was told of calls is kept until it is written, and told again at every connection."""

from datetime import UTC, datetime

from trustdesk.sipedge.link.stories import Stories
from trustdesk.sipedge.words.told import Happened, Told

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def told(happened: Happened, call: int = 7) -> Told:
    return Told(happened=happened, call=call, at=NOW)


def test_each_word_has_its_place_and_is_told_again_in_order() -> None:
    stories = Stories()
    for happened in (Happened.ANSWERED, Happened.QUEUED):
        stories.add(told(happened))
    stories.add(told(Happened.ANSWERED, 8))
    assert [(word.call, word.happened, word.nth) for word in stories] == [
        (7, Happened.ANSWERED, 1),
        (7, Happened.QUEUED, 2),
        (8, Happened.ANSWERED, 1),
    ]


def test_only_a_call_that_has_ended_is_forgotten() -> None:
    stories = Stories()
    stories.add(told(Happened.ANSWERED))
    stories.forget([7, 9])
    assert [word.nth for word in stories] == [1]
    assert stories.add(told(Happened.ENDED)).nth == 2
    stories.forget([7])
    assert list(stories) == []


def test_a_file_that_is_closed_after_the_end_belongs_to_the_story_while_there_is_one() -> None:
    stories = Stories()
    stories.add(told(Happened.ANSWERED))
    stories.add(told(Happened.ENDED))
    assert stories.add(told(Happened.RECORDED)).nth == 3
    stories.forget([7])
    assert stories.add(told(Happened.RECORDED)).nth == 0
    assert list(stories) == []


def test_what_nobody_writes_for_long_does_not_fill_the_memory() -> None:
    stories = Stories()
    for call in range(2_500):
        stories.add(told(Happened.ENDED, call))
    kept = [word.call for word in stories]
    assert kept == list(range(500, 2_500))
