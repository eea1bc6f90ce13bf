"""Work handed to Celery: ids in, safe to run twice."""

from celery import shared_task

from accounts.emails import reset_mail
from accounts.models import User


@shared_task(name="accounts.send_reset")
def send_reset(user_id: int) -> None:
    """Mail the link for a new password, made here: no queue and no log ever holds one."""
    if person := User.objects.filter(pk=user_id, is_active=True).first():
        reset_mail(person).send()
