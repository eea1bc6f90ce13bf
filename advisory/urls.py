"""One line per verb."""

app_name = "advisory"
urlpatterns: list = []
