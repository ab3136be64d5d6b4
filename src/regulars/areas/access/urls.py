from django.urls import path

from regulars.areas.access.pages import account, entrance, people
from regulars.kernel.http import for_everyone_signed_in, needs, open_to_all

urlpatterns = [
    # Open: whoever comes is not known yet, or brings a one-time secret in the address.
    path("sign-in/", open_to_all(entrance.sign_in), name="sign_in"),
    path("welcome/<str:given>/", open_to_all(entrance.first_start), name="first_start"),
    path("join/<str:given>/", open_to_all(entrance.join), name="join"),
    path("come-in/<str:given>/", open_to_all(entrance.come_in), name="come_in"),
    # One's own account.
    path("sign-out/", for_everyone_signed_in(entrance.sign_out), name="sign_out"),
    path("account/", for_everyone_signed_in(account.account), name="account"),
    path("account/profile/", for_everyone_signed_in(account.profile), name="account_profile"),
    path("account/password/", for_everyone_signed_in(account.password), name="account_password"),
    path("account/sessions/<str:public>/end/", for_everyone_signed_in(account.end_session), name="session_end"),
    path("account/tokens/", needs("access.tokens", account.make_token), name="token_make"),
    path("account/tokens/<str:public>/revoke/", for_everyone_signed_in(account.revoke_token), name="token_revoke"),
    # The owner's.
    path("recovery-sheet/", needs("access.users", entrance.sheet), name="recovery_sheet"),
    path("people/", needs("access.users", people.people), name="people"),
    path("people/add/", needs("access.users", people.add), name="person_add"),
    path("people/<str:public>/", needs("access.users", people.person), name="person"),
    path("people/<str:public>/role/", needs("access.users", people.change_role), name="person_role"),
    path("people/<str:public>/end/", needs("access.users", people.end_account), name="person_end"),
    path("people/<str:public>/reopen/", needs("access.users", people.reopen_account), name="person_reopen"),
    path("people/<str:public>/link/", needs("access.users", people.new_link), name="person_link"),
    path(
        "people/<str:public>/tokens/<str:token>/revoke/",
        needs("access.users", people.revoke_token),
        name="person_token_revoke",
    ),
]
