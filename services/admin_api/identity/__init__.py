"""Who asks and what they may: sessions, roles, users and API keys."""
