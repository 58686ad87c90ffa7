#!/usr/bin/env bash
# The command line against a running gateway: every command's help, every form of output, every exit
# code, erasing a person, following the log, and a gateway that goes away.
. "$(dirname "$0")/lib.sh" || exit 2

gateway_begin
person_new 'يوسف التجريبي' 'Youssef Tajribi' 0600000011 ary job
enrol +212600000011 1 "$paper" own 0
person_new 'خديجة التجريبية' 'Khadija Tajribiya' 0600000022 ary-Latn micro_project
khadija=$ref
enrol +212600000022 2 "$paper" shared 4821
check_in c1 +212600000011 1
ussd c2 +212600000011 '2*1*1*محتاج ثلاجة'
ussd c3 +212600000011 '5*1*1'
ussd c4 +212600000022 '4821*1*2*2*2'
ussd c5 +212600000022 '4821*2*2*2*Bghit nhder'

part "every command of the list explains itself"
ask help
sed -n 's/^  \([a-z][a-z ]*[a-z]\)\(  *[][A-Z].*\|   .*\)$/\1/p' "$room/out" >"$room/commands"
[ "$(wc -l <"$room/commands")" -ge 30 ] || fail "only $(wc -l <"$room/commands") commands: $out"
while read -r words; do
	[ "$words" != help ] || continue
	# shellcheck disable=SC2086
	ask $words --help
	expect_has "$out" "Usage: wasl $words"
	expect_has "$out" 'Example:'
	[ -z "$err" ] || fail "wasl $words --help complains: $err"
done <"$room/commands"

part "every form of output"
json_ok() { python3 -c 'import json,sys; rows = json.load(sys.stdin); sys.exit(not isinstance(rows, list))'; }
jsonl_ok() { python3 -c 'import json,sys; [json.loads(line) for line in sys.stdin]'; }
command -v python3 >/dev/null || json_ok() { :; }
command -v python3 >/dev/null || jsonl_ok() { :; }
for words in today log overdue 'need list' 'need show 2001' 'call list --all' 'call show 3001' \
	"person show $ref" "person timeline $ref" 'person find Tajribi' 'staff list' \
	'outbox list --all' 'audit list' 'audit verify' 'config show' doctor 'ctl status' 'ctl clock' whoami; do
	for form in table record tsv csv json jsonl; do
		# shellcheck disable=SC2086
		wasl $words -o $form
		[ "$code" = 0 ] || [ "$words" = doctor ] || fail "wasl $words -o $form ended with $code: $err"
		[ "$form" != json ] || json_ok <"$room/out" || fail "wasl $words -o json is no JSON list: $out"
		[ "$form" != jsonl ] || jsonl_ok <"$room/out" || fail "wasl $words -o jsonl: $out"
	done
done
ask --json=ref,mood log
expect_has "$out" '"ref"'
expect_not "$out" '"housing"'
ask need list -o csv
expect_has "$(head -n 1 "$room/out")" 'number,urgency,opened_at'
ask
plain=$out
ask today
expect_is "$plain" "$out"

part "exit 2: wrong usage, with the nearest word"
wasl overdeu
expect_exit 2
expect_has "$err" 'overdue'
wasl log --mod good
expect_exit 2
wasl need show x
expect_exit 2
wasl need list --urgency now
expect_exit 2
wasl person add
expect_exit 2
[ -z "$out" ] || fail "a complaint on standard output: $out"

part "exit 3: not found, or several"
wasl person show Nobody
expect_exit 3
wasl need show 9999
expect_exit 3
wasl person show Tajribi
expect_exit 3
expect_has "$err$out" "$khadija"
wasl outbox cancel 9999
expect_exit 3

part "exit 4: somebody is silent; exit 7: somebody else was first; exit 8: nobody said yes"
wasl call done 3001
expect_exit 0
wasl call done 3001
expect_exit 7
wasl ctl stop
expect_exit 8
gateway_alive
wasl overdue --exit-code
expect_exit 0
clock_to "${monday% *} +20 days 10:00"
wasl overdue --exit-code
expect_exit 4

