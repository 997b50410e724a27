from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Trang thông tin"

    def ready(self) -> None:
        from portal import checks  # noqa: F401 (registers)
