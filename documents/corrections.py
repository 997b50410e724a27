"""Corrections of what readers have seen: made beside the document, approved by another person.

A correction is a row of Document that `corrects` another. It begins as a copy, goes the way of
every draft, and gives its content to the document when it is published. The triggers of migration
0008 let nothing else change a document that was public.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from core.audit import record
from core.publishing import Refused, rewritten
from core.workflow import OPEN_STATES, PUBLISHED_STATES, Action, Right
from documents.files import DocumentFile
from documents.relations import Relation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from documents.models import Document

# Relations by kind, document that is acted on, and provisions.
Acts = set[tuple[str, int, str]]
NAMES = {
    "sign": "Số, ký hiệu",
    "type": "Loại văn bản",
    "issuer": "Cơ quan ban hành",
    "term": "Nhiệm kỳ hoặc năm của số",
    "abstract": "Trích yếu",
    "signer": "Người ký",
    "issued_on": "Ngày ban hành",
    "effective_on": "Ngày có hiệu lực",
    "expires_on": "Hết hiệu lực từ ngày",
}
OF_A_FILE = (
    *("role", "order", "name", "kind", "sha256", "size", "pages", "text", "text_state"),
    *("marking", "has_preview", "cleared_by", "added_by", "added_at"),
)
IMPOSSIBLE = (
    "Đính chính này không ghi được: vừa có văn bản khác trùng số, hoặc quan hệ tạo thành vòng "
    "tròn. Hãy trả lại để sửa rồi gửi duyệt lại."
)
FAILED = "Văn bản sau đính chính khác bản được duyệt nên chưa ghi gì. Hãy báo người quản trị."


@transaction.atomic
def begin(document: "Document", *, by: "User") -> "Document":
    """Return the open correction of a document that was public; a new one is a copy by `by`.

    Raises Refused for who may not write, and for what was never public.
    """
    document = document.locked()
    if document.state not in PUBLISHED_STATES or document.corrects_id:
        raise Refused("Văn bản này chưa đăng nên cứ sửa ngay trong bản nháp.")
    if not document.grants(by, Right.WRITE):
        raise Refused("Bạn chưa được giao quyền sửa văn bản. Hãy đề nghị văn thư thực hiện.")
    if found := open_correction(document):
        return found
    correction = _copy(document, by)
    rewritten(correction, by=by, action=Action.CREATE, what="Soạn bản đính chính")
    return correction


def open_correction(document: "Document") -> "Document | None":
    """Return the correction in work, of which there is at most one, or None."""
    return document.corrections.filter(state__in=OPEN_STATES, binned_at=None).first()


def _copy(document: "Document", by: "User") -> "Document":
    values = {name: getattr(document, name) for name in (*document.TEXT_FIELDS, "expire_at")}
    correction = type(document)(
        corrects=document, base_digest=document.digest(), created_by=by, **values
    )
    correction.save()
    correction.fields.set(document.fields.all())
    relate(correction, acts_of(document))
    stand_in(correction)
    return correction


def unrelate(document: "Document", wanted: Acts) -> None:
    """Take away the relations that are not `wanted`: first, or a new issuer could not stand."""
    for act in document.acts.all():
        if (act.kind, act.target_id, act.provisions) not in wanted:
            act.delete()


def relate(document: "Document", wanted: Acts) -> None:
    """Add the `wanted` relations that `document` lacks."""
    for kind, target, provisions in sorted(wanted - acts_of(document)):
        Relation.objects.create(source=document, kind=kind, target_id=target, provisions=provisions)


def acts_of(document: "Document") -> Acts:
    """Return what `document` does to others, as it is stored."""
    return set(document.acts.values_list("kind", "target_id", "provisions"))


def stand_in(correction: "Document") -> None:
    """Let every current file of the document have one that stands for it in `correction`.

    The file of a document that was public is replaced, never taken away.
    """
    if correction.corrects is None:
        return
    known = correction.files.filter(replaced_by=None, stands_for__isnull=False)
    for file in correction.corrects.files.filter(replaced_by=None).exclude(
        pk__in=known.values("stands_for")
    ):
        _like(file, document=correction, stands_for=file).save()


def _like(file: DocumentFile, **values: object) -> DocumentFile:
    """A new row that names the same bytes as `file`."""
    return DocumentFile(**{name: getattr(file, name) for name in OF_A_FILE} | values)


def carry_out(correction: "Document") -> None:
    """Make the document say what `correction` says, wholly or not at all; raises Refused.

    Belongs in the transaction that publishes the correction (`Document.entered`).
    """
    assert correction.corrects is not None
    document = correction.corrects.locked()
    before = snapshot(document)
    try:
        with changing():
            _write(document, correction)
    except IntegrityError as error:
        raise Refused(IMPOSSIBLE) from error
    if document.digest() != correction.digest():
        raise Refused(FAILED)
    words = changes(before, snapshot(document))
    # The portal's own doing: who wrote and who approved stand in the trail before it.
    record(document, Action.CORRECT, reason=words)


def _write(document: "Document", correction: "Document") -> None:
    of_approval = ("approved_digest", "unconfirmed")
    for name in (*document.TEXT_FIELDS, "expire_at", *of_approval):
        setattr(document, name, getattr(correction, name))
    _bring_files(document, correction)
    document.fields.set(correction.fields.all())
    wanted = acts_of(correction)
    unrelate(document, wanted)
    document.save()
    relate(document, wanted)


def _bring_files(document: "Document", correction: "Document") -> None:
    """Put the files in the order of the correction; what stands for another replaces it."""
    current = {file.pk: file for file in document.files.filter(replaced_by=None)}
    for order, file in enumerate(correction.files.filter(replaced_by=None).order_by("order", "pk")):
        old = current.get(file.stands_for_id or 0)
        if old and old.sha256 == file.sha256:
            old.role, old.order = file.role, order
            old.save(update_fields=["role", "order"])
            continue
        new = _like(file, document=document, order=order)
        new.save()
        if old:
            DocumentFile.objects.filter(pk=old.pk).update(replaced_by=new)


@contextmanager
def changing() -> Iterator[None]:
    """Let what stands inside, wholly or not at all, change what was public (migration 0008)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.correction', 'on', true)")
        yield
        cursor.execute("SELECT set_config('portal.correction', '', true)")


