"""One line per verb."""

app_name = "activities"
urlpatterns: list = []
