#!/usr/bin/env bash
# A real disk of 8 MiB that fills up and gets room again, under a running gateway: the busy page
# within a second, back to work within five of there being room, nothing lost that was answered,
# and no restart in between. $WASL_BUILD has the programs; WASL_LONG=1 does it twenty times.

# A mount namespace of our own, so that nothing stays mounted whatever happens here.
if [ -z "${WASL_OWN_MOUNTS:-}" ]; then
	own=(--mount)
	[ "$(id -u)" = 0 ] || own=(--mount --map-root-user)
	if ! unshare "${own[@]}" true 2>/dev/null; then
		echo "skipped: small_disk: no mount namespace is to be had here"
		exit 77
	fi
	WASL_OWN_MOUNTS=1 exec unshare "${own[@]}" bash "$0" "$@"
fi

. "$(dirname "$0")/../whole/lib.sh" || exit 2

disk="$room/disk"
mkdir "$disk"
mount -t tmpfs -o size=8m,mode=0700 wasl "$disk" 2>/dev/null ||
	skip_story "small_disk: no tmpfs can be mounted here"
unmount() {
	local status=$?
	umount --lazy "$disk" 2>/dev/null
	(exit "$status")
	tidy
}
trap unmount EXIT

times=3
[ "${WASL_LONG:-}" = 1 ] && times=20
state="$disk/state"
ledger="$room/ledger" # session and page of every answer that was not the busy page
: >"$ledger"

gateway_new
grep -q '^ballast:' "$config" || printf 'ballast: 1MiB\n' >>"$config"
gateway_start
first_pid=$wasld_pid
clock_to "$(local_time 'next saturday 12:00')"
person_new 'مليكة' Malika 0600000044 fr job
enrol +212600000044 4 "$paper" own 0

# ---- The phone ----

number=+212600000044
n=0 slowest=0

need_path() { path="2*$(($1 % 5 + 1))*1*0"; }

# One need from first digit to last; $page, and how long the answer took in $took (ms).
need() {
	local began
	n=$((n + 1))
	need_path "$n"
	began=$(now_ms)
	ussd "need$n" "$number" "$path"
	took=$(($(now_ms) - began))
	[ "$took" -le "$slowest" ] || slowest=$took
}
now_ms() { date +%s%3N; }

# In the person's language, or in the service's where a session has not begun.
is_busy() {
	case $page in
	$'END Souci technique, pardon.\nMerci de réessayer plus tard.') ;;
	$'END كاين مشكل من جهتنا، سمحو لينا.\nنعاودو من بعد.') ;;
	*) return 1 ;;
	esac
}
keep() { printf 'need%d %q\n' "$n" "$page" >>"$ledger"; }

# ---- The disk ----

# Whatever there is left, the ballast's room too once that is given up.
fill() {
	dd if=/dev/zero of="$disk/fill" bs=64k oflag=append conv=notrunc 2>/dev/null
	dd if=/dev/zero of="$disk/fill" bs=1k oflag=append conv=notrunc 2>/dev/null
	return 0
}
room_again() { rm -f "$disk/fill"; }

for ((time = 1; time <= times; time++)); do
	for ((i = 0; i < 20; i++)); do
		need
		is_busy && fail "busy with room on the disk"
		keep
	done

	# Emptying its log may give it room for a while; somebody else takes that, too.
	calm=0
	for ((i = 0; calm < 20; i++)); do
		[ "$i" -lt 5000 ] || fail "a full disk, and 5000 answers as if it were not"
		[ "$calm" -gt 1 ] || fill
		need
		if is_busy; then
			[ "$took" -le 1000 ] || fail "the busy page took $took ms"
			calm=$((calm + 1))
		else
			keep
			calm=0
		fi
	done
	[ "$(curl -s --noproxy '*' --max-time 5 "$ops/readyz")" != ready ] ||
		fail "it says that it is ready, and its disk is full"

	room_again
	began=$(now_ms)
	until need && ! is_busy; do
		[ $(($(now_ms) - began)) -le 5000 ] ||
			fail "still busy five seconds after there was room"
		pause
	done
	healed=$(($(now_ms) - began))
	keep
	part "$time: full and busy, well again after $healed ms"
	gateway_alive
	[ "$wasld_pid" = "$first_pid" ] || fail "another process"
done
part "$(wc -l <"$ledger") answers kept, the slowest took $slowest ms"

# What was answered is on the disk: after a kill the same words get the same bytes, and the list has
# every number that was told.
gateway_kill
"$bin/wasld" -c "$config" --check >"$room/check.log" 2>&1 ||
	fail "wasld --check: $(cat "$room/check.log")"
gateway_start
ask -o tsv need list --state all
cut -f1 "$room/out" | grep -oE '[0-9]+' | sort -u >"$room/stored"
while read -r session quoted; do
	kept=''
	eval "kept=$quoted"
	need_path "${session#need}"
	ussd "$session" "$number" "$path"
	expect_page "$kept"
	told=$(grep -oE '[0-9]{4,}' <<<"$kept" | head -n 1)
	[ -n "$told" ] || fail "no number in: $kept"
	grep -qxF "$told" "$room/stored" || fail "need $told was told and is not in the list"
done <"$ledger"
