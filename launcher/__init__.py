"""Makes the environment, trains, and starts and stops the two servers.

Only the standard library, and nothing of ``wenzhu``: it runs before anything is
installed, on whatever Python 3.11 to 3.13 the machine has.

- ``environment``: ``.venv`` from the hashed lock
- ``training``: trains when what a model is made from changed
- ``widget``: builds the web page when its sources changed
- ``servers``: the two servers, supervised
- ``terminal``: what is printed on the way
"""
