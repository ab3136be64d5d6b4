"""Letting people in: the first owner, invitations, roles, passwords, second factors, tokens.

The journal has each deed, no secret.
"""

from typing import TYPE_CHECKING

from regulars.kernel.late import late

if TYPE_CHECKING:
    from regulars.areas.access.actions.account import (
        WrongPassword,
        change_password,
        change_profile,
        choose_password,
        end_session,
        prove,
        sign_in,
    )
    from regulars.areas.access.actions.charges import change_charges
    from regulars.areas.access.actions.factors import (
        add_code,
        add_passkey,
        make_recovery_codes,
        remove_all_factors,
        remove_factor,
    )
    from regulars.areas.access.actions.founding import SHEET, first_link, found_house, may_see_the_sheet
    from regulars.areas.access.actions.mailing import ask_for_link, can_mail, mail_link, send_link
    from regulars.areas.access.actions.passing import (
        WrongFactor,
        pass_by_code,
        pass_by_passkey,
        pass_by_recovery_code,
    )
    from regulars.areas.access.actions.people import (
        add_user,
        change_role,
        come_in_link,
        end_account,
        end_sessions,
        new_password_link,
        reopen_account,
        take_come_in_link,
    )
    from regulars.areas.access.actions.reading import ReadsTooMuch, lift_reading, reads
    from regulars.areas.access.actions.telling import send_told
    from regulars.areas.access.actions.tokens import TOKEN_LASTS_AT_MOST, make_token, revoke_token
else:
    __getattr__ = late(__name__)

__all__ = [
    "SHEET",
    "TOKEN_LASTS_AT_MOST",
    "ReadsTooMuch",
    "WrongFactor",
    "WrongPassword",
    "add_code",
    "add_passkey",
    "add_user",
    "ask_for_link",
    "can_mail",
    "change_charges",
    "change_password",
    "change_profile",
    "change_role",
    "choose_password",
    "come_in_link",
    "end_account",
    "end_session",
    "end_sessions",
    "first_link",
    "found_house",
    "lift_reading",
    "mail_link",
    "make_recovery_codes",
    "make_token",
    "may_see_the_sheet",
    "new_password_link",
    "pass_by_code",
    "pass_by_passkey",
    "pass_by_recovery_code",
    "prove",
    "reads",
    "remove_all_factors",
    "remove_factor",
    "reopen_account",
    "revoke_token",
    "send_link",
    "send_told",
    "sign_in",
    "take_come_in_link",
]
