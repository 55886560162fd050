"""Dates and times in words."""

from datetime import UTC, datetime, timedelta

import pytest

from services.booking_api.ivr.spoken import SPOKEN, english, spanish


@pytest.mark.parametrize(
    ("at", "in_english", "in_spanish"),
    [
        ("2026-12-01T14:30", "Tuesday, December first, at two thirty P M",
         "martes primero de diciembre, a las dos y media de la tarde"),
        ("2026-11-23T09:05", "Monday, November twenty-third, at nine oh five A M",
         "lunes veintitrés de noviembre, a las nueve y cinco de la mañana"),
        ("2026-01-02T12:00", "Friday, January second, at noon", "viernes dos de enero, a las doce del mediodía"),
        ("2026-01-03T00:00", "Saturday, January third, at midnight", "sábado tres de enero, a las doce de la noche"),
        ("2026-02-12T00:30", "Thursday, February twelfth, at twelve thirty A M",
         "jueves doce de febrero, a las doce y media de la noche"),
        ("2026-03-08T13:00", "Sunday, March eighth, at one P M", "domingo ocho de marzo, a la una de la tarde"),
        ("2026-04-20T20:45", "Monday, April twentieth, at eight forty-five P M",
         "lunes veinte de abril, a las ocho y cuarenta y cinco de la noche"),
        ("2026-05-31T05:15", "Sunday, May thirty-first, at five fifteen A M",
         "domingo treinta y uno de mayo, a las cinco y cuarto de la madrugada"),
        ("2026-06-05T12:55", "Friday, June fifth, at twelve fifty-five P M",
         "viernes cinco de junio, a las doce y cincuenta y cinco del mediodía"),
        ("2026-07-09T19:21", "Thursday, July ninth, at seven twenty-one P M",
         "jueves nueve de julio, a las siete y veintiuno de la tarde"),
    ],
)  # fmt: skip
def test_what_people_say(at: str, in_english: str, in_spanish: str) -> None:
    assert english(datetime.fromisoformat(at)) == in_english
    assert spanish(datetime.fromisoformat(at)) == in_spanish


@pytest.mark.parametrize("language", SPOKEN)
def test_no_two_minutes_of_a_day_and_no_two_days_of_a_year_sound_the_same(language: str) -> None:
    began = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
    minutes = {SPOKEN[language](began + timedelta(minutes=minute)) for minute in range(24 * 60)}
    days = {SPOKEN[language](began + timedelta(days=day)) for day in range(365)}

    assert (len(minutes), len(days)) == (24 * 60, 365)
    assert not any(character.isdigit() for words in minutes | days for character in words)
