"""What can go wrong while teaching.

TeachingError
├── ChangeRefused    a change would spoil a data file; says what and why
├── NotAllowedHere   this officer may not decide on this proposal
├── AlreadyDecided   somebody else was faster
├── BuildFailed      a build came to no end
└── RebuildRefused   a rebuild or a release cannot be started or put into service now
"""

from __future__ import annotations


class TeachingError(Exception):
    """Base of what teaching raises; the text is for the officer."""


class ChangeRefused(TeachingError):
    """The data files do not take the change."""


class NotAllowedHere(TeachingError):
    """Nobody decides on their own proposal, but for admins."""


class AlreadyDecided(TeachingError):
    """The proposal is not open any more."""


class BuildFailed(TeachingError):
    """The data have faults, or a program of the build failed."""


class RebuildRefused(TeachingError):
    """A build runs already, or the release's files are gone."""
