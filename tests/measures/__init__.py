"""Measures of understanding that need the whole system: questions through the web API, follow-ups, intents."""
