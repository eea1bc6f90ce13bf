"""One line per verb."""

from django.urls import path

from partners import (
    views,
    views_career,
    views_clinical,
    views_own,
    views_recruitment,
    views_sessions,
    views_training,
)

app_name = "partners"
urlpatterns = [
    path("", views.list_partners, name="list"),
    path("me/", views_own.my_profile, name="my_profile"),
    path("me/wellness/", views_career.wellness, name="wellness"),
    path("<uuid:pk>/career/", views_career.add_career_entry, name="add_career_entry"),
    path("career/<uuid:pk>/strike/", views_career.strike_career_entry, name="strike_career_entry"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/leave/", views.begin_leave, name="begin_leave"),
    path("<uuid:pk>/return/", views.end_leave, name="end_leave"),
    path("recruiting/", views_recruitment.recruiting, name="recruiting"),
    path("recruiting/new/", views_recruitment.register_interest, name="register_interest"),
    path("recruiting/<uuid:pk>/", views_recruitment.recruitment, name="recruitment"),
    path("recruiting/<uuid:pk>/edit/", views_recruitment.edit_recruitment, name="edit_recruitment"),
    path("recruiting/<uuid:pk>/move/", views_recruitment.move_recruitment, name="move_recruitment"),
    path("training/", views_training.training, name="training"),
    path("training/new/", views_training.record_training, name="record_training"),
    path("training/<uuid:pk>/certificate/", views_training.add_certificate, name="add_certificate"),
    path("training/topics/new/", views_training.add_topic, name="add_topic"),
    path("training/topics/<uuid:pk>/retire/", views_training.retire_topic, name="retire_topic"),
    path("training/certificates/<uuid:pk>/", views_training.certificate, name="certificate"),
    path("training/<uuid:pk>/strike/", views_training.strike_training, name="strike_training"),
    path("sessions/", views_sessions.list_sessions, name="sessions"),
    path("sessions/new/", views_sessions.record_session, name="record_session"),
    path("sessions/<uuid:pk>/", views_sessions.session, name="session"),
    path("sessions/<uuid:pk>/strike/", views_sessions.strike_session, name="strike_session"),
    path("sessions/<uuid:pk>/agree/", views_sessions.agree_step, name="agree_step"),
    path("sessions/notes/<uuid:pk>/", views_sessions.write_note, name="write_note"),
    path("sessions/agreed/<uuid:pk>/", views_sessions.agreed_step, name="agreed_step"),
    path("sessions/agreed/<uuid:pk>/strike/", views_sessions.strike_agreed_step, name="strike_agreed_step"),
    path("clinical/", views_clinical.clinical, name="clinical"),
    path("clinical/plan/", views_clinical.plan_clinical, name="plan_clinical"),
    path("clinical/<uuid:pk>/", views_clinical.clinical_month, name="clinical_month"),
    path("clinical/providers/new/", views_clinical.add_provider, name="add_provider"),
    path("clinical/providers/<uuid:pk>/", views_clinical.edit_provider, name="edit_provider"),
    path("sessions/<uuid:pk>/edit/", views_sessions.edit_session, name="edit_session"),
]
