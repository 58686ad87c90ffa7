#!/usr/bin/env bash
# Three weeks with a clock that is set ahead: the weekly SMS leaves once, at 10:00 local time, in the
# person's language; not to who has answered; without a name to a shared phone; its report makes it
# delivered. A gateway killed between claim and answer leaves it uncertain and never sends it again.
. "$(dirname "$0")/lib.sh" || exit 2

# Without Ramadan, whose hours are others, so that the story is the same all year.
cp -R "$top/menus" "$room/menus"
printf 'wasl: 1\nramadan: []\n' >"$room/menus/holidays.yaml"
MENUS=$room/menus

gateway_begin
carrier_start
person_new 'يوسف' Youssef 0600000011 ary micro_project
enrol +212600000011 1 "$paper" own 0
person_new 'خديجة' Khadija 0600000022 ary-Latn micro_project
enrol +212600000022 2 "$paper" shared 4821
person_new 'إدريس' Driss 0600000033 ar job
enrol +212600000033 3 "$paper" own 0
person_new 'مليكة' Malika 0600000044 fr job
enrol +212600000044 4 "$paper" own 0

# The gateway has nothing under way and nothing waiting: what has not left by now does not leave.
at_rest() {
	"$bin/wasl" --no-input ctl status -o tsv >"$room/status" </dev/null &&
		grep -q "^outbox.queued	0" "$room/status" &&
		[ "$(rows outbox list --state claimed)" = 0 ] && grep -q "^reminders.next	$1" "$room/status"
}
week_on() { local_time "${1% *} +7 days ${1#* }"; }
# The gateway names the next reminder in UTC.
next_look() { date -u -d "$(TZ=Africa/Casablanca date -d "$1" -R)" +%Y-%m-%dT%H:%M; }

part "Monday before ten: Youssef answers by himself"
clock_to "${monday% *} 08:30"
expect_sent 0
check_in y1 +212600000011 1
[[ $page == END* ]] || fail "no end of the check-in: $page"

part "Monday 10:00: once to each of the others, in their language"
clock_to "$monday"
second=$(week_on "$monday")
wait_for 30 "three messages" has_sent 3
wait_for 30 "the gateway to rest" at_rest "$(next_look "$second")"
expect_sent 3
expect_sent 0 +212600000011
expect_sent 1 "Wasl: salam, 3 as2ila 9sar kaytsennawk. Fabor. *000#"
# The carrier leaves invisible marks out of what it prints; 55 units are 53 and the two round *000#.
expect_sent 1 'وصل: سلام إدريس، 3 أسئلة قصيرة بانتظارك. مجانا. *000#","coding":"UCS2","units":55'
expect_sent 1 "Wasl: bonjour Malika, 3 petites questions vous attendent. Gratuit. *000#"
expect_sent 0 Khadija
expect_is "$(rows outbox list --all)" 3

part "their reports make them delivered"
delivered() { [ "$(rows outbox list --state delivered)" = "$1" ]; }
wait_for 20 "three reports" delivered 3

part "later that day and that week nothing more leaves"
for later in "${monday% *} 11:00" "${monday% *} 19:30" "${monday% *} +1 day 10:00" "${monday% *} +3 days 10:00"; do
	clock_to "$later"
	wait_for 20 "the gateway to rest" at_rest "$(next_look "$second")"
done
expect_sent 3

part "second Monday: killed while the carrier holds its answer back"
carrier_end
carrier_start --faults hang
clock_to "$second"
wait_for 30 "a message" has_sent 1
gateway_kill
carrier_end
held=$(sent_count)
cp "$sent" "$room/held.jsonl"
carrier_start
gateway_start
third=$(week_on "$second")
wait_for 30 "the gateway to rest" at_rest "$(next_look "$third")"
ask outbox list --state uncertain -o jsonl
[ "$(lines)" -ge "$held" ] || fail "$held left and $(lines) are uncertain"
uncertain=$(lines)
for n in 11 22 33 44; do
	before=$(grep -c "+2126000000$n" "$room/held.jsonl")
	after=$(grep -c "\"message\".*+2126000000$n" "$sent")
	[ $((before + after)) -le 1 ] || fail "+2126000000$n got $before before and $after after the kill"
done
expect_sent $((4 - uncertain))

part "a second restart changes nothing"
gateway_kill
gateway_start
wait_for 30 "the gateway to rest" at_rest "$(next_look "$third")"
expect_is "$(rows outbox list --state uncertain)" "$uncertain"
expect_sent $((4 - uncertain))

part "a human says what became of an uncertain one"
ask outbox list --state uncertain -o tsv
id=$(head -n 1 "$room/out" | cut -f1)
ask outbox resolve "$id" delivered
expect_is "$(rows outbox list --state uncertain)" $((uncertain - 1))

part "third Monday: once to each, who answered last time too"
before=$(sent_count)
clock_to "$third"
wait_for 30 "four messages" has_sent $((before + 4))
wait_for 30 "the gateway to rest" at_rest "$(next_look "$(week_on "$third")")"
expect_sent $((before + 4))
for n in 11 22 33 44; do
	[ "$(tail -n +2 "$sent" | grep '"message"' | tail -n 4 | grep -c "+2126000000$n")" = 1 ] ||
		fail "+2126000000$n did not get one message: $(cat "$sent")"
done
expect_sent 1 "وصل: سلام يوسف، 3 أسئلة قصار كيتسناوك. فابور. *000#"
