"""Prints what is stood in and mended here: ``python -m wenzhu_runtime``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from wenzhu_runtime import loading, mends, stand_ins

SHOWN = ("rasa", "rasa-sdk", "sanic", "sqlalchemy", "spacy", "numpy", "scikit-learn")


def main() -> None:
    """Print the versions, the stand-ins and the mends."""
    for name in SHOWN:
        try:
            print(f"{name:14}{version(name)}")
        except PackageNotFoundError:
            print(f"{name:14}not installed")

    print("\nStood in: modules inside Rasa that need an absent package")
    for module, stand_in in sorted(stand_ins.STAND_INS.items()):
        real = loading.is_installed(stand_in.package)
        state = "real" if real or loading.is_skipped(module) else "stood in"
        print(f"  {state:10}{module}  (needs {stand_in.package})")

    print("\nMended: lines of Rasa that do not agree with what is installed")
    for mend in mends.MENDS:
        applied = mend.needed() and not loading.is_skipped(mend.name)
        state = "mended" if applied else "as it is"
        print(f"  {state:10}{mend.module}  {mend.name}\n{'':12}{mend.reason}")


if __name__ == "__main__":
    main()
