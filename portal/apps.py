from django.apps import AppConfig
from django.core.checks import register

from portal.checks import environment


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang thông tin"

    def ready(self) -> None:
        from documents.signals import file_downloaded
        from portal import downloads

        register(environment)
        file_downloaded.connect(downloads.count, dispatch_uid="portal.downloads")
