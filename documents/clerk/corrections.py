"""What a correction changes in a document that readers have seen, in words."""

from datetime import date

from documents.models import Document

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


def snapshot(document_pk: int) -> dict[str, str]:
    """Return everything that readers see of the document as it is stored, by its name."""
    document = Document.objects.select_related("type", "issuer", "signer").get(pk=document_pk)
    acts = document.acts.select_related("target__type").order_by("kind", "pk")
    files = document.files.current()
    return {
        **{label: _shown(getattr(document, name)) for name, label in NAMES.items()},
        "Văn kiện đại hội": "có" if document.congress else "không",
        "Phạm vi": document.get_visibility_display(),
        "Lĩnh vực": ", ".join(map(str, document.fields.all())),
        "Quan hệ": "; ".join(
            " ".join(filter(None, (act.get_kind_display(), str(act.target), act.provisions)))
            for act in acts
        ),
        "Tệp": "; ".join(f"{file.name} ({file.get_role_display()})" for file in files),
    }


def changes(before: dict[str, str], after: dict[str, str]) -> str:
    """Return what differs, one line each: “Trích yếu: cũ → mới”; "" when nothing does."""
    return "\n".join(
        f"{label}: {before[label] or 'trống'} → {new or 'trống'}"
        for label, new in after.items()
        if before[label] != new
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
