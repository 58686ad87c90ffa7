#!/usr/bin/env bash
# Known numbers, names, notes, PINs, codes and secrets go every way through the gateway that there
# is: enrolment, calls, refused and malformed requests, messages, reports, commands and their
# errors, the log at its most talkative, kills and restarts. Then everything it left behind is
# searched for them in every spelling (thief.h). They may stand only where they are meant to be
# seen: on the person's own phone, at the carrier, and for a caseworker who asked.
. "$(dirname "$0")/../whole/lib.sh" || exit 2

thief=$bin/tests/thief
vault="$room/vault" # what this story knows and may see: not searched
mkdir "$vault" "$room/cwd"
cd "$room/cwd" || exit 2

zoubida=+212661738294 mansour=+212677402915 fatiha=+212650918273
another=+212644556172 stranger=+212712345986
codes='' # those on paper

begin() {
	cp -R "$top/menus" "$room/menus"
	printf 'wasl: 1\nramadan: []\n' >"$room/menus/holidays.yaml"
	MENUS=$room/menus
	ulimit -S -c "$(ulimit -H -c)" # no core file is to be the program's own doing
	gateway_new
	printf 'log: debug\n' >>"$config"
	gateway_start
	ask config show -o tsv
	grep -qE '^log	debug' "$room/out" || fail "the log is not at debug: $out"
	clock_to "$(local_time 'next saturday 12:00')"
	saturday=$(local_time 'next saturday 12:00')
	monday=$(local_time "${saturday% *} +2 days 10:00")
}

# ---- Commands: who may see what ----

# told CLASS WORDS...: keeps what a command says, errors too. CLASS: show (a number in full), names
# (names and notes, also of the several that fit), nobody.
told() {
	local class=$1
	shift
	wasl "$@"
	[ "$code" -le 7 ] || fail "wasl $* ended with $code: $err"
	cat "$room/out" "$room/err" >>"$room/told.$class"
}

people_come() {
	person_new 'زبيدة القشتالية' 'Zoubida Quchtaliya' 0661738294 ary job
	codes+=" $paper"
	ussd typo $zoubida ''
	ussd typo $zoubida '1*1*999111'
	enrol $zoubida 1 "$paper" own 4821
	person_new 'المنصور الطنبوري' 'Mansour Tanbouri' 0677402915 ary-Latn micro_project
	codes+=" $paper"
	ussd weak $mansour ''
	ussd weak $mansour "2*1*$paper*1*1*1*2*1234"
	ussd weak $mansour "2*1*$paper*1*1*1*2*1234*6183"
	person_new 'زبيدة التفراوتية' 'Zoubida Tafraouti' 0650918273 fr job
	codes+=" $paper"
	enrol $fatiha 4 "$paper" own 0
}

people_call() {
	ussd a1 $zoubida '7359'
	ussd a1 $zoubida '7359*4821'
	ussd a1 $zoubida '7359*4821*1*1*1*4'
	ussd a2 $zoubida '4821*2*4*2*خاصني دوا الضغط ديال الوالدة'
	[[ $page == *2001* ]] || fail "no need was written: $page"
	ussd a3 $mansour '6183*2*1*3*Bghit nbeddel soukna 9rib'
	ussd a4 $zoubida '4821*5*1*2*0644556172'
	ussd a5 $mansour '7359'
	ussd a5 $mansour '7359*7358'
	ussd a5 $mansour '7359*7358*7357'
	ussd a6 $mansour '6183'
	ussd a7 $stranger ''
	ussd a7 $stranger '1*2'
	[[ $page == *وصل* || $page == END* ]] || fail "the stranger got no call: $page"
	ussd a8 $stranger '1*1*999111'
	ussd_end a8 $stranger Incomplete '1*1*999111' 'Zoubida Quchtaliya'
	ussd_end a1 $zoubida Success '4821*1*1*1*4' 'شكرا زبيدة'
	expect_http 200
	post "$webhook/sms" 'id=m1&from=%2B212661738294&to=1234&text=Salam+3afak+3aytou+liya+dghya&date=2026-11-21'
	expect_http 200
	post "$webhook/sms" 'id=m2&from=%2B212712345986&to=1234&text=Chkoun+nta+a+sa7bi&date=2026-11-21'
	expect_http 200
	post "$webhook/sms" 'id=m3&from=Zoubida&to=1234&text=Chkoun+nta+a+sa7bi&date=2026-11-21'
	expect_http 200
	post "$webhook/dlr" 'phoneNumber=%2B212661738294&id=nobody&status=Failed&failureReason=Zoubida+Quchtaliya'
	post "$webhook/optout" 'phoneNumber=%2B212712345986&senderId=wasl'
}

