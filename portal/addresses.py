"""Absolute addresses, for readers who are not on a page of ours: feeds, sitemaps, link cards."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the address of `path` on this site, whatever host the request named."""
    return f"{settings.SITE_URL}{path}"


def numbered(path: str, page: int) -> str:
    """Return the path of page `page` of the list at `path`; the first is the list itself."""
    return path if page == 1 else f"{path}?trang={page}"
