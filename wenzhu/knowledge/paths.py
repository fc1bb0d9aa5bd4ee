"""Where the data of the project stands."""

from wenzhu.settings import ROOT

KNOWLEDGE = ROOT / "knowledge"
DATA = ROOT / "data"
