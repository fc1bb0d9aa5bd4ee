"""What Rasa loads by module path: NLU component, policy, stores, channels."""

from rasa_ext import logs

logs.install()
