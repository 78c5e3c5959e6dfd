"""Moments and durations in words."""

from __future__ import annotations

import time


def tell_moment(moment: float, now: float = 0.0) -> str:
    """When something was: “today 14:03”, “yesterday 9:12”, “5 May, 14:03”, “5 May 2024, 14:03”.

    Empty for 0, which stands for never.
    """
    if not moment:
        return ""
    then, today = time.localtime(moment), time.localtime(now or time.time())
    clock = time.strftime("%H:%M", then)
    if then[:3] == today[:3]:
        return f"today {clock}"
    noon = time.mktime((*today[:3], 12, 0, 0, 0, 0, -1))
    if time.localtime(noon - 86400)[:3] == then[:3]:
        return f"yesterday {clock}"
    year = f" {then.tm_year}" if then.tm_year != today.tm_year else ""
    return f"{then.tm_mday} {time.strftime('%B', then)}{year}, {clock}"


def tell_duration(seconds: float) -> str:
    """How long something took: “0.4 s”, “12 s”, “3 min 5 s”. Empty where it is not known."""
    if seconds <= 0:
        return ""
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
