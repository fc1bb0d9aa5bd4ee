"""What must never be kept: finding personal identifiers and masking them."""

from wenzhu.privacy.masking import mask, mask_deep

__all__ = ["mask", "mask_deep"]
