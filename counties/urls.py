"""One line per verb."""

app_name = "counties"
urlpatterns: list = []
