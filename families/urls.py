"""One line per verb."""

app_name = "families"
urlpatterns: list = []
