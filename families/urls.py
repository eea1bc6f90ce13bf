"""One line per verb. The family page is `family`, in `psp/urls_site.py`."""

from django.urls import path

from families import consent_views, placement_views, seal_views, views

app_name = "families"
urlpatterns = [
    path("", views.family_list, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/parents/new/", views.add_parent, name="add_parent"),
    path("parents/<uuid:pk>/edit/", views.edit_parent, name="edit_parent"),
    path("<uuid:pk>/children/new/", views.add_child, name="add_child"),
    path("children/<uuid:pk>/edit/", views.edit_child, name="edit_child"),
    path("children/<uuid:pk>/removals/new/", views.record_episode, name="record_episode"),
    path("removals/<uuid:pk>/placements/new/", placement_views.record_placement, name="record_placement"),
    path("placements/<uuid:pk>/edit/", placement_views.edit_placement, name="edit_placement"),
    path("placements/<uuid:pk>/strike/", placement_views.strike_placement, name="strike_placement"),
    path("removals/<uuid:pk>/edit/", views.edit_episode, name="edit_episode"),
    path("consents/", consent_views.consents, name="consents"),
    path("parents/<uuid:pk>/consents/new/", consent_views.record_consent, name="record_consent"),
    path("consents/<uuid:pk>/", consent_views.consent, name="consent"),
    path("consents/files/<uuid:pk>/", consent_views.consent_file, name="consent_file"),
    path("consents/<uuid:pk>/revoke/", consent_views.revoke_consent, name="revoke_consent"),
    path("disclosures/", consent_views.disclosures, name="disclosures"),
    path("parents/<uuid:pk>/disclosures/new/", consent_views.record_disclosure, name="record_disclosure"),
    path("<uuid:pk>/seal/", seal_views.seal, name="seal"),
    path("<uuid:pk>/unseal/", seal_views.unseal, name="unseal"),
    path("<uuid:pk>/ties/new/", seal_views.declare_tie, name="declare_tie"),
    path("ties/", seal_views.ties, name="ties"),
    path("ties/<uuid:pk>/lift/", seal_views.lift_tie, name="lift_tie"),
]