# ---- Whoever knocks wrongly, with everything in hand ----

hand='sessionId=h1&phoneNumber=%2B212661738294&text=Zoubida+Quchtaliya*4821&serviceCode=*000%23'
knock() { post "$@" -H "User-Agent: Zoubida Quchtaliya $zoubida" -H "X-Forwarded-For: 0661738294" \
	-H "Cookie: pin=4821; code=999111" -H "Referer: http://x/?msisdn=0661738294" \
	-H "X-$zoubida: 1" -H 'Authorization: Basic em91YmlkYTo0ODIx'; }
raw() { # bytes as they are, on a connection of their own
	exec 9<>"/dev/tcp/127.0.0.1/$1" || fail "no connection"
	(trap '' PIPE && printf '%b' "$2" >&9) 2>/dev/null
	timeout 20 cat <&9 >/dev/null
	exec 9>&-
}
all_knock() {
	local address=$webhook/ussd port
	knock "$front/c/at-1/${secret%?}x/ussd" "$hand"
	expect_http 403
	knock "$front/c/at-1/0661738294/ussd?msisdn=$zoubida" "$hand"
	knock "$front/c/Zoubida/$zoubida/ussd" "$hand"
	knock "$address?msisdn=$zoubida&pin=4821" "$hand"
	knock "$webhook/$zoubida" "$hand"
	knock "$webhook/ussd/../$zoubida" "$hand"
	knock "$address" "$hand&phoneNumber=0677402915"
	expect_http 400
	knock "$address" "$hand%FF"
	knock "$address" "$hand%00"
	knock "$address" "$hand%zz"
	knock "$address" "sessionId=h2&phoneNumber=Zoubida+Quchtaliya&text=0661738294"
	knock "$address" "$hand$(printf '%020000d' 1)"
	knock "$address" "$hand" -X DELETE
	knock "$address" '{"phoneNumber":"+212661738294","text":"Zoubida Quchtaliya"}' -H 'Content-Type: application/json'
	knock "$address" "$hand" -H "X-Long: $(printf 'Zoubida Quchtaliya 0661738294 %.0s' {1..400})"
	for port in "$front_port" "${ops##*:}"; do
		raw "$port" "Zoubida Quchtaliya $zoubida\r\n\r\n"
		raw "$port" "GET /?n=0661738294&name=Zoubida%20Quchtaliya HTTP/1.1\r\nHost: $zoubida\r\n\r\n"
		raw "$port" "POST /c/at-1/$secret/ussd HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n$hand"
		raw "$port" "POST /$zoubida HTTP/9.9\r\n0661738294: Zoubida Quchtaliya\r\n\r\n"
	done
	# Half a request, and its sender is gone.
	exec 9<>"/dev/tcp/127.0.0.1/$front_port"
	(trap '' PIPE && printf 'POST /c/at-1/%s/ussd HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n%s' "$secret" "$hand" >&9)
	exec 9>&-
	curl -s --max-time 5 --unix-socket "$WASL_SOCKET" "http://x/?n=0661738294&name=Zoubida%20Quchtaliya" \
		-H "X-Name: Zoubida Quchtaliya $zoubida" >/dev/null 2>&1
	gateway_alive
}

# ---- Commands and their errors ----

