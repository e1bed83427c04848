"""The one-time link by which staff come in: for the first time, or when the password is lost.

It ends with the next sign-in of any kind, with a new password, and after an hour
(PASSWORD_RESET_TIMEOUT): the token is a hash over the password and the last sign-in.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from loop28.back.people.models import User


class _OneTime(PasswordResetTokenGenerator):
    key_salt = "loop28.one-time-sign-in"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        # Django cuts the last sign-in to seconds, for databases that do. Ours keep it whole, and so
        # a link cannot be used twice within one second either.
        return f"{user.pk} {user.password} {user.last_login} {timestamp}"


_tokens = _OneTime()


def token(user: User) -> str:
    """A new token for this member of staff."""
    return _tokens.make_token(user)


def good(user: User, token: str) -> bool:
    """Whether this token still lets this person in."""
    return user.is_active and _tokens.check_token(user, token)
