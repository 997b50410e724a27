"""Rich text: the only HTML that editors write, cleaned whenever it is written.

`clean_html` gives pasted markup a plain structure (core.semantics) and lets nh3 decide, last, what
is safe. `RichTextField` applies it on every way into the database. The template filter `richtext`
lets nh3 decide once more on the way out, so a row that was written around Django is harmless too.
"""

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ckeditor.fields
import nh3
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Case, Model, Value
from django.db.models.functions import Cast

from core.legacy import with_every_letter
from core.markup import Element, parse, serialise, without_invisible
from core.media import Photo, size_of
from core.semantics import ALIGNED, blocks
from core.video import video_key_of
from core.wordlists import restore_lists

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.backends.base.base import BaseDatabaseWrapper

URL_SCHEMES = {"http", "https", "mailto", "tel"}
# Elements whose text is not for readers.
UNREAD = {
    *("script", "style", "xml", "title", "noscript", "template", "svg", "math", "textarea"),
    *("select", "option", "button", "iframe", "object", "noembed", "noframes", "xmp", "audio"),
    *("canvas", "map"),
}
CLASSES = {
    "figure": {"photo", "video"},
    "div": {"gallery"},
    **{tag: {"text-center", "text-right"} for tag in ALIGNED},
}
ATTRIBUTES: dict[str, set[str]] = {
    # Without this entry ammonia allows title and lang everywhere.
    "*": set(),
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
ATTRIBUTE_VALUES = {
    "a": {"rel": {"noopener noreferrer"}},
    "ol": {"type": {"1", "a", "A", "i", "I"}},
    "th": {"scope": {"row", "col", "rowgroup", "colgroup"}},
}
TAGS = frozenset(
    "p br strong em u s sub sup cite h2 h3 h4 ul ol li blockquote a figure figcaption img div"
    " video table caption thead tbody tfoot tr th td hr".split()
)
_PASTED_TAGS = TAGS | set(
    "b i ins del strike h1 h5 h6 span font center section article header footer main aside nav"
    " address pre dl dt dd details summary fieldset form".split()
)
_NUMBERS = frozenset({"width", "height", "start", "colspan", "rowspan"})
_OWN_HOST_DROPPED = re.compile(r"^(?:https?:)?//[^/\\]+(?=/media/(?:photos|videos)/)")
_NOTE = re.compile(r"(?:goi-)?chu-thich-[1-9]\d{0,2}", re.ASCII)
_RELATIVE_URL = re.compile(r"/(?![/\\])[^\\]*|\?[^\\]*|[^:/?#\\]+(?:[/?#][^\\]*)?")
_ABSOLUTE_URL = re.compile(r"(?:https?://[^/\\\s]|mailto:[^\s]|tel:[+\d]).*", re.IGNORECASE)
_DATA_IMAGE = re.compile(
    r"""(?P<src>\bsrc\s*=\s*)(?P<quote>["'])data:image/[\w.+-]+;base64,(?P<data>[^"']*)(?P=quote)""",
    re.IGNORECASE,
)


def _judge_attribute(tag: str, name: str, value: str) -> str | None:
    if name in _NUMBERS:
        return value if re.fullmatch(r"[1-9]\d{0,4}", value, re.ASCII) else None
    if name == "src":
        ours = video_key_of if tag == "video" else size_of
        return value if ours(value) else None
    if name == "href":
        return _link_target(value)
    if name == "id":
        return value if _NOTE.fullmatch(value) else None
    return value


def _link_target(url: str) -> str | None:
    """`url` when a reader may follow it; //host becomes https://host."""
    url = re.sub(r"[\t\r\n]", "", without_invisible(url)).strip()
    if url.startswith("//"):
        url = f"https:{url}"
    known = _ABSOLUTE_URL.fullmatch(url) or _RELATIVE_URL.fullmatch(url)
    return url if known or is_note(url) else None


def is_note(url: str) -> bool:
    """Whether `url` leads from a text to one of its notes, or back."""
    return url[:1] == "#" and bool(_NOTE.fullmatch(url[1:]))


def note_mark(number: int) -> str:
    """The mark in a text that leads to its note `number`."""
    return f'<a href="#chu-thich-{number}" id="goi-chu-thich-{number}"><sup>{number}</sup></a>'


def note_return(number: int) -> str:
    """What stands at the end of note `number` and leads back to its mark."""
    words = f"Trở lại chỗ ghi chú thích {number}"
    return f'<a href="#goi-chu-thich-{number}" id="chu-thich-{number}" title="{words}">↑</a>'


_as_pasted = nh3.Cleaner(
    tags=set(_PASTED_TAGS),
    clean_content_tags=UNREAD,
    attributes={
        **{tag: {*ATTRIBUTES.get(tag, ()), "style", "align", "class"} for tag in _PASTED_TAGS},
        "a": {"href", "title", "id", "style"},
        "ol": {"start", "type", "style"},
        "th": {"colspan", "rowspan", "scope", "align", "class", "style"},
    },
    url_schemes=URL_SCHEMES | {"file"},
    link_rel=None,
)
_safe = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=UNREAD,
    attributes=ATTRIBUTES,
    tag_attribute_values=ATTRIBUTE_VALUES,
    attribute_filter=_judge_attribute,
    allowed_classes=CLASSES,
    url_schemes=URL_SCHEMES,
    link_rel=None,
)


