"""Whether a copy is the one that the library holds: by its SHA-256, whoever computes it.

A browser computes it by itself and asks for ?sha256=…; without JavaScript the file is uploaded,
digested on its way through, stored nowhere, and answered with a redirect to the same question.
"""

import hashlib
import re
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.caching import public_unless_signed_in
from documents.files import DocumentFile
from documents.models import Document
from documents.validity import Status, status

LIMIT = 100 * 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
SHOWN = 10  # of the documents that hold the same file

MALFORMED = (
    "Mã SHA-256 phải gồm đúng 64 ký tự, từ 0 đến 9 và từ a đến f. "
    "Hãy chép lại cả mã, hoặc chọn tệp."
)
NO_FILE = "Bạn chưa chọn tệp. Hãy chọn tệp cần kiểm tra rồi bấm lại."
EMPTY = "Tệp vừa chọn rỗng (0 byte). Hãy chọn lại tệp."
SEVERAL = "Mỗi lần chỉ kiểm tra được một tệp. Hãy chọn một tệp."
TOO_LARGE = "Tệp lớn hơn 100 MB, thư viện không có tệp nào lớn như vậy."


# The form changes nothing and tells nobody anything about who sends it: nothing to forge. Checking
# a token would also read the upload before the handler below is in place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_unless_signed_in
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with ?sha256=… also the answer; an upload is redirected to that answer."""
    if request.method == "POST":
        return _digested(request)
    sha256 = request.GET.get("sha256")
    if sha256 is None:
        return _page(request)
    sha256 = "".join(sha256.split()).lower()
    if not SHA256.fullmatch(sha256):
        return _page(request, problem=MALFORMED)
    return _page(request, sha256=sha256, copies=copies(request, sha256))


def copies(request: HttpRequest, sha256: str) -> list[tuple[DocumentFile, Status]]:
    """Return the files with this digest that the reader may know of, current ones first.

    Each comes with the status of its document today. One query, the same for whatever the reader
    may not know of.
    """
    files = (
        DocumentFile.objects.filter(
            sha256=sha256, document__in=Document.objects.readable_by(request.user)
        )
        .select_related("document__type", "replaced_by")
        .defer("text", "replaced_by__text", "document__folded", "document__words")
        .order_by(F("replaced_by_id").asc(nulls_first=True), "pk")
    )
    today = timezone.localdate()
    return [(file, status(file.document, today)) for file in files[:SHOWN]]


class DigestHandler(FileUploadHandler):
    """Takes the SHA-256 of each uploaded file as it passes, and keeps nothing of it."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.digests: list[str] = []
        self.sizes: list[int] = []
        self.too_large = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]] | None:
        """Leave a body over LIMIT unread."""
        self.too_large = content_length > LIMIT
        return (QueryDict(), MultiValueDict()) if self.too_large else None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file."""
        super().new_file(*args, **kwargs)
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Digest a part; returning nothing ends its way."""
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Note the digest; no file reaches the request."""
        self.digests.append(self._digest.hexdigest())
        self.sizes.append(file_size)

    @property
    def problem(self) -> str:
        """Return what is wrong with the upload, "" when it was one file with something in it."""
        if self.too_large:
            return TOO_LARGE
        if len(self.digests) != 1:
            return SEVERAL if self.digests else NO_FILE
        return "" if self.sizes[0] else EMPTY


def _digested(request: HttpRequest) -> HttpResponse:
    handler = DigestHandler(request)
    request.upload_handlers = [handler]
    list(request.FILES)  # runs the handler, which lets no file through
    if handler.problem:
        return _page(request, problem=handler.problem)
    return redirect(reverse("documents:verify", query={"sha256": handler.digests[0]}))


def _page(request: HttpRequest, **answer: Any) -> HttpResponse:
    code = 400 if "problem" in answer else 200
    return render(request, "documents/verify.html", answer, status=code)
