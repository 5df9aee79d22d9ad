"""The deadline rule against an independent implementation: PyPI chinesecalendar, every day of 2019 to 2026, n = 1 to 20.

The subject is the built executable (`registry calendar deadline --bulk`) with the notice files of the demo city. Where
chinesecalendar knows no year it raises, and the subject has to say "provisional".
"""

import datetime
import os
import pathlib
import subprocess

import chinese_calendar
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAY = datetime.timedelta(days=1)


def registry() -> str:
    folder = os.environ.get("BRIGHT_KITCHEN_BIN") or ROOT / ".build/debug"
    return str(pathlib.Path(folder) / "registry")


def expected(start: datetime.date, count: int) -> datetime.date | None:
    """The n-th working day after `start`, the start day not counted; None where the peer does not know."""
    day = start
    while count > 0:
        day += DAY
        try:
            working = chinese_calendar.is_workday(day)
        except NotImplementedError:
            return None
        count -= working
    return day


def questions() -> list[tuple[datetime.date, int]]:
    first, last = datetime.date(2019, 1, 1), datetime.date(2026, 12, 31)
    days = [first + DAY * n for n in range((last - first).days + 1)]
    return [(day, count) for day in days for count in range(1, 21)]


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, int], tuple[str, bool]]:
    asked = "".join(f"{day},{count}\n" for day, count in questions())
    run = subprocess.run(
        [registry(), "calendar", "deadline", "--bulk", "--notices", str(ROOT / "deploy/demo/workdays")],
        input=asked, capture_output=True, text=True, check=True, timeout=600)
    rows = [line.split(",") for line in run.stdout.splitlines()]
    return {(start, int(count)): (deadline, provisional == "true") for start, count, deadline, provisional in rows}


def test_every_day_and_every_count_agrees_with_the_peer(answers):
    asked = questions()
    assert len(answers) == len(asked) == 2922 * 20
    wrong, unknown = [], 0
    for day, count in asked:
        deadline, provisional = answers[(str(day), count)]
        peer = expected(day, count)
        if peer is None:
            unknown += 1
            if not provisional:
                wrong.append((day, count, deadline, "should be provisional"))
        elif provisional or deadline != str(peer):
            wrong.append((day, count, deadline, provisional, peer))
    assert wrong == []
    # The last weeks of 2026 reach into a year whose notice nobody has.
    assert unknown > 100


def test_ten_working_days_are_not_ten_weekdays(answers):
    def weekdays(day: datetime.date) -> datetime.date:
        count = 10
        while count:
            day += DAY
            count -= day.weekday() < 5
        return day

    differing = [
        day for day, count in questions()
        if count == 10 and not answers[(str(day), 10)][1] and answers[(str(day), 10)][0] != str(weekdays(day))]
    # Domain card, section 0.2: 931 of 2,908 start days.
    assert len(differing) == 931


def test_an_explanation_names_every_skipped_day():
    run = subprocess.run(
        [registry(), "calendar", "deadline", "--issued", "2026-09-28", "--notices",
         str(ROOT / "deploy/demo/workdays")], capture_output=True, text=True, check=True, timeout=60)
    assert "第 10 个工作日：2026-10-16" in run.stdout
    assert run.stdout.count("国庆节") == 7 and "2026-10-11  周末" in run.stdout
    # The empty file of 2027 is not a year without holidays.
    assert "2027" in run.stderr
