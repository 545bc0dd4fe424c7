"""Every error of this product, as one tree.

SidecarError
├── ConfigError                 the configuration cannot be used
├── InputError                  bytes or words from outside cannot be used; sending them again will not help
│   ├── DecodeError             not what its content type or format says
│   ├── TooLargeError           over a limit, decompressed or not
│   ├── UnknownAgentError       no collector of that name
│   ├── UnknownFormatError      no outcome reader of that name, or none recognises the report
│   └── RulesFileError          a rules file or edit that must not be touched as asked
├── NotFoundError               what was asked for is not in the store
├── AmbiguousError              more than one thing has that name
├── StoreError                  the store cannot be used at all
│   └── StoreBusyError          transient: locked, full or overloaded; the same call may succeed later
├── DataDirError                the data folder cannot be used
│   └── DataDirInUseError       another serve holds it
├── GitError                    git said no, with its words
│   └── GitUnavailableError     transient: the remote did not answer
├── ForgeError                  the forge said no
└── InstallError                another distribution stands where one of our packages should be

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


class NotFoundError(SidecarError):
    """What was asked for is not in the store."""


class AmbiguousError(SidecarError):
    """More than one thing has that name."""


class StoreError(SidecarError):
    """The store cannot be used."""


class StoreBusyError(StoreError):
    """The store is locked, full or overloaded for now."""

    transient = True


class DataDirError(SidecarError):
    """The data folder cannot be used."""


class DataDirInUseError(DataDirError):
    """Another process serves this data folder."""


class GitError(SidecarError):
    """git refused or failed; the text holds its own words."""


class GitUnavailableError(GitError):
    """The remote did not answer."""

    transient = True


class ForgeError(SidecarError):
    """The forge refused."""


class InstallError(SidecarError):
    """Another distribution's package stands where one of ours should be."""
