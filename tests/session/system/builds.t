#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# builds.t - real builds inside a session have the results that they have outside, byte for byte: a Debian package, and
# `make -j2` of a project with the kernel's build system.  GATE_NETWORK=1 lets it fetch their sources.
# shellcheck disable=SC2016 # single quotes: scripts of other shells
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/files.sh"
none() { echo "1..0 # SKIP $*"; exit 0; }
[ -n "${GATE_NETWORK:-}" ] || none "GATE_NETWORK=1 lets this test use the network"
for tool in apt-get dpkg-source; do command -v $tool >/dev/null || none "no $tool here"; done
files_base || none "no directory to write to that is not a temporary one"
cd "$base" || exit 99
mkdir -p apt/partial
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m1 '/debian$')
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} $release main" >sources
apt=(apt-get -q -o "Dir::Etc::sourcelist=$base/sources" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$base/apt" -o APT::Sandbox::User=root)
"${apt[@]}" update >"$T/log" 2>&1 || none "apt-get update: $(tail -1 "$T/log")"
export SOURCE_DATE_EPOCH=1700000000 KCONFIG_NOTIMESTAMP=1 KBUILD_BUILD_TIMESTAMP=@1700000000

# built PACKAGE COMMAND FIND...: builds it twice at the same path, then compares what find finds
built() {
	local package=$1 command=$2 where
	shift 2
	"${apt[@]}" source --download-only "$package" >"$T/log" 2>&1 || { skip "$package: builds" "no source: $(tail -1 "$T/log")"; skip "$package: the same" "no source"; return; }
	for where in out in; do
		rm -rf build
		dpkg-source --no-check -x "$package"_*.dsc build >"$T/log" 2>&1
		if [ $where = out ]; then
			(cd build && sh -c "$command") >"$T/out" 2>&1 || { skip "$package: builds" "it does not build here, without Gate either: $(tail -1 "$T/out")"; skip "$package: the same" "no build"; return; }
		else
			(cd build && setsid -w "$GATESH" run -- sh -c "$command" </dev/null) >"$T/in" 2>&1
			is "$package: builds" "$? $(grep -a '^gate: ' "$T/in" | grep -vE '^gate: kept [0-9]+ files? ')" "0 "
		fi
		find . -maxdepth 9 "$@" -type f -print0 | sort -z | xargs -0 sha256sum >"$T/sums.$where"
		find . -maxdepth 1 \( -name '*.*deb' -o -name '*.buildinfo' -o -name '*.changes' \) -delete
	done
	is "$package: $(wc -l <"$T/sums.out") files are the same" "$(diff "$T/sums.out" "$T/sums.in" | head -5)" ""
	ok "$package: they were made" test "$(wc -l <"$T/sums.out")" -ge 1
}
built hello 'DEB_BUILD_OPTIONS="nocheck parallel=2" dpkg-buildpackage -us -uc -b' -maxdepth 1 -name '*.deb'
# all that is compiled and linked
built busybox 'make defconfig >/dev/null && make -j2' -path './build/*' \( -name '*.o' -o -name '*.a' -o -name busybox -o -name busybox_unstripped \)
done_testing
