"""Teaching (dạy trợ lý): what it missed becomes names and examples, a rebuild is measured before it goes into service.

Officers propose and decide (`service.py`), data files get one line at a time (`files.py`, `writing.py`), a build runs
in a process of its own (`build.py`, `making.py`), and the release in service is one file (`releases.py`).
"""
