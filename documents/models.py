"""Documents, and corrections of documents: drafts beside what readers see (corrections.py)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from core.fields import FoldedField, NFCCharField, NFCTextField
from core.problems import Problem
from core.publishing import Publishable
from core.text import slugify
from core.workflow import OPEN_STATES, Right, State
from documents import checklist, corrections, search, signs
from documents.catalogue import DocumentType, Field, Issuer, Signer
from documents.files import DocumentFile
from documents.relations import Relation, RelationKind
from documents.tally import Tally, TallyDay

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

__all__ = [
    "Document",
    "DocumentFile",
    "DocumentType",
    "Field",
    "Issuer",
    "Relation",
    "RelationKind",
    "Signer",
    "Tally",
    "TallyDay",
]


# A term (2020-2025) or a year (2022); "" is neither.
TERM = r"([0-9]{4}(-[0-9]{4})?)?"


class Visibility(models.TextChoices):
    """Who may read a document once it is live."""

    PUBLIC = "public", "Công khai"
    INTERNAL = "internal", "Lưu hành nội bộ"


PUBLIC = Q(state=State.LIVE, visibility=Visibility.PUBLIC)


class DocumentQuerySet(models.QuerySet["Document"]):
    """What may be asked of documents; `published()` is the one definition of public."""

    def published(self) -> Self:
        """Keep what everybody may see, newest first."""
        return self.filter(PUBLIC).newest_first()

    def readable_by(self, user: "User | AnonymousUser") -> Self:
        """Keep what `user` may see, newest first: internal documents too for a cadre."""
        if user.has_perm("documents.read_internal"):
            return self.filter(state=State.LIVE).newest_first()
        return self.published()

    def known_to(self, user: "User | AnonymousUser") -> Self:
        """Keep what `user` may see, or could see until it was withdrawn."""
        known = self.filter(state__in=(State.LIVE, State.WITHDRAWN))
        if user.has_perm("documents.read_internal"):
            return known
        return known.filter(visibility=Visibility.PUBLIC)

    def originals(self) -> Self:
        """Leave out corrections, which are no documents of their own."""
        return self.filter(corrects=None)

    def newest_first(self) -> Self:
        """Order by date of issue, newest first, undated ones last."""
        return self.order_by(F("issued_on").desc(nulls_last=True), "-pk")

    def for_cards(self) -> Self:
        """Load exactly what `documents/rows.html` reads, in the same query."""
        return self.select_related("type", "issuer").only(
            "slug",
            "sign",
            "abstract",
            "term",
            "state",
            "visibility",
            "issued_on",
            "effective_on",
            "ended_on",
            "ended_by",
            "partly_ended_on",
            "type__name",
            "issuer__name",
            "issuer__short_name",
        )

    def for_page(self) -> Self:
        """Load what the document page reads, in the same query."""
        return self.select_related("type", "issuer", "signer").defer("folded", "words")

    def with_sign(self, sign: signs.Sign) -> Self:
        """Keep the documents that bear `sign`, however it was printed."""
        return self.filter(sign_key=signs.key(sign))


class Document(Publishable):
    """A directive; issuer, type, number and term tell it from every other.

    `ended_on`, `ended_by` and `partly_ended_on` follow from dates and relations; the trigger
    document_standing writes them, and overrules whatever else does.

    A document that was public changes only when a correction is published: another row, which
    `corrects` it, goes the way of every draft, and its content becomes that of the document.
    """

    # What each right over a document asks of a person; whoever may take one down may approve.
    PERMISSIONS: ClassVar = {
        Right.WRITE: "documents.change_document",
        Right.APPROVE: "documents.publish_document",
        Right.WITHDRAW: "documents.publish_document",
        Right.LEAD: "documents.lead_document",
    }
    restorable = True

    TEXT_FIELDS = (
        *("sign", "type", "issuer", "term", "congress", "abstract", "signer"),
        *("issued_on", "effective_on", "expires_on", "visibility"),
    )

    slug = models.SlugField("địa chỉ", max_length=100, editable=False)
    sign = NFCCharField(
        "số, ký hiệu",
        max_length=80,
        blank=True,
        help_text="Ghi như in trên văn bản: 24-CT/TU, 8011-CV/BTCTW, 42/2022/NĐ-CP.",
    )
    sign_key = models.CharField(max_length=80, blank=True, editable=False, db_index=True)
    number = models.PositiveIntegerField("số", null=True, editable=False)
    suffix = models.CharField("phần thêm sau số", max_length=4, blank=True, editable=False)
    type = models.ForeignKey(
        DocumentType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="loại văn bản",
    )
    issuer = models.ForeignKey(
        Issuer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cơ quan ban hành",
    )
    term = NFCCharField(
        "nhiệm kỳ hoặc năm của số",
        max_length=9,
        blank=True,
        help_text="Số của Đảng đánh lại theo nhiệm kỳ: 2020-2025. Số của Nhà nước theo năm: 2022.",
    )
    congress = models.BooleanField(
        "văn kiện đại hội",
        default=False,
        help_text="Văn bản của đại hội mang số chung một hệ thống, không tách theo loại.",
    )
    abstract = NFCTextField("trích yếu", max_length=1000, blank=True)
    signer = models.ForeignKey(
        Signer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ký",
    )
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    effective_on = models.DateField(
        "ngày có hiệu lực",
        null=True,
        blank=True,
        help_text="Để trống: có hiệu lực từ ngày ban hành.",
    )
    expires_on = models.DateField(
        "hết hiệu lực từ ngày",
        null=True,
        blank=True,
        help_text="Chỉ ghi khi chính văn bản định ngày; văn bản thay thế thì ghi ở mục Quan hệ.",
    )
    fields = models.ManyToManyField(Field, blank=True, related_name="+", verbose_name="lĩnh vực")
    visibility = models.CharField(
        "phạm vi", max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="corrections",
        editable=False,
        verbose_name="đính chính cho",
    )
    # What the corrected document said when the correction was begun.
    base_digest = models.CharField(max_length=64, blank=True, editable=False)
    withdrawal_notice = NFCTextField("lý do gỡ", blank=True, editable=False)
    binned_at = models.DateTimeField("bỏ vào thùng rác lúc", null=True, editable=False)
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="người bỏ",
    )
    ended_on = models.DateField("hết hiệu lực toàn bộ từ", null=True, editable=False)
    ended_by = models.CharField("vì", max_length=9, blank=True, editable=False)
    partly_ended_on = models.DateField("hết hiệu lực một phần từ", null=True, editable=False)
    folded = FoldedField(source=("sign", "abstract"))
    # Words of sign, abstract and file texts without diacritics; written by documents/search.py.
    words = SearchVectorField(null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ("-pk",)
        permissions = (
            ("publish_document", "Được duyệt và gỡ văn bản"),
            ("lead_document", "Được đăng khẩn văn bản"),
            ("read_internal", "Được đọc văn bản lưu hành nội bộ"),
            ("empty_bin", "Được xóa hẳn văn bản trong thùng rác"),
        )
        constraints = (
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=("issuer", "type", "number", "suffix", "term"),
                name="document_key_unique",
                condition=Q(congress=False, number__isnull=False, corrects=None),
            ),
            models.UniqueConstraint(
                fields=("issuer", "number", "suffix", "term"),
                name="document_congress_key_unique",
                condition=Q(congress=True, number__isnull=False, corrects=None),
            ),
            models.CheckConstraint(
                name="document_live_is_complete",
                condition=~Q(state=State.LIVE)
                | Q(type__isnull=False, issuer__isnull=False) & ~Q(abstract=""),
            ),
            models.CheckConstraint(
                name="document_visibility_known",
                condition=Q(visibility__in=Visibility.values),
            ),
            models.CheckConstraint(
                name="document_term_well_formed",
                condition=Q(term__regex=f"^{TERM}$"),
                violation_error_message="Hãy ghi nhiệm kỳ như 2020-2025, hoặc năm như 2022.",
            ),
            models.CheckConstraint(
                name="document_expires_after_issue",
                condition=Q(expires_on=None) | Q(issued_on=None) | Q(expires_on__gt=F("issued_on")),
                violation_error_message="Ngày hết hiệu lực phải sau ngày ban hành.",
            ),
            models.CheckConstraint(
                name="document_binned_was_never_public",
                condition=Q(binned_at=None) | Q(went_live_at=None),
            ),
            models.UniqueConstraint(
                fields=("corrects",),
                name="document_correction_open_once",
                condition=Q(state__in=OPEN_STATES, binned_at=None),
            ),
            models.CheckConstraint(
                name="document_correction_never_live",
                condition=Q(corrects=None) | ~Q(state__in=(State.LIVE, State.WITHDRAWN)),
            ),
        )
        indexes = (
            models.Index(
                F("issued_on").desc(nulls_last=True),
                F("id").desc(),
                name="document_newest",
                condition=Q(state=State.LIVE),
                # All that the list filters by, so that it reads no more than the index.
                include=(
                    "visibility",
                    "type",
                    "issuer",
                    "effective_on",
                    "ended_on",
                    "ended_by",
                    "partly_ended_on",
                ),
            ),
            models.Index(
                F("went_live_at").desc(), F("id").desc(), name="document_posted", condition=PUBLIC
            ),
            models.Index(
                F("state"),
                F("updated_at"),
                name="document_in_work",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(F("publish_at"), name="document_due", condition=Q(state=State.APPROVED)),
            models.Index(F("expire_at"), name="document_expires", condition=Q(state=State.LIVE)),
            models.Index(
                F("went_live_at"),
                name="document_unconfirmed",
                condition=Q(state=State.LIVE, unconfirmed=True),
            ),
            GinIndex(fields=("folded",), name="document_folded_trgm", opclasses=("gin_trgm_ops",)),
            # documents/search.py says what the condition is for.
            GinIndex(
                fields=("words",), name="document_words", condition=Q(search.unpacked(F("words")))
            ),
        )

    def __str__(self) -> str:
        """Name the document as people cite it: type and sign, else what it is about."""
        named = f"{self.type.name} số {self.sign}" if self.type and self.sign else self.sign
        return named or self.abstract or f"Văn bản {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store along with what follows from the sign and the abstract.

        A correction is never live itself: published, it is what the document now says.
        """
        if self.corrects_id and self.state == State.LIVE:
            self.state = State.SUPERSEDED
        self.follow_sign()
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            search.refresh(self.pk)

    def follow_sign(self) -> None:
        """Keep number, key, term and address in step with the sign and the abstract."""
        sign = signs.parse(self.sign)
        self.number, self.suffix = (sign.number, sign.suffix) if sign else (None, "")
        self.sign_key = signs.key(sign) if sign else ""
        if sign and sign.year and not self.term:
            self.term = str(sign.year)
        self.slug = slugify(f"{self.sign} {self.abstract}", max_length=80) or "van-ban"

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.slug, self.pk])

    @property
    def is_public(self) -> bool:
        """True when everybody may see the document: `published()` for one that is loaded."""
        return self.state == State.LIVE and self.visibility == Visibility.PUBLIC

    @property
    def in_force_from(self) -> date | None:
        """Return the first day in force, as far as it is known."""
        return self.effective_on or self.issued_on

    def twins(self) -> DocumentQuerySet:
        """Return the other documents with the same key: none may stand beside this one."""
        sign = signs.parse(self.sign)
        if sign is None or self.issuer_id is None or (self.type_id is None and not self.congress):
            return Document.objects.none()
        own = (self.pk, self.corrects_id)
        same = (
            Document.objects.originals()
            .exclude(pk__in=[pk for pk in own if pk])
            .filter(
                issuer=self.issuer_id,
                number=sign.number,
                suffix=sign.suffix,
                term=self.term,
                congress=self.congress,
            )
        )
        return same if self.congress else same.filter(type=self.type_id)

    # One door to publishing (core/publishing.py)

    def locked(self, *, wait: bool = True) -> "Document":
        """Lock all documents against being moved or related, then read this one anew.

        No key of it changes, and so texts that cite it need not wait.
        """
        if not lock_documents(wait=wait):
            raise Document.DoesNotExist
        mine = Document.objects.select_for_update(skip_locked=not wait, no_key=True)
        return mine.get(pk=self.pk)

    def grants(self, user: "User", right: Right) -> bool:
        """Return whether the role of `user` gives `right`: documents are nobody's own."""
        return user.is_active and self.binned_at is None and user.has_perm(self.PERMISSIONS[right])

    def content(self) -> dict[str, Any]:
        """Return what readers see: fields by name, relations, and files by their digests."""
        return {
            **{name: self.serializable_value(name) for name in self.TEXT_FIELDS},
            "fields": sorted(field.pk for field in self.fields.all()),
            "acts": [[act.kind, act.target_id, act.provisions] for act in self.acts_in_order()],
            "files": [[file.role, file.name, file.sha256] for file in self.current_files()],
        }

    def acts_in_order(self) -> list[Relation]:
        """Return what this document does to others, in one lasting order."""
        return sorted(self.acts.all(), key=lambda act: (act.kind, act.target_id, act.pk))

    def current_files(self) -> list[DocumentFile]:
        """Return the files that no other has replaced, in their order, without their texts."""
        known: list[DocumentFile] | None = vars(self).get("read_files")
        return list(self.files.current()) if known is None else known

    def read_parts(self) -> None:
        """Read fields, relations and files at once, for a page that only shows them.

        Those of the document that this one corrects come along.
        """
        acts = Relation.objects.select_related("target__type", "target__issuer").defer(
            "target__words", "target__folded"
        )
        files = DocumentFile.objects.current().select_related("cleared_by")
        prefetch_related_objects(
            [one for one in (self, self.corrects) if one],
            "fields",
            Prefetch("acts", acts),
            Prefetch("files", files, to_attr="read_files"),
        )

    def stamp(self) -> str:
        """Return what differs also when only an hour was changed: the form shows hours."""
        return f"{super().stamp()} {self.updated_at.isoformat()}"

    def problems(self) -> list[Problem]:
        """Return what the checklist finds (documents/checklist.py)."""
        return checklist.problems(self)

    def make_way(self) -> None:
        """Leave the others alone: a document supersedes none by being published."""

    def entered(self, state: State, *, at: datetime, reason: str) -> None:
        """Keep the notice that readers find in place of a withdrawn document; or correct one."""
        if self.corrects_id and state == State.LIVE:
            corrections.carry_out(self)
            return
        self.withdrawal_notice = reason if state == State.WITHDRAWN else ""
        self.save(update_fields=["withdrawal_notice"])

    def audit_subject(self) -> "Document":
        """Return the document itself, for a correction the one that it corrects."""
        return self.corrects or self


def lock_documents(*, wait: bool = True) -> bool:
    """Keep other transactions from moving or relating documents until commit.

    Without `wait`, return False when another one is at it.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT documents_lock()")
            return True
        cursor.execute("SELECT documents_try_lock()")
        return bool(cursor.fetchone()[0])
