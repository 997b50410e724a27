from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Tin tức"

    def ready(self) -> None:
        from core.uses import register, watch
        from news import uses

        register("news_edition", uses.articles_of)
        watch(uses.fixed, uses.note)
