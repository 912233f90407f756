"""Local pages over a case folder. They compute nothing: they call ``workflow`` and show documents.

``serving`` starts the server, ``guard`` decides what may reach it, ``desk`` holds the one case that is open,
``workshop`` and ``inspector`` are the two ends of the process that decodes what strangers send.
"""
