"""Work handed to Celery: ids in, safe to run twice."""

from celery import shared_task

from counties import jobs
from counties.models import Invitation, Site


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
