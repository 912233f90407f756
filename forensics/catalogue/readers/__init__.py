"""One reader a file kind: YAML nodes to the plain mappings of the model, with file and line on every complaint."""
