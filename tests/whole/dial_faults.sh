#!/usr/bin/env bash
# The telephone in the terminal against a running lab: what goes wrong between a phone and the
# gateway is typed as a key and leaves nothing behind twice; what is there before the phone rings is
# said in a file; a call is shown in all languages, and written down as a dialogue that passes.
. "$(dirname "$0")/lib.sh" || exit 2

gateway_begin
youssef=+212600000011
given=$room/given.txt
printf '%s\n' '# who calls' \
	'person CAS-0147 name-ar "يوسف" name-la "Youssef" lang fr phone 0600000011' \
	'given need CAS-0147 category housing urgency week' >"$given"

# script LINES...: a call of Youssef's by these lines, further flags in $flags.
flags=()
script() {
	printf '%s\n' "$@" >"$room/script"
	wasl dial --phone "$youssef" --script "$room/script" "${flags[@]}"
}

part "lines say what is there before; a line that is none is refused at its place"
flags=(--given "$given")
script "expect J'ai une demande" 'open'
expect_exit 0
expect_is "$(rows need list)" 1
printf 'person CAS-0148 lang fr\nelephant CAS-0148\n' >"$room/odd.txt"
wasl dial --phone "$youssef" --given "$room/odd.txt" --script /dev/null
expect_exit 2
expect_has "$err" 'odd.txt:'
flags=()

part "a lost reply and a doubled request: the same bytes, and one need"
script '!lost 2' 'expect 1. Logement' '!double 2' 'open' '!lost 1' 'expect Un mot' '!double 0' 'ended' '!lost'
expect_exit 0
expect_is "$(grep -c 'repeated: the same bytes' "$room/out")" 5
expect_is "$(rows need list)" 2

part "a wrong id and another number: the call goes on as if nothing had been"
script '2' '!wrong-id 1' '!other 0600000099 1' '0' 'expect demande' '!lost' '!double'
expect_exit 0
expect_is "$(rows need list)" 2

part "a time-out and a network that breaks off: the session is over"
script '!timeout' 'ended' ':new' '!drop' 'ended' '!nothing'
expect_exit 2
expect_has "$out" 'the gateway was told'
expect_has "$out" 'the gateway does not know'
expect_has "$err" 'no such command'

part "each page in all languages"
flags=(--langs --menus "$top/menus")
script '0' '2'
expect_exit 0
expect_has "$out" 'PAGE z3'
expect_has "$out" 'PAGE b1'
expect_has "$out" 'PAGE d1a'
expect_has "$out" 'سكنى'
expect_has "$out" 'Logement'
flags=()

part "a recorded call is a dialogue that passes, and fails when a page is another"
flags=(--record "$room/call.dlg" --given "$given")
sed -i 's/0147/0150/; s/0600000011/0600000012/' "$given"
youssef=+212600000012
script '2' '!lost 1' '!timeout' ':new' '!double 1' ':new' '!drop' ':new' '2' '0'
expect_exit 0
expect_is "$(stat -c %a "$room/call.dlg")" 600
dialogue=$bin/tests/dialogue
if [ -x "$dialogue" ]; then
	"$dialogue" "$room/call.dlg" >"$room/said" 2>&1 ||
		fail "the recorded call does not pass: $(cat "$room/said" "$room/call.dlg")"
	sed -i 's/Logement/Maison/' "$room/call.dlg"
	! "$dialogue" "$room/call.dlg" >"$room/said" 2>&1 || fail "a changed page passes"
fi

part "without a lab nothing is given"
wasl dial --given "$given" --dialect africastalking --address "$webhook/ussd"
expect_exit 2
