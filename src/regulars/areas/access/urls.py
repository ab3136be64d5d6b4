from django.urls import path

from regulars.areas.access.door.proof import proved
from regulars.areas.access.pages import account, entrance, factors, people, second
from regulars.kernel.http import for_everyone_signed_in, needs, open_to_all

urlpatterns = [
    # Open: whoever comes is not known yet, or brings a one-time secret in the address.
    path("sign-in/", open_to_all(entrance.sign_in), name="sign_in"),
    path("sign-in/second/", open_to_all(second.second), name="sign_in_second"),
    path("sign-in/second/begin/", open_to_all(second.second_begin), name="sign_in_second_begin"),
    path("sign-in/passkey/", open_to_all(second.passkey), name="sign_in_passkey"),
    path("sign-in/passkey/begin/", open_to_all(second.passkey_begin), name="sign_in_passkey_begin"),
    path("forgotten/", open_to_all(entrance.forgotten), name="forgotten"),
    path("welcome/<str:given>/", open_to_all(entrance.first_start), name="first_start"),
    path("join/<str:given>/", open_to_all(entrance.join), name="join"),
    path("come-in/<str:given>/", open_to_all(entrance.come_in), name="come_in"),
    # One's own account.
    path("sign-out/", for_everyone_signed_in(entrance.sign_out), name="sign_out"),
    path("account/", for_everyone_signed_in(account.account), name="account"),
    path("account/profile/", for_everyone_signed_in(account.profile), name="account_profile"),
    path("account/password/", for_everyone_signed_in(account.password), name="account_password"),
    path("account/prove/", for_everyone_signed_in(factors.prove), name="prove"),
    path("account/prove/begin/", for_everyone_signed_in(factors.prove_begin), name="prove_begin"),
    path("account/second-factor/", for_everyone_signed_in(proved(factors.factors)), name="factors"),
    path("account/second-factor/passkey/", for_everyone_signed_in(proved(factors.add_passkey)), name="passkey_add"),
    path(
        "account/second-factor/passkey/begin/",
        for_everyone_signed_in(proved(factors.passkey_begin)),
        name="passkey_add_begin",
    ),
    path("account/second-factor/code/", for_everyone_signed_in(proved(factors.add_code)), name="code_add"),
    path(
        "account/second-factor/recovery/", for_everyone_signed_in(proved(factors.make_recovery)), name="recovery_make"
    ),
    path(
        "account/second-factor/<str:public>/remove/",
        for_everyone_signed_in(proved(factors.remove)),
        name="factor_remove",
    ),
    path("who-may-what/", for_everyone_signed_in(people.who_may_what), name="who_may_what"),
    path("account/sessions/<str:public>/end/", for_everyone_signed_in(proved(account.end_session)), name="session_end"),
    path("account/tokens/", needs("access.tokens", account.make_token), name="token_make"),
    path("account/tokens/<str:public>/revoke/", for_everyone_signed_in(account.revoke_token), name="token_revoke"),
    # The owner's, and what a manager does to help somebody in.
    path("recovery-sheet/", needs("access.users", proved(entrance.sheet)), name="recovery_sheet"),
    path("people/", needs("access.links", people.people), name="people"),
    path("people/add/", needs("access.users", people.add), name="person_add"),
    path("people/<str:public>/", needs("access.links", people.person), name="person"),
    path("people/<str:public>/role/", needs("access.users", people.change_role), name="person_role"),
    path("people/<str:public>/customers/", needs("access.users", people.change_charges), name="person_charges"),
    path("people/<str:public>/end/", needs("access.users", proved(people.end_account)), name="person_end"),
    path("people/<str:public>/reading/", needs("access.users", proved(people.lift_reading)), name="person_reading"),
    path("people/<str:public>/reopen/", needs("access.users", proved(people.reopen_account)), name="person_reopen"),
    path("people/<str:public>/link/", needs("access.links", proved(people.new_link)), name="person_link"),
    path("people/<str:public>/mail/", needs("access.links", proved(people.mail_link)), name="person_mail"),
    path("people/<str:public>/factors/", needs("access.users", proved(people.remove_factors)), name="person_factors"),
    path(
        "people/<str:public>/sessions/<str:session>/end/",
        needs("access.users", proved(people.end_session)),
        name="person_session_end",
    ),
    path("signed-in/", needs("access.users", people.signed_in), name="signed_in"),
    path(
        "people/<str:public>/tokens/<str:token>/revoke/",
        needs("access.users", people.revoke_token),
        name="person_token_revoke",
    ),
]
