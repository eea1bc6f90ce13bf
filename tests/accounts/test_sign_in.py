"""The sign-in pages: what they say, what they refuse, what does not exist."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from accounts.tasks import send_reset
from tests.accounts.people import PASSWORD, give_password, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_confirm_email", "account_request_login_code"]
)
def test_there_is_no_way_in_but_an_invitation(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert Client().get("/accounts/signup/").status_code == 404


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(rock_council: User) -> None:
    page = (
        Client().post("/accounts/login/", {"login": rock_council.email, "password": "wrong"}).content.decode()
    )
    assert f'value="{rock_council.email}"' in page
    assert "do not belong together" in page
    assert 'value="wrong"' not in page


def test_an_unknown_address_gets_the_same_words() -> None:
    page = (
        Client()
        .post("/accounts/login/", {"login": "nobody@rock.example", "password": "wrong"})
        .content.decode()
    )
    assert "do not belong together" in page


def test_the_sixth_wrong_password_is_too_many(rock_council: User) -> None:
    give_password(rock_council)
    for _ in range(6):
        answer = Client().post("/accounts/login/", {"login": rock_council.email, "password": "wrong"})
    assert "Too many" in answer.content.decode()
    assert "_auth_user_id" not in sign_in(rock_council).session


def test_the_sign_in_returns_to_the_page_asked_for(rock_council: User) -> None:
    give_password(rock_council)
    fields = {"login": rock_council.email, "password": PASSWORD, "next": "/accounts/sessions/"}
    assert Client().post("/accounts/login/", fields).headers["Location"] == "/accounts/sessions/"
    fields["next"] = "https://elsewhere.example/"
    assert Client().post("/accounts/login/", fields).headers["Location"] == "/"


def test_the_link_of_a_reset_leads_to_our_own_address(rock_council: User, mailoutbox, settings) -> None:
    settings.ADDRESS = "https://psp.example.gov"
    send_reset.run(rock_council.pk)
    (link,) = [word for word in mailoutbox[0].body.split() if "/reset/key/" in word]
    assert link.startswith("https://psp.example.gov/accounts/password/reset/key/")


def test_a_password_reset_says_nothing_about_who_has_an_account(
    rock_council: User, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    """Neither in words nor by the time it takes: the mail is the worker's."""
    with django_capture_on_commit_callbacks() as queued:
        known = Client().post("/accounts/password/reset/", {"email": rock_council.email})
        unknown = Client().post("/accounts/password/reset/", {"email": "nobody@rock.example"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/accounts/password/reset/done/"
    assert len(queued) == 1 and mailoutbox == []
    send_reset.run(rock_council.pk)
    assert [m.to for m in mailoutbox] == [[rock_council.email]]
    User.objects.filter(pk=rock_council.pk).update(is_active=False, deactivated_at=timezone.now())
    send_reset.run(rock_council.pk)
    assert len(mailoutbox) == 1
    assert Client().get("/accounts/password/reset/done/").status_code == 200
    assert "no longer works" in Client().get("/accounts/password/reset/key/1-x-y/").content.decode()


PAGES = [
    "/accounts/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/", "/accounts/password/change/", "/accounts/sessions/", "/accounts/logout/",
    "/accounts/reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_account_pages_hold_no_inline_script_or_style(url: str, rock_coordinator: User) -> None:
    answer = sign_in(give_password(rock_coordinator)).get(url)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>" not in page and " style=" not in page and "onclick" not in page
    assert 'type="application/json"' not in page


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/password/reset/", "/accounts/inactive/"])
def test_pages_before_the_sign_in_open(url: str) -> None:
    answer = Client().get(url)
    assert answer.status_code == 200 and b"<script>" not in answer.content
