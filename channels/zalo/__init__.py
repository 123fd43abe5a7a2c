"""The Zalo channel: an Official Account that talks to citizens."""
