"""One mail for a person and period that says how many messages wait: no name, no case detail, no quiet hour."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.access import access_to_site
from counties.emails import digest_mail, digest_words
from counties.messages import refresh
from counties.models import Message, Site
from counties.texting import text_sender
from counties.texts import DIGEST
from counties.wall import site_scope

log = logging.getLogger(__name__)


def is_due(person: User, now: dt.datetime) -> bool:
    """Whether the person may be mailed at this instant: active, by choice, outside quiet hours, not yet this period."""
    local = timezone.localtime(now)
    if not person.is_active or person.digest == User.Digest.OFF or _is_quiet(person, local.time()):
        return False
    today = local.date()
    weekly = person.digest == User.Digest.WEEKLY
    begins = today - dt.timedelta(days=today.weekday()) if weekly else today
    return person.digest_on is None or person.digest_on < begins


def _is_quiet(person: User, now: dt.time) -> bool:
    begins, ends = person.quiet_from, person.quiet_until
    return begins <= now < ends if begins <= ends else now >= begins or now < ends


@transaction.atomic
def send_digest(*, person_id: int, now: dt.datetime) -> bool:
    """Mail one person if something new waits and it is time; True when a mail left.

    The person's row is locked, so two at once send one. The mail goes before the commit: when the mail server is
    out, nothing is marked and the next round tries again.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    if not is_due(person, now):
        return False
    sites = _sites(person, now)
    news = [line for site in sites if (line := _news(person, site, now))]
    if not news:
        return False
    digest_mail(person, news, {s.name: DIGEST.filled(s.settings, site=s.name) for s in sites}).send()
    person.digest_on = timezone.localdate(now)
    person.save(update_fields=["digest_on"])
    record("digest.sent", person, sites=len(news), messages=sum(new for _, new, _ in news))
    transaction.on_commit(lambda: _text(person, digest_words(news)))
    return True


def _sites(person: User, now: dt.datetime) -> list[Site]:
    """Where the person holds a role today; a role that ended is told nothing."""
    here = person.roles.on(timezone.localdate(now)).exclude(site=None).values("site")
    return list(Site.objects.filter(pk__in=here).select_related("settings"))


def _news(person: User, site: Site, now: dt.datetime) -> tuple[str, int, int] | None:
    """Site, new and waiting messages, after asking once more what still applies; None without anything new."""
    with site_scope(site.id):
        access = access_to_site(person, site)
        refresh(access, timezone.localdate(now))
        mine = Message.objects.visible_to(access)
        new = mine.unread().filter(mailed_at=None).update(mailed_at=now)
        return (site.name, new, mine.waiting().count()) if new else None


def _text(person: User, words: str) -> None:
    """The same line as a text message, where a sender is connected; its failure loses no mail."""
    sender = text_sender()
    if sender is None or not person.mobile:
        return
    try:
        sender.send(person.mobile, f"{words}. Sign in to read.")
    except Exception:
        log.exception("A text message was not taken.")
