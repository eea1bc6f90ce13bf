from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit.triggers import let_nothing_be_ignored

        let_nothing_be_ignored()
