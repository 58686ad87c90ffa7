#!/usr/bin/env bash
# A disk that refuses to write: a gateway whose files may not grow any more (RLIMIT_FSIZE, which
# write(2) answers with EFBIG) says nothing false, ends by itself with 75, and the next one has
# every row that was answered for. $WASL_BUILD has the programs.
. "$(dirname "$0")/../whole/lib.sh" || exit 2

number=+212600000044
ledger="$room/ledger"
: >"$ledger"

gateway_new
gateway_start
clock_to "$(local_time 'next saturday 12:00')"
person_new 'مليكة' Malika 0600000044 fr job
enrol +212600000044 4 "$paper" own 0
gateway_end

# The same words for the same session, before and after.
need() { # SESSION
	ussd_body "need$1" "$number" "2*$(($1 % 5 + 1))*1*0"
	post "$webhook/ussd" "$body"
}

part "it works until a file would grow too far"
largest=$(du -k --apparent-size "$state"/*.db | sort -n | tail -n 1 | cut -f1)
(
	trap '' XFSZ
	ulimit -f $((largest + 100))
	exec "$bin/wasld" -c "$config" 3>&-
) >>"$log" 2>&1 &
wasld_pid=$!
pids+=("$wasld_pid")
wait_for 30 "wasld to be ready" is_ready
for ((n = 1; n < 2000; n++)); do
	need "$n"
	[[ $http = 200 && $page == 'END Demande'* ]] || break
	printf '%d %q\n' "$n" "$page" >>"$ledger"
done
[ "$n" -lt 2000 ] || fail "2000 needs, and no file grew"
[ "$n" -gt 5 ] || fail "only $n needs: the limit is too low to see anything"

part "it ends with 75, having said so"
gateway_ended 75
grep -q 'nothing is acknowledged any more' "$log" || fail "the log does not say why"

part "the next one has the $((n - 1)) that were answered for"
"$bin/wasld" -c "$config" --check >"$room/check.log" 2>&1 ||
	fail "wasld --check: $(cat "$room/check.log")"
gateway_start
ask -o tsv need list --state all
cut -f1 "$room/out" | grep -oE '[0-9]+' | sort -u >"$room/stored"
while read -r session quoted; do
	kept=''
	eval "kept=$quoted"
	need "$session"
	expect_page "$kept"
	told=$(grep -oE '[0-9]{4,}' <<<"$kept" | head -n 1)
	grep -qxF "$told" "$room/stored" || fail "need $told was told and is not in the list"
done <"$ledger"
