from django.apps import AppConfig


class CountiesConfig(AppConfig):
    name = "counties"

    def ready(self) -> None:
        from celery.signals import worker_init

        from counties import checks

        worker_init.connect(checks.refuse_dangerous_role)
