"""Rules of what people come back for: reasons returned, response times, a broker's record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.advice import FEWEST_BROKERS, HELD_BACK, Dismissal, returned
from matchmaker.domain.audit import difference
from matchmaker.domain.response import FEWEST_RESPONSES, usual
from matchmaker.domain.vocabulary import REASONS
from matchmaker.domain.work_record import Deed, counted, months_until

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")

DISMISSALS = st.lists(
    st.builds(
        lambda reason, broker, hours: Dismissal(
            reason=reason, broker=broker, at=NOW - timedelta(hours=hours)
        ),
        st.sampled_from(sorted(REASONS)),
        st.integers(1, 3),
        st.integers(0, 400),
    )
)


@given(DISMISSALS)
def test_a_single_brokers_fresh_reasons_are_never_returned(found: list[Dismissal]) -> None:
    told = dict(returned(found, NOW))
    brokers = {one.broker for one in found}
    old = [one for one in found if NOW - one.at >= HELD_BACK]
    if len(brokers) < FEWEST_BROKERS:
        assert sum(told.values()) == len(old)
    else:
        assert sum(told.values()) == len(found)


def test_the_most_frequent_reason_comes_first() -> None:
    at = NOW - HELD_BACK
    found = [Dismissal(reason=reason, broker=1, at=at) for reason in ("price", "timing", "timing")]
    assert returned(found, NOW) == (("timing", 2), ("price", 1))


@given(st.lists(st.integers(1, 10_000), max_size=12))
def test_a_response_time_is_told_from_five_on_and_is_the_median(hours: list[int]) -> None:
    told = usual([timedelta(hours=number) for number in hours])
    if len(hours) < FEWEST_RESPONSES:
        assert told is None
    else:
        ordered = sorted(hours)
        assert told is not None
        assert ordered[0] <= told.total_seconds() / 3_600 <= ordered[-1]
        below = sum(timedelta(hours=number) < told for number in hours)
        above = sum(timedelta(hours=number) > told for number in hours)
        assert max(below, above) <= len(hours) / 2


def test_months_are_those_of_the_platforms_zone() -> None:
    late = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)  # already March in Shanghai
    assert months_until(late, ZONE)[-1] == "2026-03"
    assert months_until(late, ZONE)[0] == "2025-04"
    deed = Deed(at=late, noun="match", action="accept", state_from="suggested")
    assert counted([deed], ZONE) == {("accepted", "2026-03"): 1}


def test_what_was_taken_back_does_not_count() -> None:
    deeds = [
        Deed(at=NOW, noun="match", action="accept", state_from="suggested"),
        Deed(at=NOW, noun="match", action="undo", state_from="accepted"),
        Deed(at=NOW, noun="match", action="dismiss", state_from="suggested"),
        Deed(at=NOW, noun="match", action="snooze", state_from="suggested"),
        Deed(at=NOW, noun="match", action="undo", state_from="snoozed"),
        Deed(at=NOW, noun="outcome", action="publish", state_from="submitted"),
    ]
    assert counted(deeds, ZONE) == {("accepted", "2026-03"): 0, ("dismissed", "2026-03"): 1}


def test_the_audit_never_remembers_a_persons_name() -> None:
    assert difference({"person_name": "甲"}, {"person_name": "乙"}) == {"person_name": ["…", "…"]}
