"""Custom actions: read the tracker, ask wenzhu, choose a response. No wording."""

from wenzhu.privacy import logs

logs.install()
