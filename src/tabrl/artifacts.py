"""Files and folders by URL: a local path, or anything that fsspec reads (file://, s3://, gs://)."""

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tabrl.errors import TabRLError

if TYPE_CHECKING:  # as slow to import as all else that a worker needs before its first job
    from fsspec import AbstractFileSystem


def exists(url: str) -> bool:
    """Whether there is a file or a folder at this path or URL."""
    fs, path = _open(url)
    return bool(fs.exists(path))


def read(url: str) -> bytes:
    """The content of one file.

    Raises:
        TabRLError: no file is there, or no installed package reads such URLs.
    """
    fs, path = _open(url)
    if not fs.isfile(path):
        raise _missing(url)
    return bytes(fs.cat_file(path))


def put(local: Path, url: str) -> None:
    """Copy a file, or a folder with all that is in it, to a path or URL.

    A reader finds each file whole or not at all. The JSON files of a folder, which say what its
    others are, come last.

    Raises:
        TabRLError: `local` is missing, or no installed package writes such URLs.
    """
    fs, root = _open(url)
    if not local.exists():
        raise _missing(str(local))
    sources = [local] if local.is_file() else sorted(filter(Path.is_file, local.rglob("*")))
    for source in sorted(sources, key=lambda path: path.suffix == ".json"):
        target = PurePosixPath(root, source.relative_to(local).as_posix())
        fs.makedirs(str(target.parent), exist_ok=True)
        if "file" not in fs.protocol:  # stores of objects: one is there once all of it is
            fs.put_file(str(source), str(target))
            continue
        part = target.with_name(f".{target.name}.{os.getpid()}")
        fs.put_file(str(source), str(part))
        os.replace(part, target)


def get(url: str, local: Path) -> None:
    """Copy a file, or a folder with all that is in it, from a path or URL.

    Raises:
        TabRLError: nothing is there, a name points outside `local`, or no installed package reads
            such URLs.
    """
    fs, root = _open(url)
    if not fs.exists(root):
        raise _missing(url)
    for source in fs.find(root):
        name = PurePosixPath(source).relative_to(root)
        if ".." in name.parts:
            raise TabRLError(f"{url} holds the name {name}, which points outside the folder.")
        target = local / name
        target.parent.mkdir(parents=True, exist_ok=True)
        fs.get_file(source, str(target))


def _open(url: str) -> "tuple[AbstractFileSystem, str]":
    from fsspec.core import url_to_fs

    try:
        fs, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise TabRLError(
            f"{url} cannot be opened: {error}.",
            "Use a local path, or install the fsspec package for this kind of URL.",
        ) from error
    return fs, path


def _missing(url: str) -> TabRLError:
    return TabRLError(f"There is nothing to copy at {url}.", "Check the path or URL.")
