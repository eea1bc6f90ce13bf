"""Work handed to Celery: ids in, safe to run twice."""

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from counties import digests, jobs
from counties.access import Access, access_to_site
from counties.digests import is_due
from counties.messages import people_told, refresh
from counties.models import Invitation, RoleAssignment, Site
from counties.wall import site_scope


@shared_task(name="counties.run_job")
def run_job(site_id: int, job_id: str) -> None:
    """Run one job of a site (see `counties.jobs`)."""
    jobs.run(site_id, job_id)


@shared_task(name="counties.ring_queued_jobs")
def ring_queued_jobs() -> None:
    """Every minute: ring again for work whose message was lost or whose worker was killed."""
    for site_id in Site.objects.values_list("id", flat=True):
        for job_id in jobs.ring_again(site_id):
            run_job.delay(site_id, job_id)


@shared_task(name="counties.forget_expired_jobs")
def forget_expired_jobs() -> None:
    """Every night: a finished job's file and result are gone after seven days, as its page says."""
    for site_id in Site.objects.values_list("id", flat=True):
        jobs.forget_expired(site_id)


@shared_task(name="counties.send_invitation")
def send_invitation(invitation_id: int) -> None:
    """Mail an invitation's link while it is open; twice sends the same link twice."""
    from counties.actions.invitations import works
    from counties.emails import invitation_mail

    invitation = Invitation.objects.select_related("site__settings", "invited_by").get(pk=invitation_id)
    if works(invitation):
        invitation_mail(invitation).send()


@shared_task(name="counties.refresh_messages")
def refresh_messages() -> None:
    """Every hour: one task for each site, so that the numbers in the header and the digests are true."""
    for site_id in Site.objects.open_on(timezone.localdate()).values_list("id", flat=True):
        refresh_site_messages.delay(site_id)


@shared_task(name="counties.refresh_site_messages")
def refresh_site_messages(site_id: int) -> None:
    """Bring everybody's messages in line with what is true; whoever left has none any more."""
    today, site = timezone.localdate(), Site.objects.get(pk=site_id)
    with site_scope(site_id):
        here = Q(pk__in=RoleAssignment.objects.on(today).filter(site=site).values("person"))
        for person in User.objects.filter(here | people_told()):
            access = access_to_site(person, site) if person.is_active else Access(person, site, frozenset())
            refresh(access, today)


@shared_task(name="counties.send_digests")
def send_digests() -> None:
    """Every half hour: one task for each person whose digest may go out now."""
    now = timezone.now()
    for person in User.objects.filter(is_active=True).exclude(digest=User.Digest.OFF):
        if is_due(person, now):
            send_digest.delay(person.pk)


@shared_task(name="counties.send_digest")
def send_digest(user_id: int) -> None:
    """Mail one person what waits, at most once in their period."""
    digests.send_digest(person_id=user_id, now=timezone.now())
