"""The filter that shows rich text: the only place where HTML is marked as safe."""

import re
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.media import srcset_for
from core.richtext import only_safe

register = template.Library()

# The article column is at most 42rem wide (static/css/tokens.css).
SIZES = "(min-width: 44rem) 42rem, 100vw"
_IMAGE = re.compile(r'<img src="([^"]+)"')
_SCROLLER = '<div class="table-scroll" role="region" tabindex="0" aria-label="Bảng">'


@register.filter
def richtext(html: str | None) -> SafeString:
    """Stored rich text ready for a page: responsive lazy photos, tables that scroll on a phone.

    nh3 judges it again first, so that text which reached the table around RichTextField (SQL, a
    restored dump) still cannot run: the result never depends on what the database holds.
    """
    safe = only_safe(html or "")
    safe = _IMAGE.sub(_responsive, safe)
    safe = safe.replace("<table>", f"{_SCROLLER}<table>").replace("</table>", "</table></div>")
    return mark_safe(safe)


def _responsive(match: re.Match[str]) -> str:
    srcset = escape(srcset_for(match[1]) or "")
    return f'{match[0]} srcset="{srcset}" sizes="{SIZES}" loading="lazy" decoding="async"'
