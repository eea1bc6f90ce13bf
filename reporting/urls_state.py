"""What state staff see: figures, never families."""

app_name = "state"
urlpatterns: list = []
