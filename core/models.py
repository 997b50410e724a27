"""The tables of core, each written beside the rules that belong to it."""

from core.audit import AuditEntry
from core.content_version import ContentVersion
from core.media import Photo
from core.presence import Autosave, Presence
from core.remarks import Remark
from core.search.entries import SearchEntry
from core.search.vocabulary import SearchWord
from core.snapshots import Snapshot
from core.uses import PhotoUse, VideoUse
from core.video import Video

__all__ = [
    "AuditEntry",
    "Autosave",
    "ContentVersion",
    "Photo",
    "PhotoUse",
    "Presence",
    "Remark",
    "SearchEntry",
    "SearchWord",
    "Snapshot",
    "Video",
    "VideoUse",
]
