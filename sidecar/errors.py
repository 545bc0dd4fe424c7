"""Every error of this product, as one tree.

SidecarError
├── ConfigError                 the configuration cannot be used
├── InputError                  bytes or words from outside cannot be used; sending them again will not help
│   ├── DecodeError             not what its content type or format says
│   ├── TooLargeError           over a limit, decompressed or not
│   ├── UnknownAgentError       no collector of that name
│   ├── UnknownFormatError      no outcome reader of that name, or none recognises the report
│   └── RulesFileError          a rules file or edit that must not be touched as asked
├── AccessError                 who asks may not have it
│   ├── UnknownCallerError      nobody can tell who asks: no token, or one that does not hold
│   └── ForbiddenError          known, and not allowed to do this
├── NotFoundError               what was asked for is not in the store
├── AmbiguousError              more than one thing has that name
├── StoreError                  the store cannot be used at all
│   ├── StoreBusyError          transient: locked, full or overloaded; the same call may succeed later
│   └── DamagedError            one stored record does not read back; the others may
├── DataDirError                the data folder cannot be used
│   └── DataDirInUseError       another serve holds it
├── GitError                    git said no, with its words
│   └── GitUnavailableError     transient: the remote did not answer
├── ForgeError                  the forge said no
├── ModelError                  a language model cannot be asked
│   ├── ModelRefusedError       key, credit, permission, address or model id: no call will do until a person acts
│   ├── ModelUnavailableError   transient: several calls in a row got no answer
│   └── SpendCapError           transient: the day's or the month's money is spent
├── PhoenixError                Phoenix cannot be installed or started, with what it said
│   ├── PhoenixRefusedError     it answered no, or acknowledged and did not keep what was sent
│   └── PhoenixUnavailableError transient: it is down, overloaded or too slow
├── InstallError                another distribution stands where one of our packages should be
└── OutputError                 standard output cannot be written

`transient` says whether the same call may succeed later without anybody doing anything.
"""

from typing import ClassVar


class SidecarError(Exception):
    """Anything this product reports; its text says what, where, what was expected and what to do next."""

    transient: ClassVar[bool] = False


class ConfigError(SidecarError):
    """The configuration cannot be used."""


class InputError(SidecarError):
    """Bytes or words from outside cannot be used."""


class DecodeError(InputError):
    """The bytes are not what their content type or format says."""


class TooLargeError(InputError):
    """Over a limit, as sent or after decompression."""


class UnknownAgentError(InputError):
    """No collector has that name."""


class UnknownFormatError(InputError):
    """No outcome reader has that name, or none recognises the report."""


class RulesFileError(InputError):
    """A rules file or an edit that must not be touched as asked."""


class OverBudgetError(RulesFileError):
    """A block of rules would hold more than it may."""


class AccessError(SidecarError):
    """Who asks may not have what they ask for."""


class UnknownCallerError(AccessError):
    """Nobody can tell who asks: no token, or one that does not hold."""


class ForbiddenError(AccessError):
    """Who asks is known and may not do this."""


class NotFoundError(SidecarError):
    """What was asked for is not in the store."""


class AmbiguousError(SidecarError):
    """More than one thing has that name."""


class StoreError(SidecarError):
    """The store cannot be used."""


class StoreBusyError(StoreError):
    """The store is locked, full or overloaded for now."""

    transient = True


class DamagedError(StoreError):
    """One stored record does not read back: damaged, or written by another version."""


class DataDirError(SidecarError):
    """The data folder cannot be used."""


class DataDirInUseError(DataDirError):
    """Another process serves this data folder."""


class GitError(SidecarError):
    """git refused or failed; the text holds its own words."""


class GitUnavailableError(GitError):
    """The remote did not answer."""

    transient = True


class NoBaseBranchError(GitError):
    """The remote has no branch that proposals could go to."""


class ForgeError(SidecarError):
    """The forge refused."""


class PhoenixError(SidecarError):
    """Phoenix cannot be installed or started; the text holds its own last words."""


class PhoenixRefusedError(PhoenixError):
    """Phoenix will not take what was sent, however often it is sent."""


class PhoenixUnavailableError(PhoenixError):
    """Phoenix does not answer, or does not keep up."""

    transient = True


class ModelError(SidecarError):
    """A language model cannot be asked; whatever waits for it goes on waiting."""


class ModelRefusedError(ModelError):
    """The provider takes no call as we are set up: key, credit, permission, address or model id."""


class ModelUnavailableError(ModelError):
    """Several calls in a row got no answer, each after all its attempts."""

    transient = True


class SpendCapError(ModelError):
    """The next call could go over the cap of the day or of the month."""

    transient = True


class InstallError(SidecarError):
    """Another distribution's package stands where one of ours should be."""


class OutputError(SidecarError):
    """Standard output is closed, full, or nobody reads it any more."""
