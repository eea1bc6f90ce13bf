"""One line per verb."""

app_name = "outreach"
urlpatterns: list = []
