#!/usr/bin/env bash
# contrib/quickstart: the tour passes, leaves nothing behind, says so when something is not as it
# should be, and ends in order when it is told to.
. "$(dirname "$0")/lib.sh" || exit 2

# The lab of each run lies in this story's folder, whose path has a blank.
export TMPDIR="$room" WASL_BUILD="$bin"
quickstart=$top/contrib/quickstart

run() {
	"$quickstart" "$@" >"$room/out" 2>"$room/err" </dev/null
	code=$?
	out=$(cat "$room/out") err=$(cat "$room/err")
}
nothing_left() {
	[ -z "$(find "$room" -maxdepth 1 -name 'wasl-lab.*')" ] || fail "a lab folder is left"
	local p
	for p in $(grep -oE '127\.0\.0\.1:[0-9]+' "$room/out" | cut -d: -f2 | sort -u); do
		! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || fail "somebody still listens on $p"
	done
}

part "--help, and an option there is not"
run --help
expect_exit 0
expect_has "$out" '--once'
run --twice
expect_exit 2
expect_has "$err" '--twice'

part "the tour"
run --once
expect_exit 0
expect_has "$out" 'شكرا يوسف'
expect_has "$out" 'note: خاصني وراق السكنى'
expect_has "$out" 'text: Wasl: salam, 3 as2ila 9sar kaytsennawk. Fabor. *000#'
expect_has "$out" 'Everything was as it should be'
expect_is "$(grep -c 'report delivered' "$room/out")" 2
nothing_left

part "something is not as it should be: exit 1, a sentence, what wasld said, and nothing left"
mkdir "$room/bent"
ln -s "$bin/wasld" "$room/bent/wasld"
cat >"$room/bent/wasl" <<END
#!/bin/sh
[ "\$1 \$2" = "need list" ] && exit 0
exec "$bin/wasl" "\$@"
END
chmod +x "$room/bent/wasl"
WASL_BUILD="$room/bent" run --once
expect_exit 1
expect_has "$err" 'quickstart: '
expect_has "$err" 'need'
expect_has "$err" 'The last lines of wasld'
nothing_left

part "without --once it stays; told to end, it ends all it started"
"$quickstart" >"$room/out" 2>"$room/err" </dev/null 3>&- &
staying=$!
pids+=("$staying")
wait_for 60 "the end of the tour" grep -q 'Ctrl-C ends the lab' "$room/out"
socket=$(find "$room" -path '*wasl-lab.*/state/wasl.sock')
WASL_SOCKET=$socket wasl whoami
expect_exit 0
kill -TERM "$staying"
reap "$staying"
expect_is $? 0
nothing_left
