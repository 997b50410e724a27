from django.apps import AppConfig
from django.core.checks import register

from portal.checks import environment


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang thông tin"

    def ready(self) -> None:
        from core.publishing import moved
        from core.uses import register as register_uses
        from documents.signals import file_downloaded
        from news.checklist.links import TARGETS
        from portal import downloads, notices, uses
        from portal.models import Page

        register(environment)
        register_uses("portal_page", uses.pages)
        file_downloaded.connect(downloads.count, dispatch_uid="portal.downloads")
        moved.connect(notices.write, dispatch_uid="portal.notices")
        TARGETS["page"] = ("slug", Page.objects.published)
