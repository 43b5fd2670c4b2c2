"""`python -m supply.licences`: whether everything that is installed here may be used as this project is.

A licence is read from what a package says of itself: its expression, else its field, else its classifiers. What says
nothing is a fault too.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions
from typing import Final

ALLOWED: Final = {
    "0BSD", "APACHE-2.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0",
    "UNLICENSE", "ZLIB",
}  # fmt: skip
NAMES: Final = (
    (r"apache(?: software)?(?: licen[cs]e)?(?:,? version)?[ -]?(?:2\.0)?", "APACHE-2.0"),
    (r"(?:the )?mit(?: licen[cs]e)?", "MIT"),
    (r"(?:new |modified |simplified |revised )?bsd(?:[- ]?[234][- ]clause)?(?: licen[cs]e)?", "BSD"),
    (r"(?:the )?isc(?: licen[cs]e)?(?: \(iscl\))?", "ISC"),
    (r"mozilla public licen[cs]e 2\.0(?: \(mpl 2\.0\))?", "MPL-2.0"),
    (r"python software foundation licen[cs]e", "PSF-2.0"),
)
"""How licences are called where they are no expression."""


def licences_of(package: Distribution) -> list[str]:
    """The licences that a package names, of which it may be used under each of those apart by AND."""
    told = package.metadata
    for expression in told.get_all("License-Expression", []):
        return [_spdx(part) for part in re.split(r"\s+AND\s+", expression)]
    field = "".join(told.get_all("License", [])).strip()
    licences = (one for one in told.get_all("Classifier", []) if one.startswith("License ::"))
    classifiers = [one.split("::")[-1].strip() for one in licences]
    if re.fullmatch(r"dual licen[cs]e", field, re.IGNORECASE):
        field = ""  # the classifiers say which two
    if field and "\n" not in field and len(field) < 60:
        return [_spdx(field)]
    return [_spdx(name) for name in classifiers]


def refused(packages: list[Distribution]) -> list[str]:
    """What may not be used, or says nothing of its licence, in words."""
    faults = []
    for package in packages:
        names = licences_of(package)
        if not names or not all(_is_allowed(name) for name in names):
            told = " and ".join(names) or "says nothing of its licence"
            faults.append(f"{package.metadata['Name']} {package.version}: {told}")
    return sorted(faults, key=str.casefold)


def _is_allowed(name: str) -> bool:
    """Whether one of the licences, apart by OR, is allowed."""
    return any(part.strip("() ").upper() in ALLOWED for part in re.split(r"\s+OR\s+", name, flags=re.IGNORECASE))


def _spdx(name: str) -> str:
    for pattern, spdx in NAMES:
        if re.fullmatch(pattern, name.strip(), re.IGNORECASE):
            return spdx
    return name.strip()


def main() -> int:
    """Print what is refused; 1 where something is."""
    packages = list(distributions())
    faults = refused(packages)
    for fault in faults:
        print(f"licence: {fault}")
    print(f"{len(packages)} packages, {len(faults)} whose licence is not one of {', '.join(sorted(ALLOWED))}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
