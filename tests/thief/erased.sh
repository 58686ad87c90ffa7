#!/usr/bin/env bash
# Somebody is erased. Whoever kept copies of wasl.db from before, and gets hold of the keys of today,
# reads nothing of theirs; keys.db and its log hold no byte of their key or of their number's index.
. "$(dirname "$0")/../whole/lib.sh" || exit 2

thief=$bin/tests/thief
vault="$room/vault"
mkdir "$vault"

# The state folder as cp finds it while the gateway runs, without what is derived.
copy() { # NAME
	mkdir "$vault/$1" && cp "$state"/wasl.db* "$state"/keys.db* "$vault/$1" && rm -f "$vault/$1"/*-shm
}
# read_copy KEYS-OF COPY REF: sets $own, $day and $other; what opened is in $vault/opened.
read_copy() {
	local sums
	sums=$("$thief/thief_open" read "$keys" "$vault/$1/keys.db" "$vault/$2/wasl.db" "$3" "$vault/opened") ||
		fail "thief_open: $sums"
	[[ $sums =~ own=([0-9]+)\ day=([0-9]+)\ other=([0-9]+) ]] || fail "thief_open said: $sums"
	own=${BASH_REMATCH[1]} day=${BASH_REMATCH[2]} other=${BASH_REMATCH[3]}
	printf '   %s: %s\n' "$2" "$sums"
}
finds() { "$thief/thief_search" "$vault/words" "$@" >"$vault/hits"; }

cp -R "$top/menus" "$room/menus"
printf 'wasl: 1\nramadan: []\n' >"$room/menus/holidays.yaml"
MENUS=$room/menus
gateway_begin
carrier_start

part "two people, and copies along the way"
person_new 'المنصور الطنبوري' 'Mansour Tanbouri' 0677402915 ary-Latn micro_project
stays=$ref
enrol +212677402915 2 "$paper" own 6183
person_new 'زبيدة القشتالية' 'Zoubida Quchtaliya' 0661738294 ary job
gone=$ref
copy added
ussd wrong-code +212661738294 '1*1*999111'
enrol +212661738294 1 "$paper" own 4821
{
	printf 'text %s\n' 'زبيدة' 'القشتالية' Zoubida Quchtaliya 'دوا الضغط' 'Bghit nbeddel' 'liya dghya'
	printf 'number %s\n' +212661738294 +212644556172
	printf 'digits %s\n' 4821 7359 "$paper"
} >"$vault/words"
copy enrolled
ussd s1 +212661738294 '7359'
ussd s1 +212661738294 '7359*4821*1*1*1*4'
ussd s2 +212661738294 '4821*2*4*2*خاصني دوا الضغط'
ussd s3 +212661738294 '4821*2*1*3*Bghit nbeddel soukna'
ussd s4 +212661738294 '4821*5*1*2*0644556172'
post "$webhook/sms" 'id=m1&from=%2B212661738294&to=1234&text=Salam+3aytou+liya+dghya&date=2026-11-21'
expect_http 200
copy in-use
clock_to "$monday"
wait_for 30 "two messages" has_sent 2
delivered() { [ "$(rows outbox list "$gone" --state delivered)" -ge 1 ]; }
wait_for 20 "its report" delivered
ussd open +212661738294 '4821*2'
copy before

part "until then everything can be read with the keys"
for c in added enrolled in-use before; do
	read_copy "$c" "$c" "$gone"
	[ "$own" -gt 0 ] || fail "nothing opened in $c: this proves nothing"
done
[ "$own" -ge 20 ] || fail "only $own fields opened"
finds "$vault/opened" && fail "what was opened holds none of her words: this proves nothing"
for word in Zoubida +212661738294 'دوا الضغط' 'liya dghya' +212644556172; do
	grep -q -- "$word, as it stands" "$vault/hits" || fail "$word was not among what opened"
done
person=$("$thief/thief_open" read "$keys" "$vault/before/keys.db" "$vault/before/wasl.db" "$gone" /dev/null)
person=${person%% *} person=${person#person=}
"$thief/thief_open" traces "$vault/before/keys.db" "$person" "$vault"/before/keys.db >"$vault/hits" &&
	fail "the key is not found in the copy that has it: this proves nothing"

part "she is erased"
wasl person erase "$gone" --confirm WRONG-1
[ "$code" != 0 ] || fail "erased without her reference"
ask person erase "$gone" --confirm "$gone"
copy after

no_trace() {
	for f in keys.db keys.db-wal wasl.db wasl.db-wal; do
		[ ! -e "$state/$f" ] || cp "$state/$f" "$vault/live-$f"
	done
	"$thief/thief_open" traces "$vault/before/keys.db" "$person" "$vault"/live-* ||
		fail "bytes of her key or index are left"
	rm "$vault"/live-*
}
unreadable() { # KEYS-OF
	for c in added enrolled in-use before; do
		read_copy "$1" "$c" "$gone"
		expect_is "own=$own other=$other" "own=0 other=0"
		# What lies under the key of a day is what a caller typed before anybody knew them.
		finds "$vault/opened" || fail "$c, opened by the key of a day: $(cat "$vault/hits")"
	done
	read_copy "$1" before "$stays"
	[ "$own" -gt 5 ] || fail "the other person became unreadable"
}

part "no byte of her key or of her number's index is left, at once"
no_trace

part "and no copy can be read with the keys of now"
unreadable after

part "neither after a kill and after an orderly end"
gateway_kill
no_trace
gateway_start
copy restarted
unreadable restarted
gateway_end
no_trace

part "nobody knows her any more"
gateway_start
wasl person show "$gone"
expect_exit 3
wasl person find 0661738294
expect_exit 3
ussd again +212661738294 ''
expect_page $'CON وصل Wasl\n1. الدارجة\n2. Darija\n3. العربية\n4. Français'
finds "$log" || fail "$(cat "$vault/hits")"
