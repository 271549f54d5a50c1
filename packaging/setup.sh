#!/bin/sh
# Prepares this checkout: `setup.sh run` for using Sidedesk, `setup.sh dev` for its tests and tools too.
#
# Python, the libraries Qt needs (Debian and Ubuntu), the environment in .venv, the locked dependencies.
# Safe to repeat, and quick when nothing is to be done: every step looks first.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: sh packaging/setup.sh run|dev" >&2; exit 2 ;;
esac
venv=.venv
python=$venv/bin/python

say() { echo "sidedesk: $*" >&2; }
die() { say "$*"; exit 1; }

# --- Python -----------------------------------------------------------------------------------------------
right_version='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

other_python='Install one beside it and repeat, or name one you have: PYTHON=/path/to/python3.12 make run'

find_python() { # $PYTHON if it is set, else the first of the right version
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$name" -c "$right_version" 2>/dev/null; then command -v "$name"; return; fi
    done
    return 1
}

# --- System packages ----------------------------------------------------------------------------------------
# A plain `ldconfig -p` would miss libraries on LD_LIBRARY_PATH, so the loader itself is asked. Qt aborts
# without a catchable error when one of the xcb libraries is missing, and then always blames libxcb-cursor0.
library_probe='
import ctypes
for line in """
libEGL.so.1 libegl1
libGL.so.1 libgl1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
""".split("\n"):
    if line:
        library, package = line.split()
        try:
            ctypes.CDLL(library)
        except OSError:
            print(package)
'

missing_packages() { # $1: an interpreter, or nothing when there is none yet
    if [ -z "$1" ]; then
        echo python3 python3-venv
    elif [ ! -x $python ] && ! "$1" -c 'import venv, ensurepip' 2>/dev/null; then
        "$1" -c 'import sys; print(f"python3.{sys.version_info[1]}-venv")'
    fi
    [ "$(uname -s)" = Linux ] || return 0
    if [ "$lock" = requirements-dev.lock ]; then
        command -v Xvfb >/dev/null || echo xvfb
        command -v xauth >/dev/null || echo xauth
        command -v xdotool >/dev/null || echo xdotool
    fi
    probe_with=$1
    if [ -z "$probe_with" ]; then probe_with=$(command -v python3) || probe_with=; fi
    if [ -n "$probe_with" ]; then
        "$probe_with" -c "$library_probe"
    else # nothing to probe with: name all, apt passes over what is installed
        echo "$library_probe" | sed -n 's/^lib[^ ]* \(lib[^ ]*\)$/\1/p'
    fi
}

install_packages() { # the names are the arguments
    if ! command -v apt-get >/dev/null; then
        die "these are missing (by their Debian names); install your system's equivalent, then repeat: $*"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        say "some system packages are missing. Run this once, then repeat your command:"
        echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
        exit 1
    fi
    say "installing system packages: $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
        || die "apt-get could not install: $*"
}

# An environment made with a Python that has since gone, or is too old, is made anew.
if [ -x $python ] && ! $python -c "$right_version" 2>/dev/null; then
    say "the Python of $venv is gone or unsuitable; making it anew"
    rm -rf $venv
fi
if [ -x $python ]; then base=$python; else base=$(find_python) || base=; fi
if [ -z "$base" ] && { [ -n "${PYTHON:-}" ] || command -v python3 >/dev/null; }; then
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="nothing that runs"
    die "Python ≥ 3.11 (and below 3.14) needed, $found found. $other_python"
fi

packages=$(missing_packages "$base" | tr '\n' ' ')
if [ -n "$packages" ]; then
    # shellcheck disable=SC2086  # a list of words
    install_packages $packages
fi
if [ -z "$base" ]; then
    base=$(find_python) || die "Python ≥ 3.11 (and below 3.14) needed, and the system has none. $other_python"
fi

# --- Environment and dependencies ---------------------------------------------------------------------------
mkdir -p $venv
exec 9>$venv/.setup-lock # two `make` at once must not install into each other
if command -v flock >/dev/null; then flock 9; fi

if ! $python -m pip --version >/dev/null 2>&1; then
    say "making $venv"
    "$base" -m venv $venv
fi

fingerprint() { cksum "$@" | tr '\n' ' '; }

# The tools' lock is the first lock and more, so an environment that has it is also ready to run.
stamp=$venv/.installed
wanted=$(fingerprint requirements.lock)
have=$(cat $stamp-run 2>/dev/null || true)
if [ $lock = requirements-dev.lock ]; then
    wanted=$(fingerprint requirements.lock requirements-dev.lock)
    have=$(cat $stamp-dev 2>/dev/null || true)
fi
if [ "$have" != "$wanted" ]; then
    say "installing dependencies (the first time: a minute or two)"
    $python -m pip install --quiet --disable-pip-version-check --require-hashes -r $lock
    fingerprint requirements.lock >$stamp-run
    if [ $lock = requirements-dev.lock ]; then echo "$wanted" >$stamp-dev; fi
fi

# setuptools is in the lock, so this needs no network.
wanted=$(fingerprint pyproject.toml)
if [ ! -x $venv/bin/sidedesk ] || [ "$(cat $stamp-self 2>/dev/null || true)" != "$wanted" ]; then
    $python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" >$stamp-self
fi