# In words


def snapshot(document: "Document") -> dict[str, str]:
    """Return everything that readers see of the document as it is stored, by its name."""
    shown = type(document).objects.select_related("type", "issuer", "signer").get(pk=document.pk)
    shown.read_parts()
    return in_words(shown)


def in_words(shown: "Document") -> dict[str, str]:
    """Return everything that readers see of `shown`, whose parts have been read, by its name."""
    return {
        **{label: _shown(getattr(shown, name)) for name, label in NAMES.items()},
        "Văn kiện đại hội": "có" if shown.congress else "không",
        "Phạm vi": shown.get_visibility_display(),
        "Lĩnh vực": ", ".join(map(str, shown.fields.all())),
        "Quan hệ": "; ".join(
            " ".join(filter(None, (act.get_kind_display(), str(act.target), act.provisions)))
            for act in shown.acts_in_order()
        ),
        "Tệp": "; ".join(
            f"{file.name} ({file.get_role_display()}, SHA-256 {file.sha256[:12]}…)"
            for file in shown.current_files()
        ),
    }


def differences(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return what differs: its name, what it was and what it is, "" for nothing."""
    return [(label, before[label], new) for label, new in after.items() if before[label] != new]


def changes(before: dict[str, str], after: dict[str, str]) -> str:
    """Return what differs, one line each: “Trích yếu: cũ → mới”; "" when nothing does."""
    return "\n".join(
        f"{label}: {old or 'trống'} → {new or 'trống'}"
        for label, old, new in differences(before, after)
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
