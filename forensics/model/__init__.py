"""What flows between rooms: frozen types, nothing else.

Import from the submodules: ``values`` (what can be recorded), ``evidence`` (observations, cases), ``catalogue``
(signatures), ``tables`` (likelihood arrays; the only one that needs numpy), ``result`` (the result document).
"""
