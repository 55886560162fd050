"""Dates and times in words that a speech synthesiser reads as people say them. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime

_EN_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
             "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_EN_TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty"}
_EN_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
                "twelve": "twelfth", "twenty": "twentieth", "thirty": "thirtieth"}  # fmt: skip
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip

_ES_UNITS = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
             "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
             "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
             "veintinueve")  # fmt: skip
_ES_TENS = {3: "treinta", 4: "cuarenta", 5: "cincuenta"}
_ES_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_ES_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
              "noviembre", "diciembre")  # fmt: skip


def english(at: datetime) -> str:
    """`Tuesday, December first, at two thirty P M`; noon and midnight by their names."""
    return f"{_EN_DAYS[at.weekday()]}, {_EN_MONTHS[at.month - 1]} {_en_ordinal(at.day)}, at {_en_time(at)}"


def spanish(at: datetime) -> str:
    """`martes primero de diciembre, a las dos y media de la tarde`."""
    day = "primero" if at.day == 1 else _es_number(at.day)
    return f"{_ES_DAYS[at.weekday()]} {day} de {_ES_MONTHS[at.month - 1]}, {_es_time(at)}"


SPOKEN: Mapping[str, Callable[[datetime], str]] = {"en": english, "es": spanish}


def _en_number(number: int) -> str:
    if number < 20:
        return _EN_UNITS[number]
    tens, unit = divmod(number, 10)
    return _EN_TENS[tens] + (f"-{_EN_UNITS[unit]}" if unit else "")


def _en_ordinal(number: int) -> str:
    front, hyphen, last = _en_number(number).rpartition("-")
    return f"{front}{hyphen}{_EN_ORDINALS.get(last, last + 'th')}"


def _en_time(at: datetime) -> str:
    if at.minute == 0 and at.hour % 12 == 0:
        return "noon" if at.hour else "midnight"
    hour = _en_number(at.hour % 12 or 12)
    minute = "" if at.minute == 0 else f" oh {_en_number(at.minute)}" if at.minute < 10 else f" {_en_number(at.minute)}"
    return f"{hour}{minute} {'A' if at.hour < 12 else 'P'} M"


def _es_number(number: int) -> str:
    if number < 30:
        return _ES_UNITS[number]
    tens, unit = divmod(number, 10)
    return _ES_TENS[tens] + (f" y {_ES_UNITS[unit]}" if unit else "")


def _es_time(at: datetime) -> str:
    hour = at.hour % 12 or 12
    said = "a la una" if hour == 1 else f"a las {_ES_UNITS[hour]}"
    minute = {0: "", 15: " y cuarto", 30: " y media"}.get(at.minute, f" y {_es_number(at.minute)}")
    return f"{said}{minute} {_es_part_of_day(at.hour)}"


def _es_part_of_day(hour: int) -> str:
    if hour == 12:
        return "del mediodía"
    if hour == 0:
        return "de la noche"
    if hour < 6:
        return "de la madrugada"
    return "de la mañana" if hour < 12 else "de la tarde" if hour < 20 else "de la noche"
