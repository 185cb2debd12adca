"""A short hash by which a configuration or an address is known again, and from which no secret can be had."""

import hashlib

_SALT = b"scholarwatch"


def fingerprint(text: str) -> str:
    """8 hexadecimal digits.

    The text may hold a password. The hash is slow on purpose (some 50 ms), and many passwords have the same: whoever
    reads it cannot tell which it was.
    """
    return hashlib.scrypt(text.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=4).hex()
