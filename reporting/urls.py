"""One line per verb."""

app_name = "reporting"
urlpatterns: list = []
