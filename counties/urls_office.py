"""What state administrators do: sites and people, never figures or families."""

app_name = "office"
urlpatterns: list = []
