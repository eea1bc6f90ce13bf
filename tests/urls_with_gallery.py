"""The product's addresses and the style guide, which otherwise exists only in demo and debug."""

from psp.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from psp.views_styleguide import urlpatterns as gallery

urlpatterns = [*urlpatterns, *gallery]
