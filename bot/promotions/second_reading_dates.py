"""Does each day and time of a text fit the offer's?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.promotions.second_reading_ground import Ground
from bot.promotions.second_reading_words import MONTHS, WEEKDAYS

_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
_WEEKDAY = "|".join(WEEKDAYS)
DAY = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY}),?\s+)?(?:the\s+)?"
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b)(?:,?\s+(?P<year>\d{{4}})\b)?"
    r"|\b(?P<iso>\d{4}-\d{2}-\d{2})\b|\b(?P<dotted>\d{1,2}[./]\d{1,2}[./]\d{2,4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_ALONE = "|".join(MONTHS)
LOOSE_DAY = re.compile(
    rf"\b(?:(?:this|next|on)\s+)?(?P<loose>{_WEEKDAY}|today|tonight|tomorrow|midnight"
    r"|(?:this |next |the )?week(?:end)?|(?:this |next )?month"
    rf"|(?:the )?end of (?:the )?(?:{_MONTH}|month|year|week)|{_MONTH_ALONE})\b",
    re.IGNORECASE,
)
END = re.compile(
    r"\b(?:until|till|til|through|thru|by|end(?:s|ing)?|expir(?:es|ing)|valid (?:to|until)|last day(?: is)?"
    r"|last(?:s|ing)?(?: until)?|run(?:s|ning)? (?:to|through|out)|closes|over|up to|final day(?: is)?)"
    r"(?: and including)?(?: the end of)?(?: on| at)?(?: the)?(?: day of)?:?\s*$",
    re.IGNORECASE,
)
BEFORE = re.compile(r"\bbefore(?: the)?\s*$", re.IGNORECASE)
START = re.compile(r"\b(?:from|since|starting(?: on)?|starts(?: on)?|began(?: on)?|as of)\s*$", re.IGNORECASE)
LEFT = re.compile(
    r"\b(?P<count>\d+)\s+(?:more\s+)?(?P<unit>day|hour|week)s?\s+(?:left|to go|remain(?:ing"
    r"|s)?|only)\b"
    r"|\b(?:ends?|over|expires?|gone)\s+in\s+(?P<count2>\d+)\s+(?P<unit2>day|hour|week)s?\b"
    r"|\b(?:another|for|next|only|last)\s+(?P<count3>\d+)\s+(?:more\s+)?(?P<unit3>day|hour"
    r"|week)s?\b(?= only|[.!]|$)",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>[ap]\.?m\b\.?)|\b(?P<clock>\d{1,2}:\d{2})\b",
    re.IGNORECASE,
)


def untrue_days(text: str, ground: Ground, spans: list[tuple[int, int]]) -> Iterator[str]:
    """What is wrong with the text's days and times; where they stand is added to `spans`."""
    for match in DAY.finditer(text):
        spans.append(match.span())
        if match.group().lower().strip() not in ground.page:
            yield from _day(match, text, ground)
    for match in LEFT.finditer(text):
        spans.append(match.span())
        yield from _left(match, ground)
    for match in TIME.finditer(text):
        spans.append(match.span())
        if match.group().lower() not in ground.page and not _is_the_time(match, ground):
            yield f"the time {match.group()!r} is not in the facts"
    for match in LOOSE_DAY.finditer(text):
        if not any(start <= match.start("loose") < end for start, end in spans):
            yield from _loose(match, text, ground)


def _day(match: re.Match[str], text: str, ground: Ground) -> Iterator[str]:
    named = match.group().strip()
    day = _date_of(match, ground)
    if day is None:
        yield f"{named!r} is no day"
        return
    if match["weekday"] is not None and WEEKDAYS[day.weekday()] != match["weekday"].lower():
        yield f"{named!r} is no {match['weekday']}"
    last, before = ground.last_day, text[max(0, match.start() - 40) : match.start()]
    if END.search(before):
        if day != last:
            yield f"the offer's last day is not {named!r}"
    elif BEFORE.search(before):
        if last is None or day != last + timedelta(days=1):
            yield f"the offer does not end before {named!r}"
    elif START.search(before):
        is_range = re.match(r"\s*(?:to|until|till|through|-|–)\s", text[match.end() :]) is not None
        if day != ground.first_day and not (day == ground.today and is_range):
            yield f"the offer does not start on {named!r}"
    elif day not in (last, ground.first_day if re.match(r"\s*(?:to|-|–)\s", text[match.end() :]) else last):
        yield f"{named!r} is not in the facts"


