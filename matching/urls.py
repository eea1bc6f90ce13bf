"""One line per verb."""

from django.urls import path

from matching import (
    views,
    views_conflicts,
    views_offers,
    views_plans,
    views_reassign,
    views_steps,
    views_suggest,
)

app_name = "matching"
urlpatterns = [
    path("", views.list_matches, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/accept/", views.accept, name="accept"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/advance/", views_steps.advance, name="advance"),
    path("<uuid:pk>/offer/", views_offers.offer, name="offer"),
    path("<uuid:pk>/offer/accept/", views_offers.accept_offer, name="accept_offer"),
    path("<uuid:pk>/offer/decline/", views_offers.decline_offer, name="decline_offer"),
    path("<uuid:pk>/pause/", views_steps.pause, name="pause"),
    path("<uuid:pk>/expect-back/", views_steps.expect_back, name="expect_back"),
    path("<uuid:pk>/resume/", views_steps.resume, name="resume"),
    path("<uuid:pk>/settle/", views_steps.settle, name="settle"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("enrollments/<uuid:pk>/close/", views.close_enrollment, name="close_enrollment"),
    path("waiting/", views_suggest.waiting, name="waiting"),
    path("plans/", views_plans.plans, name="plans"),
    path("plans/<uuid:pk>/", views_plans.plan, name="plan"),
    path("plans/<uuid:pk>/accept/", views_plans.accept_plan, name="accept_plan"),
    path("plans/<uuid:pk>/hand-on/", views_reassign.accept_reassignment, name="accept_reassignment"),
    path("partners/<uuid:pk>/reassign/", views_reassign.reassign, name="reassign"),
    path("plans/lines/<uuid:pk>/change/", views_plans.change_line, name="change_line"),
    path("plans/lines/<uuid:pk>/take-off/", views_plans.take_off_line, name="take_off_line"),
    path("plans/lines/<uuid:pk>/put-back/", views_plans.put_back_line, name="put_back_line"),
    path("referrals/<uuid:pk>/suggest/", views_suggest.suggest, name="suggest"),
    path("referrals/<uuid:pk>/propose/", views_suggest.propose, name="propose"),
    path("parents/<uuid:pk>/conflicts/new/", views_conflicts.record_conflict, name="record_conflict"),
    path("conflicts/<uuid:pk>/lift/", views_conflicts.lift_conflict, name="lift_conflict"),
    path("weights/", views_conflicts.weights, name="weights"),
    path("distances/", views_conflicts.distances, name="distances"),
]
