#!/bin/sh
# Installs tracker: fetches the release's binary for this machine, compares its SHA-256, puts it into ~/.local/bin.
#   TRACKER_VERSION      which release, such as 0.1.0; the newest where it is not set
#   TRACKER_INSTALL_DIR  where to; ~/.local/bin where it is not set
#   TRACKER_BASE_URL     where releases are found; needed: the address of the project's releases
set -eu

fail() {
  printf 'Error: %s\n' "$1" >&2
  if [ -n "${2:-}" ]; then printf 'Try:   %s\n' "$2" >&2; fi
  exit 1
}

fetch() { # URL FILE
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget --quiet --output-document="$2" "$1"
  else
    fail "neither curl nor wget is installed" "install one of them"
  fi
}

sum_of() { # FILE
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "neither sha256sum nor shasum is installed, so the download cannot be verified" "install coreutils"
  fi
}

platform() {
  case "$(uname -s)" in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    *) fail "there is no binary for $(uname -s)" "on Windows download the .exe from the releases" ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no binary for $(uname -m)" "run it from source with Deno" ;;
  esac
  printf '%s-%s' "$system" "$machine"
}

main() {
  base=${TRACKER_BASE_URL:-}
  [ -n "$base" ] || fail "TRACKER_BASE_URL is not set" "set it to the address of the project's releases"
  target=$(platform)
  if [ -n "${TRACKER_VERSION:-}" ]; then
    folder="$base/download/v${TRACKER_VERSION#v}"
  else
    folder="$base/latest/download"
  fi
  dir=${TRACKER_INSTALL_DIR:-$HOME/.local/bin}
  mkdir -p "$dir"
  work=$(mktemp -d "$dir/.tracker-install.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM

  fetch "$folder/SHA256SUMS" "$work/SHA256SUMS" || fail "$folder/SHA256SUMS cannot be fetched" "check the version and the network"
  line=$(grep -E "^[0-9a-f]{64}  tracker-[0-9][0-9A-Za-z.+-]*-$target\$" "$work/SHA256SUMS" | head -n 1) || true
  [ -n "$line" ] || fail "the release has no binary for $target" "look at $folder/SHA256SUMS"
  expected=${line%% *}
  name=${line##* }

  printf 'Fetching %s\n' "$name"
  fetch "$folder/$name" "$work/tracker" || fail "$folder/$name cannot be fetched" "try again later"
  actual=$(sum_of "$work/tracker")
  if [ "$actual" != "$expected" ]; then
    fail "the download is not what the release lists: its SHA-256 is $actual, it should be $expected; nothing was installed" \
      "try again; if it happens again, do not run the file, and report it"
  fi
  chmod 755 "$work/tracker"
  mv -f "$work/tracker" "$dir/tracker"
  printf 'Installed %s\n' "$dir/tracker"
  case ":$PATH:" in
    *":$dir:"*) ;;
    *) printf 'Add %s to your PATH, such as in ~/.profile.\n' "$dir" ;;
  esac
  printf 'Next: tracker demo --once, then tracker onboard\n'
}

# Called on the last line: a script that arrives only in part does nothing.
main