def only_safe(html: str) -> str:
    """`html` reduced by nh3 to the elements, attributes and addresses of the allow-list."""
    return _safe.clean(html)


# Django asks twice for each row: before the save and again while preparing the value.
@lru_cache(maxsize=32)
def clean_html(html: str) -> str:
    """Semantic, safe HTML in NFC of whatever was typed or pasted; its own result stays as it is.

    Photos must already be ours: every other image is dropped (see `absorb_data_images`).
    """
    root = parse(_as_pasted.clean(without_invisible(with_every_letter(html))))
    restore_lists(root)
    _settle(root)
    return only_safe("\n".join(serialise([block]) for block in blocks(root)))


def _settle(parent: Element) -> None:
    """Make the links and pictures in `parent` ours or nothing."""
    for child in parent.children:
        if isinstance(child, Element):
            if child.tag == "a":
                child.attrs = _link_attributes(child.attrs)
            elif child.tag == "img":
                child.attrs = _image_attributes(child.attrs)
            elif child.tag == "video":
                child.attrs = _video_attributes(child.attrs)
            _settle(child)


def _link_attributes(attrs: dict[str, str]) -> dict[str, str]:
    href = _link_target(attrs.get("href", ""))
    if not href:
        return {}
    leaves = {"rel": "noopener noreferrer"} if href.lower().startswith("http") else {}
    title = {"title": attrs["title"]} if attrs.get("title") else {}
    place = {"id": attrs["id"]} if _NOTE.fullmatch(attrs.get("id", "")) else {}
    return {"href": href} | leaves | title | place


def _video_attributes(attrs: dict[str, str]) -> dict[str, str]:
    src = _OWN_HOST_DROPPED.sub("", attrs.get("src", "").strip())
    return {"src": src} if video_key_of(src) else {}


def _image_attributes(attrs: dict[str, str]) -> dict[str, str]:
    src = _OWN_HOST_DROPPED.sub("", attrs.get("src", "").strip())
    size = size_of(src)
    if size is None:
        return {}
    alt = " ".join(without_invisible(attrs.get("alt", "")).split())
    return {"src": src, "alt": alt, "width": str(size[0]), "height": str(size[1])}


def absorb_data_images(html: str, *, by: "User | None") -> str:
    """`html` with every picture that is written out in it (data: URI) stored as a Photo by `by`.

    Raises ValidationError, in Vietnamese, when one is not a picture that we accept.
    """
    return _DATA_IMAGE.sub(lambda match: f'{match["src"]}"{_stored(match["data"], by)}"', html)


def _stored(data: str, by: "User | None") -> str:
    try:
        content = base64.b64decode(re.sub(r"\s|%0[ad]", "", data, flags=re.IGNORECASE))
    except binascii.Error as error:
        raise ValidationError(
            "Một ảnh dán trong bài bị hỏng. Hãy xóa ảnh đó rồi tải tệp ảnh lên kho ảnh.",
            code="broken_image",
        ) from error
    photo = Photo.objects.create_from_upload(SimpleUploadedFile("anh-dan", content), by=by)
    return photo.url


class RichTextField(ckeditor.fields.RichTextField):
    """CKEditor's field, whose value is cleaned on every way into the database.

    Strings are cleaned wherever Django prepares them to be saved: save, create, update, the bulk
    methods, loaddata. SQL expressions would escape that, so they are refused with a TypeError.
    """

    def clean(self, value: Any, model_instance: Model | None) -> Any:
        """Clean before constraints are validated, which refuse what cleaning would remove."""
        return clean_html(super().clean(value, model_instance))

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean_html(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: "BaseDatabaseWrapper") -> Any:
        if hasattr(value, "as_sql"):
            self._refuse_unless_values(value)
            return value
        prepared = super().get_db_prep_save(value, connection)
        return clean_html(prepared) if isinstance(prepared, str) else prepared

    def _refuse_unless_values(self, expression: Any) -> None:
        """Only what bulk_update builds passes: its values come back here one by one."""
        case = expression.get_source_expressions()[0] if type(expression) is Cast else expression
        if type(case) is not Case or not all(map(self._is_own_value, _results(case))):
            raise TypeError(f"{self} takes text, not SQL: {expression!r} could not be cleaned.")

    def _is_own_value(self, result: Any) -> bool:
        if type(result) is not Value:
            return False
        return result.value is None or isinstance(result.output_field, RichTextField)


def _results(case: Case) -> list[Any]:
    return [*(when.result for when in case.cases), case.default]
