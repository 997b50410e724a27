from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Văn bản"

    def ready(self) -> None:
        from core.search.tokens import register
        from documents import indexing

        register(indexing.found_signs)
