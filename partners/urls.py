"""One line per verb."""

app_name = "partners"
urlpatterns: list = []
