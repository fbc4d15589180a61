"""The guided conversations, read from the YAML files beside this module."""
