"""The filter that shows rich text: the only place where HTML is marked as safe."""

import re
from collections.abc import Sequence
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core.references import Reference, laid_over
from core.renditions import key_of, largest_size, srcset_for, url_of
from core.richtext import only_safe
from core.video import Video, video_key_of

register = template.Library()

# The article column is at most 42rem wide (static/css/tokens.css).
SIZES = "(min-width: 44rem) 42rem, 100vw"
GALLERY_SIZES = "(min-width: 44rem) 14rem, 50vw"
_IMAGE = re.compile(r'<img src="([^"]+)"')
_GALLERY = re.compile(r'<div class="gallery">.*?</div>', re.DOTALL)
_PICTURE = re.compile(r"<img [^>]*>")
_VIDEO = re.compile(r'<video(?: src="([^"]*)")?>.*?</video>', re.DOTALL)
_SCROLLER = '<div class="table-scroll" role="region" tabindex="0" aria-label="Bảng">'


@register.filter
def richtext(html: str | None, references: Sequence[Reference] = ()) -> SafeString:
    """Stored rich text ready for a page: responsive photos, tables that scroll, videos that play.

    `references` are laid over it (core/references.py).

    nh3 judges it again first, so that text which reached the table around RichTextField (SQL, a
    restored dump) still cannot run: the result never depends on what the database holds.
    """
    safe = laid_over(only_safe(html or ""), references)
    safe = _IMAGE.sub(_responsive, safe)
    safe = _GALLERY.sub(_opening_photos, safe)
    safe = _with_players(safe)
    safe = safe.replace("<table>", f"{_SCROLLER}<table>").replace("</table>", "</table></div>")
    return mark_safe(safe)


def _responsive(match: re.Match[str]) -> str:
    srcset = escape(srcset_for(match[1]) or "")
    return f'{match[0]} srcset="{srcset}" sizes="{SIZES}" loading="lazy" decoding="async"'


def _opening_photos(gallery: re.Match[str]) -> str:
    """The gallery with smaller pictures, each a link to itself in full size."""
    return _PICTURE.sub(_opening_photo, gallery[0]).replace(SIZES, GALLERY_SIZES)


def _opening_photo(picture: re.Match[str]) -> str:
    source = _IMAGE.match(picture[0])
    key = key_of(source[1]) if source else None
    if key is None:
        return picture[0]
    whole = url_of(key, largest_size(key)[0])
    # A link is named by its picture; a decorative one has no name to give.
    name = ' aria-label="Xem ảnh cỡ lớn"' if 'alt=""' in picture[0] else ""
    return f'<a href="{whole}"{name}>{picture[0]}</a>'


def _with_players(html: str) -> str:
    """`html` with a player in place of each video of ours, and no other video: one query."""
    keys = [key for src in _VIDEO.findall(html) if (key := video_key_of(src))]
    if not keys:
        return _VIDEO.sub("", html)
    found = Video.objects.filter(key__in=keys).select_related("poster")
    players = {
        video.url: render_to_string("partials/video.html", {"video": video}) for video in found
    }
    return _VIDEO.sub(lambda match: players.get(match[1], ""), html)