all_asked() {
	local words
	for words in 'today' 'log' 'need list' 'need show 2001' 'person timeline CAS-0001' 'overdue --days 1' \
		'person find Zoubida' 'person find القشتالية' 'person find 0661738294' 'person show CAS-0001' \
		'person show 0677402915' 'call list --all' 'person show Zoubida' 'outbox list --all' \
		'person erase Zoubida --confirm 0661738294'; do
		# shellcheck disable=SC2086
		told names $words
	done
	for words in 'person show 0699887766' 'person show +212712345986' 'audit list' 'audit verify' \
		'doctor' 'ctl status' 'config show' 'staff list' 'staff list --all' 'whoami' 'ctl reload' \
		'need show 9999' 'need show Zoubida' 'call show 0661738294' 'call done 9999' 'need lst Zoubida' \
		'outbox resolve 0661738294 delivered' \
		'person erase CAS-0001 --confirm Quchtaliya' 'person timeline Quchtaliyaa' \
		'person code 0699887766 --phone 0661738294' 'person code CAS-0002 --phone 0661738294x' \
		'ctl clock 0661738294' 'log --since 0661738294' 'staff add 0661738294 --roles Quchtaliya'; do
		# shellcheck disable=SC2086
		told nobody $words
	done
	told show call show 3001
	told show call show 3002
	grep -q 644556172 "$room/told.show" || fail "call show does not show the number: $(cat "$room/told.show")"
	told names person code CAS-0003 --phone 0650918273 # the code is shown here, once
	paper=$(grep -oE '\b[0-9]{6}\b' "$room/out" | head -n 1)
	codes+=" $paper"
	grep -v "$paper" "$room/told.names" >"$room/told.rest" && mv "$room/told.rest" "$room/told.names"
}

# ---- Messages: taken, refused, held back, garbled ----

weeks_on() { local_time "${monday% *} +$1 weeks ${monday#* }"; }
messages_leave() {
	carrier_start --reports sent,failed --faults accept,reject,5xx
	clock_to "$monday"
	wait_for 30 "three messages" has_sent 3
	carrier_end
	carrier_start --faults hang
	clock_to "$(weeks_on 1)"
	wait_for 30 "a message" has_sent 1
}

messages_leave_again() {
	carrier_end
	carrier_start --faults garbage,reset,accept
	clock_to "$(weeks_on 2)"
	wait_for 30 "messages" has_sent 1
	told nobody ctl status
	told names outbox list --state uncertain
}

# ---- Looking ----

remember() { # what is looked for
	local word key
	{
		printf 'number %s\n' $zoubida $mansour $fatiha $another $stranger
		printf 'digits %s\n' 4821 6183 7359 999111
		# shellcheck disable=SC2086
		printf 'digits %s\n' $codes
		printf 'text %s\n' "$secret" "$(cat "$keys/at-1.key")"
		for key in master index audit; do printf 'text %s\n' "$(cat "$keys/$key.key")"; done
	} >"$vault/numbers"
	{
		cat "$vault/numbers"
		for word in Zoubida Quchtaliya Mansour Tanbouri Tafraouti 'زبيدة' 'القشتالية' 'المنصور' \
			'الطنبوري' 'التفراوتية' 'دوا الضغط' 'ديال الوالدة' 'Bghit nbeddel' 'soukna 9rib' \
			'liya dghya' 'Chkoun nta'; do
			printf 'text %s\n' "$word"
		done
	} >"$vault/all"
	# A key file holds its own key.
	grep -v '^text' "$vault/numbers" >"$vault/people"
}

# The process as the kernel shows it, and a copy of the state folder made under its feet.
snapshot() { # NAME
	mkdir -p "$room/$1/proc"
	for f in environ cmdline maps status limits comm; do cat "/proc/$wasld_pid/$f" >"$room/$1/proc/$f"; done
	find "/proc/$wasld_pid/fd" -printf '%f %l\n' >"$room/$1/proc/fd" 2>/dev/null
	cp -R "$state" "$room/$1/state" 2>/dev/null # the socket is no file to copy
	curl -s --noproxy '*' "$ops/metrics" >"$room/$1/metrics"
	curl -s --noproxy '*' "$ops/healthz" >>"$room/$1/metrics"
}
search() { "$thief/thief_search" "$@" >"$vault/hits"; }
nothing_in() { # WORDS PATH...
	search "$@"
	case $? in
	0) tail -n 1 "$vault/hits" | sed 's/^/   /' ;;
	*) fail "$(tail -n 40 "$vault/hits")" ;;
	esac
}
nothing_anywhere() {
	local place places=()
	for place in "$room"/*; do
		case ${place##*/} in
		vault | keys | told.* | carrier.* | out | err | page) ;;
		*) places+=("$place") ;;
		esac
	done
	nothing_in "$vault/all" "${places[@]}" "$room/told.nobody"
	nothing_in "$vault/numbers" "$room/told.names"
	nothing_in "$vault/people" "$keys"
}

