"""What can go wrong with kept evidence; each says what the person should hear."""

from __future__ import annotations


class StoreFailed(Exception):
    """Nothing was kept, and nothing was acknowledged."""

    response = "utter_apology_storage"
    """What is said to the person."""


class StoreFull(StoreFailed):
    """The disk has no room."""

    response = "utter_keep_full"


class TooLarge(StoreFailed):
    """One item is larger than an item may be."""

    response = "utter_keep_too_large"


class WrongKey(StoreFailed):
    """What was sealed was not sealed with the service key that is set."""


class StampRefused(StoreFailed):
    """There is no time stamp: no answer, or not from whom we trust."""


class Damaged(ValueError):
    """A sealed content is not what was sealed: changed, cut short or gone."""
