# shellcheck shell=bash
# Which Debian packages a build, a run and the tests need, and how they get here.
# Sourced by contrib/quickstart, contrib/test and contrib/fuzz.

packages_build="gcc cmake ninja-build pkg-config libc6-dev
 libevent-dev libcurl4-openssl-dev libsqlite3-dev libpcre2-dev libutf8proc-dev libyaml-dev
 libsodium-dev libjansson-dev libssl-dev libical-dev libsmartcols-dev libseccomp-dev uthash-dev"
packages_run="tzdata locales curl"
packages_test="libcmocka-dev gettext clang-format clang-tidy cppcheck gcovr python3 libc-bin
 python3-jsonschema python3-ruamel.yaml"
packages_fuzz="clang libclang-rt-dev libcmocka-dev"

# The packages of a list that are not installed, one a line.
packages_missing() {
	local p
	for p in "$@"; do
		case "$p" in
		libcurl4-openssl-dev)
			# Any flavour of the header will do; the others conflict with each other.
			pkg-config --exists libcurl 2>/dev/null && continue ;;
		esac
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q '^install ok installed' || echo "$p"
	done
}

# Installs what is missing, or says exactly what to ask for. Starts no service.
packages_install() {
	local missing
	missing=$(packages_missing "$@" | tr '\n' ' ')
	[ -n "${missing// /}" ] || return 0
	if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
		echo "These Debian packages are missing and installing needs root. Ask for:" >&2
		echo "    apt-get install $missing" >&2
		return 1
	fi
	local as_root=""
	[ "$(id -u)" = 0 ] || as_root="sudo -n"
	echo "Installing: $missing"
	# A policy file keeps packages from starting services while we install.
	if ! { $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get update -qq &&
		# shellcheck disable=SC2086
		$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get install -y -qq --no-install-recommends $missing; } >"${TMPDIR:-/tmp}/wasl-apt.log" 2>&1; then
		tail -n 5 "${TMPDIR:-/tmp}/wasl-apt.log" >&2
		echo "apt-get could not install them (no network?). Ask for:" >&2
		echo "    apt-get install $missing" >&2
		return 1
	fi
}

# A UTF-8 locale for this script and its children, without changing the machine's.
use_utf8() {
	case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
	*UTF-8 | *utf8) ;;
	*) export LC_ALL=C.UTF-8 ;;
	esac
}
