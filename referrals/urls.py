"""One line per verb."""

app_name = "referrals"
urlpatterns: list = []
