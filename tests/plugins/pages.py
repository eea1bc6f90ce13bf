"""Pages in tests name static files as they lie in the project, so that no test needs `collectstatic`."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PLAIN}):
        yield
