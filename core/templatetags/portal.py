"""Filters that every template has: numbers and dates as Vietnamese offices write them."""

import base64
import json
from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.utils import timezone

register = template.Library()

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@register.filter
def number(value: int) -> str:
    """Return a whole number grouped with dots: 721.618."""
    return f"{value:,}".replace(",", ".")


@register.filter
def long_day(value: datetime) -> str:
    """Return a moment as Thứ Sáu, 07/10/2022, 14:05."""
    local = timezone.localtime(value)
    return f"{WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y, %H:%M}"


@register.filter
def iso(value: datetime | None) -> str:
    """Return a moment as machines read it, 2022-10-07T14:05:00+07:00; "" for None."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""


@register.filter
def zalo_share(url: str) -> str:
    """Return the page where Zalo offers to share `url`, the one that its own button opens."""
    payload = base64.b64encode(json.dumps({"url": url}).encode()).decode()
    return f"https://button-share.zalo.me/share_external?{urlencode({'d': payload})}"
