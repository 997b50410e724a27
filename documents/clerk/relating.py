"""Whether one document may act on another, asked before the triggers of the database answer.

The triggers relation_acyclic and relation_authority decide; this names the row that is wrong.
"""

from django.db import IntegrityError, connection

from documents.models import Document, RelationKind

CIRCLE = (
    "Quan hệ này tạo thành vòng tròn: văn bản kia, trực tiếp hoặc qua văn bản khác, đã tác động "
    "đến chính văn bản này. Hãy xem lại chiều của quan hệ."
)
NO_AUTHORITY = (
    "Chỉ chính cơ quan đã ban hành, cơ quan kế tục hoặc cơ quan cấp trên mới được thay thế, "
    "sửa đổi, bãi bỏ văn bản. Hãy xem lại cơ quan ban hành, hoặc chọn “Hướng dẫn”."
)
TWIN = "Vừa có văn bản khác được lưu với cùng cơ quan, loại, số và nhiệm kỳ."
WORDS = {
    "relation_acyclic": CIRCLE,
    "relation_authority": NO_AUTHORITY,
    "relation_unique": "Quan hệ này đã được ghi.",
    "document_key_unique": TWIN,
    "document_congress_key_unique": TWIN,
}
_REACHES = """
WITH RECURSIVE reached (id) AS (
    SELECT %s::bigint
    UNION
    SELECT other.target_id
    FROM documents_relation AS other JOIN reached ON other.source_id = reached.id
    WHERE other.id IS DISTINCT FROM %s
) SELECT EXISTS (SELECT FROM reached WHERE id = %s)
"""


def problem(
    source: Document, kind: str, target: Document, *, relation_pk: int | None = None
) -> str:
    """Return why `source` may not act on `target`, in words for the clerk; "" when it may.

    `source` counts with the issuer that it has now, stored or not.
    """
    own = source.corrects_id or source.pk
    if own == target.pk:
        return "Văn bản không thể có quan hệ với chính nó."
    if own and _asked(_REACHES, target.pk, relation_pk, own):
        return CIRCLE
    issuers = source.issuer_id, target.issuer_id
    if kind != RelationKind.GUIDES and not (
        None not in issuers and _asked("SELECT documents_has_authority(%s, %s)", *issuers)
    ):
        return NO_AUTHORITY
    return ""


def refusal_of(error: IntegrityError) -> str:
    """Return in words what the database has refused; raises `error` when it has no words."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in WORDS:
        raise error
    return WORDS[name]


def _asked(question: str, *values: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return bool(cursor.fetchone()[0])
