"""One line per verb."""

from django.urls import path

from exchange import views

app_name = "exchange"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/empty-files/", views.templates, name="templates"),
    path("imports/<uuid:pk>/", views.run, name="run"),
    path("imports/<uuid:pk>/refused/", views.refused, name="refused"),
]
