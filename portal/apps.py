from django.apps import AppConfig
from django.core.checks import register

from portal.checks import environment


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang thông tin"

    def ready(self) -> None:
        register(environment)
