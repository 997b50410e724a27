"""Downloads on their way from the library to the counter."""

from typing import Any

from django.http import HttpRequest

from documents.files import DocumentFile
from stats import beacon


def count(sender: Any, *, file: DocumentFile, request: HttpRequest, **kwargs: Any) -> None:
    """Receive documents.signals.file_downloaded: any file of a document counts for it."""
    beacon.record_download(request.META, file.document_id)
