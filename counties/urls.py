"""One line per verb; the site's own pages behind "Settings"."""

from django.urls import path

from counties.views import code_lists, filters, inbox, people, questions, settings, texts, trail

app_name = "counties"
urlpatterns = [
    path("filters/", filters.saved_filters, name="filters"),
    path("filters/save/", filters.save, name="save_filter"),
    path("filters/<uuid:pk>/retire/", filters.retire, name="retire_filter"),
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read/", inbox.read_all, name="read_messages"),
    path("messages/<uuid:pk>/", inbox.open_message, name="open_message"),
    path("messages/<uuid:pk>/done/", inbox.finish, name="finish_message"),
    path("settings/", settings.settings, name="settings"),
    path("settings/lists/", code_lists.code_lists, name="code_lists"),
    path("settings/texts/", texts.texts, name="texts"),
    path("settings/texts/write/", texts.write, name="write_text"),
    path("settings/questions/", questions.questions, name="questions"),
    path("settings/questions/new/", questions.add, name="add_question"),
    path("settings/questions/<uuid:pk>/retire/", questions.retire, name="retire_question"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/give-role/", people.give, name="give_role"),
    path("settings/roles/<int:pk>/end/", people.end, name="end_role"),
    path("settings/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("settings/invitations/<int:pk>/resend/", people.resend, name="resend_invitation"),
    path("settings/trail/", trail.trail, name="trail"),
    path("settings/trail/<uuid:pk>/", trail.event, name="event"),
]
