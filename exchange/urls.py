"""One line per verb."""

app_name = "exchange"
urlpatterns: list = []
