"""The web channel: pages, sessions and a socket, described in docs/web-channel.md.

- ``channel``: the routes
- ``calls``: what answers over HTTP
- ``talk``: the socket
- ``sessions``: signed tokens
- ``log``: the numbered events of each session, in the bot's database
- ``turns``: one conversation's messages in order, each answered once
- ``pages``: the files of the widget
- ``headers``: what a browser may do with them, and who may call
- ``limits``: how often
- ``uploads``: the text in a picture
"""