def _date_of(match: re.Match[str], ground: Ground) -> date | None:
    """The date, in the year of the offer's end if none is named; None where there is none."""
    year = (ground.last_day or ground.today).year
    try:
        if match["iso"] is not None:
            return date.fromisoformat(match["iso"])
        if match["dotted"] is not None:
            day, month, year = (int(part) for part in re.split(r"[./]", match["dotted"]))
            return date(year + 2000 if year < 100 else year, month, day)
        name = (match["month"] or match["month2"]).lower()[:3]
        month = [month[:3] for month in MONTHS].index(name) + 1
        day = int(match["day"] or match["day2"])
        if match["year"] is None and ground.first_day is not None and month > ground.first_day.month:
            year = (
                min(year, ground.first_day.year) if month > (ground.last_day or ground.today).month else year
            )
        return date(int(match["year"]) if match["year"] is not None else year, month, day)
    except ValueError:
        return None


def _left(match: re.Match[str], ground: Ground) -> Iterator[str]:
    count = int(match["count"] or match["count2"] or match["count3"])
    unit = (match["unit"] or match["unit2"] or match["unit3"]).lower()
    if match.group().lower() in ground.page:
        return
    if ground.last_day is None or ground.ends_at is None:
        yield f"there is no offer that ends: {match.group()!r}"
        return
    days = (ground.last_day - ground.today).days
    hours = (ground.ends_at - ground.facts.at).total_seconds() / 3600
    true = {"day": (days, days + 1), "week": (days / 7, (days + 1) / 7), "hour": (int(hours), round(hours))}
    if count not in true[unit]:
        yield f"the offer does not last as long as {match.group()!r}"


def _is_the_time(match: re.Match[str], ground: Ground) -> bool:
    if ground.ends_at is None or ground.last_day is None:
        return False
    if match["clock"] is not None:
        hour, minute = (int(part) for part in match["clock"].split(":"))
    else:
        hour, minute = int(match["hour"]) % 12, int(match["minute"] or 0)
        hour += 12 if match["half"][0].lower() == "p" else 0
    end = ground.ends_at.hour, ground.ends_at.minute
    is_end_of_day = (hour, minute) in ((23, 59), (24, 0)) and end == (0, 0)
    return (hour, minute) == end or is_end_of_day


def _loose(match: re.Match[str], text: str, ground: Ground) -> Iterator[str]:
    """A day without a date is a claim only as the offer's last one."""
    before, after = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 25]
    only = re.search(r"\bonly(?: for)?\s*$", before, re.IGNORECASE) or re.match(
        r"\s*only\b", after, re.IGNORECASE
    )
    is_last = re.match(r"\s+(?:is|are) the (?:last|final)", after, re.IGNORECASE)
    if not (END.search(before) or only or is_last or BEFORE.search(before)):
        return
    if BEFORE.search(before) and match["loose"].lower() in ("weekend", "the weekend", "week"):
        return
    if not _is_loosely(match["loose"].lower(), ground):
        yield f"the offer's last day is not {match['loose']!r}"


def _is_loosely(word: str, ground: Ground) -> bool:
    last, today = ground.last_day, ground.today
    if last is None:
        return False
    tomorrow = last + timedelta(days=1)
    if word in ("today", "tonight", "midnight"):
        return last == today
    if word == "tomorrow":
        return last == today + timedelta(days=1)
    if word in WEEKDAYS:
        return WEEKDAYS[last.weekday()] == word and (last - today).days < 7
    if word.endswith(("weekend", "week")):
        is_this = last.isocalendar()[:2] == (today + timedelta(days=7 * ("next" in word))).isocalendar()[:2]
        return is_this and last.weekday() == 6
    if word.endswith("month"):
        return tomorrow.day == 1 and (last.year, last.month) == (today.year, today.month)
    month = MONTHS[last.month - 1]
    return tomorrow.day == 1 and month[:3] in word
