"""A WeChat Official Account as a channel of Rasa.

- ``crypto``: signatures and the encryption of messages
- ``messages``: what WeChat sends, and what it takes as an answer
- ``state``: what must survive a restart
- ``turns``: five seconds, three attempts, one answer
- ``api``: WeChat's own web API: token, service messages, menu
- ``channel``: the webhook
- ``menu``: the menu of the account, and the command that installs it
"""
