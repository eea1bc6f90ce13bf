"""One line per verb."""

app_name = "matching"
urlpatterns: list = []
