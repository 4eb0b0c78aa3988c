#!/usr/bin/env bash
# Install TabRL into .venv, exactly as locked. Safe to run again: nothing happens when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements-dev.lock
python=.venv/bin/python
stamp=.venv/.tabrl-setup
candidates=${PYTHON:-python3.11 python3.12 python3.13 python3}

suitable() { # a Python 3.11 to 3.13 that can make virtual environments
    "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
        >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in $candidates; do
        if suitable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

apt_install() { # fails where there is no apt-get or we may not use it
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "setup: installing $*"
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

make_venv() {
    local base
    [ -n "${PYTHON:-}" ] || find_python >/dev/null || apt_install python3 python3-venv || true
    base=$(find_python) || {
        echo "setup: no usable Python (tried $candidates). TabRL needs 3.11, 3.12 or 3.13 with venv." >&2
        echo "  Debian, Ubuntu:  sudo apt-get install python3 python3-venv" >&2
        echo "  macOS:           brew install python@3.12" >&2
        echo "  elsewhere:       name one with  make setup PYTHON=/path/to/python3.12" >&2
        exit 1
    }
    echo "setup: creating .venv with $("$base" -V)"
    "$base" -m venv --clear .venv
}

install_packages() {
    echo "setup: installing the locked packages (1.9 GB on disk)"
    local pip=("$python" -m pip --quiet --disable-pip-version-check)
    "${pip[@]}" --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null # uv makes none
    sed -n '/^uv==/,/# via/p' "$lock" | "${pip[@]}" install --require-hashes -r /dev/stdin
    # uv takes a quarter of the time; pip is for those whose mirror only pip.conf names.
    .venv/bin/uv pip sync --quiet --python "$python" --require-hashes "$lock" ||
        "${pip[@]}" install --require-hashes --no-deps -r "$lock"
    .venv/bin/uv pip install --quiet --python "$python" --no-deps --no-build-isolation -e .
}

can_render() { # clips need an off-screen OpenGL context; macOS brings its own
    [ "$(uname)" != Linux ] ||
        MUJOCO_GL=egl "$python" -c 'import mujoco; mujoco.GLContext(64, 64)' >/dev/null 2>&1
}

ensure_rendering() {
    local packages="libegl1 libgl1-mesa-dri libopengl0"
    can_render && return
    # shellcheck disable=SC2086
    if ! apt_install $packages || ! can_render; then
        echo "setup: no off-screen OpenGL (EGL) here, so clips cannot be rendered." >&2
        echo "  Debian, Ubuntu:  sudo apt-get install --no-install-recommends $packages" >&2
        echo "  Fedora:          sudo dnf install mesa-libEGL mesa-dri-drivers libglvnd-opengl" >&2
        echo "  Then run  make setup  again." >&2
        exit 1
    fi
}

suitable "$python" || make_venv
key=$(cat "$lock" pyproject.toml scripts/setup.sh | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$key" ]; then
    install_packages
    ensure_rendering
    echo "$key" >"$stamp"
fi
