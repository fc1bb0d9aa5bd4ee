"""Rasa with everything its own metadata ask for, on Python 3.10: for comparison only.

- ``environment``: ``.full/venv`` and a copy of the project that runs in it
- ``servers``: both servers of a bot, in either environment
- ``compare``: the same model, the same sentences: are the answers the same?
- ``peers``: our bot beside the same one on Rasa's default pipeline and policies
"""
