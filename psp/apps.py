from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PspConfig(AppConfig):
    name = "psp"

    def ready(self) -> None:
        # Tasks named with @shared_task find their queue only once the app exists.
        from psp import celery  # noqa: F401
        from psp.forms import say_what_to_do

        say_what_to_do()
        autodiscover_modules("messages")  # what each room tells people (counties/messages.py)
        autodiscover_modules("texts")  # what a site may write itself (counties/texts.py)