proven() {
	local planted="$room/state/planted" n=0 spelling
	while IFS= read -r spelling; do
		printf '%b' "$spelling" >"$planted"
		search "$vault/all" "$state"
		[ $? = 1 ] || fail "the search does not see $spelling"
		n=$((n + 1))
	done <<-END
		x 0661738294 y
		$zoubida
		00212661738294
		0661-73-82-94
		$(printf 'a%s' $zoubida | base64)
		$(printf 'ab%s' $zoubida | base64)
		$(printf '%s' $zoubida | od -An -tx1 | tr -d ' \n')
		$(printf 'زبيدة' | od -An -tx1 | tr -d ' \n' | tr a-f A-F)
		%D8%B2%D8%A8%D9%8A%D8%AF%D8%A9
		user=zoubida
		pin=4821
		$secret
	END
	for spelling in UTF-16LE UTF-16BE; do
		printf 'x القشتالية y' | iconv -t $spelling >"$planted"
		search "$vault/all" "$state"
		[ $? = 1 ] || fail "the search does not see $spelling"
	done
	rm "$planted"
	printf '   %d spellings planted, each found\n' $((n + 2))
}

# ---- Ends ----

no_core() { # SIGNAL
	local pattern
	grep -qE '^Max core file size +0 +0 ' "/proc/$wasld_pid/limits" ||
		fail "core files are not off: $(grep core "/proc/$wasld_pid/limits")"
	gateway_signalled "$1"
	[ -z "$(find "$room" -name 'core*' -type f)" ] || fail "a core file: $(find "$room" -name 'core*')"
	[ -z "$(ls -A "$room/cwd")" ] || fail "something lies in the working folder: $(ls -A "$room/cwd")"
	pattern=$(cat /proc/sys/kernel/core_pattern)
	[[ $pattern != /* ]] || [ -z "$(find "${pattern%/*}" -newer "$vault/all" -name '*core*' -user "$(id -un)" 2>/dev/null)" ] ||
		fail "a core file in ${pattern%/*}"
}
gateway_signalled() {
	kill "-$1" "$wasld_pid"
	reap "$wasld_pid" 2>/dev/null
	[ $? != 0 ] || fail "it took $1 for an orderly end"
}

# A process that must not be looked into belongs to root in /proc (proc(5)), whoever runs it.
not_dumpable() {
	local other=() uid
	if [ "$(id -u)" = 0 ]; then
		other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		chmod 755 "$room" && chown -R 65534:65534 "$state" "$keys"
		if ! "${other[@]}" "$bin/wasld" --version >/dev/null 2>&1 ||
			! "${other[@]}" test -r "$config" -a -r "$top/migrations"; then
			printf 'skipped: whether others may look into the process: no other account can run it\n'
			return
		fi
	fi
	rm -f "$WASL_SOCKET"
	"${other[@]}" "$bin/wasld" -c "$config" >>"$log" 2>&1 3>&- &
	wasld_pid=$!
	pids+=("$wasld_pid")
	wait_for 30 "wasld to be ready" is_ready
	uid=$(stat -c %u "/proc/$wasld_pid/environ")
	expect_is "$uid" 0
	gateway_end
}

part "people and their calls"
begin
people_come
people_call
snapshot calls
part "whoever knocks wrongly"
all_knock
part "commands and their errors"
all_asked
part "messages taken, refused, held back; a kill; garbled ones"
messages_leave
snapshot sending
gateway_kill
gateway_start
snapshot killed
messages_leave_again
snapshot late
remember
part "the search sees what is planted"
proven
part "nothing while it runs"
[ -s "$state/wasl.db-wal" ] || fail "no WAL to look at"
nothing_anywhere
part "an erasure, an orderly end"
told nobody person erase CAS-0001 --confirm CAS-0001
told nobody person show 0661738294
told nobody audit list
gateway_end
nothing_anywhere
part "no core file of a bug or a crash"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:handle_segv=0:handle_abort=0" # to die as without it
gateway_start
no_core ABRT
gateway_start
no_core SEGV
not_dumpable
nothing_anywhere