part "exit 6: other people, other roles"
# Another Unix user can be had by root only.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && id nobody >/dev/null 2>&1; then
	chmod 711 "$room" "$state" && chmod 666 "$WASL_SOCKET"
	cp "$bin/wasl" "$room/wasl" && chmod 755 "$room/wasl"
	as_nobody() {
		setpriv --reuid=nobody --regid=nogroup --clear-groups \
			"$room/wasl" --no-input "$@" >"$room/out" 2>"$room/err" </dev/null
		code=$?
		out=$(cat "$room/out") err=$(cat "$room/err")
	}
	as_nobody today
	expect_exit 6
	[ -z "$out" ] || fail "something for nobody: $out"
	ask staff add nobody --roles auditor --name Nadia
	as_nobody whoami
	expect_exit 0
	expect_has "$out" auditor
	as_nobody audit list -o jsonl
	expect_exit 0
	for words in today 'need list' "person show $ref" "person erase $ref --confirm $ref" 'ctl reload' 'ctl clock +1d'; do
		# shellcheck disable=SC2086
		as_nobody $words -o jsonl
		case $words in
		'need list') expect_not "$out" "$ref" ;; # an auditor gets counts
		*) expect_exit 6 ;;
		esac
		expect_not "$out$err" Tajribi
	done
	ask person show "$ref"
else
	echo "   other users: not as $(id -un)"
fi

part "the log as it goes on"
"$bin/wasl" log -f -o jsonl >"$room/follow" 2>"$room/follow.err" </dev/null 3>&- &
follower=$!
pids+=("$follower")
following() { "$bin/wasl" ctl status -o tsv | grep -q '^admin.connections	2'; }
wait_for 10 "the follower" following
check_in c6 +212600000011 1 '2*3*1'
shown() { grep -q '"mood":"so_so".*"housing":"none"' "$room/follow"; }
wait_for 10 "the new check-in" shown

part "erased: nothing is found any more"
wasl person erase "$khadija" --confirm CAS-9999
[ "$code" != 0 ] || fail "erased with the wrong confirmation"
ask person show "$khadija"
wasl person erase "$khadija"
expect_exit 8
ask person erase "$khadija" --confirm "$khadija"
wasl person show "$khadija"
expect_exit 3
wasl person find Khadija
[ -z "$out" ] || fail "still found: $out"
wasl person show 0600000022
expect_exit 3
for words in 'log --all' 'need list --all' 'call list --all' 'outbox list --all' 'today' 'overdue'; do
	# shellcheck disable=SC2086
	ask $words -o jsonl
	expect_not "$out" "$khadija"
	expect_not "$out" Khadija
	expect_not "$out" 'Bghit'
done
ussd c7 +212600000022 ''
expect_page $'CON وصل Wasl\n1. الدارجة\n2. Darija\n3. العربية\n4. Français'
ask audit verify

part "half a question, and nonsense, at the socket"
if command -v python3 >/dev/null; then
	for half in '{"v":1,"verb":"tod' '' 'GET / HTTP/1.1' '{"v":99,"verb":"today","args":{}}' '[[[[[[' \
		'{"v":1,"verb":"log","args":{"follow":true}}'; do
		python3 - "$WASL_SOCKET" "$half" <<-'P'
			import socket, sys
			s = socket.socket(socket.AF_UNIX)
			s.connect(sys.argv[1])
			s.sendall(sys.argv[2].encode() + (b"\n" if sys.argv[2].endswith("}") else b""))
			s.close()
		P
		gateway_alive
		ask whoami
	done
fi

part "exit 75: the gateway goes away in the middle, and is not there"
gateway_kill
reap "$follower"
expect_is $? 75
for words in today log 'need list' 'ctl status' 'person find Youssef'; do
	# shellcheck disable=SC2086
	wasl $words
	expect_exit 75
	[ -n "$err" ] || fail "wasl $words says nothing"
done

part "the doctor looks at the files when no gateway answers"
PATH="$bin:$PATH" wasl doctor --config "$config"
expect_exit 0
expect_has "$out" 'databases'

part "outside a lab: no clock to set, no dialling as somebody"
state="$room/state2" keys="$room/keys2"
"$bin/wasld" init "$state" --keys "$keys" --centre CAS --admin "$(id -un)" --port "$front_port" \
	--metrics-port "${ops##*:}" --menus "$top/menus" --dialects "$top/contrib/dialects" \
	--migrations "$top/migrations" >"$room/init.log" 2>&1 || fail "wasld init: $(cat "$room/init.log")"
config="$state/wasl.yaml"
export WASL_SOCKET="$state/wasl.sock"
sed -i '/^socket:/d' "$config"
printf 'ballast: 1MiB\nsocket: "%s"\n' "$WASL_SOCKET" >>"$config"
gateway_start
person_new 'يوسف' Youssef 0600000011 ary job
wasl ctl clock +1d
expect_exit 6
wasl dial --person "$ref"
expect_exit 6
