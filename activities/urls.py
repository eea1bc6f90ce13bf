"""One line per verb."""

from django.urls import path

from activities import (
    views,
    views_calendar,
    views_dates,
    views_drafts,
    views_family,
    views_goals,
    views_incidents,
    views_work,
)

app_name = "activities"
urlpatterns = [
    path("", views.contact_list, name="list"),
    path("log/", views.log, name="log"),
    path("log/draft/", views_drafts.save_draft, name="save_draft"),
    path("drafts/<uuid:pk>/discard/", views_drafts.discard_draft, name="discard_draft"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("standard/", views_family.standard, name="standard"),
    path("families/<uuid:pk>/timeline/", views_family.timeline, name="timeline"),
    path("enrollments/<uuid:pk>/level/", views_family.change_level, name="change_level"),
    path("parents/<uuid:pk>/goals/new/", views_family.set_goal, name="set_goal"),
    path("families/<uuid:pk>/plan-input/", views_goals.plan_input, name="plan_input"),
    path("goals/<uuid:pk>/", views_goals.goal, name="goal"),
    path("goals/<uuid:pk>/celebrate/", views_goals.celebrate_goal, name="celebrate_goal"),
    path("steps/<uuid:pk>/done/", views_goals.mark_step, name="mark_step"),
    path("steps/<uuid:pk>/strike/", views_goals.strike_step, name="strike_step"),
    path("goals/<uuid:pk>/end/", views_family.end_goal, name="end_goal"),
    path("dates/", views_dates.events, name="events"),
    path("dates/new/", views_dates.plan_event, name="plan_event"),
    path("dates/<uuid:pk>/attendance/", views_dates.attendance, name="attendance"),
    path("dates/<uuid:pk>/edit/", views_dates.edit_event, name="edit_event"),
    path("dates/<uuid:pk>/psp.ics", views_calendar.event_ics, name="event_ics"),
    path("dates/feed/", views_calendar.feed_settings, name="feed"),
    path("dates/feed/revoke/", views_calendar.revoke_feed, name="revoke_feed"),
    path("dates/<uuid:pk>/cancel/", views_dates.cancel_event, name="cancel_event"),
    path("follow-ups/", views_work.follow_ups, name="follow_ups"),
    path("follow-ups/new/", views_work.add_follow_up, name="add_follow_up"),
    path("follow-ups/<uuid:pk>/end/", views_work.end_follow_up, name="end_follow_up"),
    path("time/", views_work.time, name="time"),
    path("time/new/", views_work.log_time, name="log_time"),
    path("time/<uuid:pk>/strike/", views_work.strike_time, name="strike_time"),
    path("incidents/", views_incidents.incidents, name="incidents"),
    path("incidents/new/", views_incidents.record_incident, name="record_incident"),
    path("report-a-concern/", views_incidents.report_help, name="report_help"),
]
