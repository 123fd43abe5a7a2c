"""A one-stop system (hệ thống một cửa) with invented applications, for demonstrations and tests."""
