"""Offering a parent to another site, and the answer coming back (docs/adr/0023).

The only place that writes across the wall, and only these two things: an incoming referral with what a live
consent covers, and the status of the offer. Each is on record in both sites' trails.
"""

from __future__ import annotations

from collections.abc import Collection

import uuid_utils.compat as uuid_utils
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.record import record
from counties.models import Site
from counties.wall import handing_over_to
from counties.wall.scope import current_site_id
from families.codes import RecordCategory
from families.consent_actions import record_disclosure
from families.models import Parent
from referrals.models import IncomingReferral, ReferralSource, Transfer

PURPOSE = "Transfer to another PSP site"
"""What the consent has to name as its purpose."""
CATEGORIES = [RecordCategory.PARTICIPATION, RecordCategory.IDENTITY]
GOES_ALONG = ["first_name", "last_name", "phone", "email", "language"]
"""Name and how to reach: columns of the parent that the two categories cover. Nothing else leaves the site."""


class CannotTransfer(ValidationError):
    """The parent cannot be offered to that site now, or the offer is answered already."""


@transaction.atomic
def offer_transfer(*, parent: Parent, to_site: Site, by: User, confirmed: Collection[str] = ()) -> Transfer:
    """Offer a parent to another site and hand over name, how to reach them and language (V13).

    Raises:
        NoLiveConsent: says what is missing.
        CannotTransfer: the own site, a closed one, or an offer that is open.
    """
    parent = Parent.objects.select_for_update().get(pk=parent.pk)
    if to_site.pk == current_site_id() or to_site.is_closed:
        raise CannotTransfer({"to_site": "Choose another site that is open."})
    if parent.transfers.filter(status=Transfer.Status.OFFERED).exists():
        raise CannotTransfer(f"{parent} is offered to a site already. Take that offer back first.")
    disclosure = record_disclosure(
        parent=parent, recipient=to_site.name, categories=[str(c) for c in CATEGORIES], purpose=PURPOSE, by=by
    )
    transfer = Transfer.objects.create(
        site_id=parent.site_id, parent=parent, to_site=to_site, disclosure=disclosure, offered_by=by,
        categories=disclosure.categories, incoming_id=uuid_utils.uuid7(),
    )  # fmt: skip
    given = {name: getattr(parent, name) for name in GOES_ALONG}
    with handing_over_to(to_site.pk):
        incoming = IncomingReferral.objects.create(
            id=transfer.incoming_id, site_id=to_site.pk, source=ReferralSource.OTHER, from_site_id=parent.site_id,
            transfer_id=transfer.pk, parent_agrees=True, **given,
        )  # fmt: skip
        record("transfer.received", incoming, from_site=parent.site_id, actor_id=by.pk)
    record("transfer.offered", parent.family, parent, transfer, to_site=to_site.slug, actor_id=by.pk)
    return transfer


@transaction.atomic
def take_back_transfer(*, transfer: Transfer, by: User, confirmed: Collection[str] = ()) -> Transfer:
    """Take an offer back that the other site has not answered; what was handed over stays in the log.

    Raises:
        CannotTransfer: answered already.
    """
    with handing_over_to(transfer.to_site_id):
        waiting = IncomingReferral.objects.select_for_update().filter(
            pk=transfer.incoming_id, transfer_id=transfer.pk, status=IncomingReferral.Status.NEW
        )
        taken = waiting.first()
        if taken:
            taken.status = IncomingReferral.Status.DECLINED
            taken.decline_reason = IncomingReferral.DeclineReason.TAKEN_BACK
            taken.answered_at = timezone.now()
            taken.save()
            record("transfer.taken_back", taken, actor_id=by.pk)
    if not taken:
        raise CannotTransfer("The other site has answered already. Look at it again.")
    return _answered(transfer.pk, Transfer.Status.TAKEN_BACK)


def tell_sender(incoming: IncomingReferral, *, is_accepted: bool) -> None:
    """Write the receiving site's answer into the sender's offer; a reason does not go back."""
    if incoming.transfer_id is None:
        return
    status = Transfer.Status.ACCEPTED if is_accepted else Transfer.Status.DECLINED
    here = current_site_id()
    with handing_over_to(incoming.from_site_id):
        if not Transfer.objects.filter(pk=incoming.transfer_id, to_site_id=here).exists():
            raise CannotTransfer("This offer is not there any more.")
        _answered(incoming.transfer_id, status)


def _answered(pk: object, status: str) -> Transfer:
    transfer = Transfer.objects.select_for_update(of=("self",)).select_related("parent__family").get(pk=pk)
    if transfer.status != Transfer.Status.OFFERED:
        raise CannotTransfer("This offer is answered already. Look at it again.")
    transfer.status, transfer.answered_at = status, timezone.now()
    transfer.save()
    record(f"transfer.{status}", transfer.parent.family, transfer)
    return transfer
