#!/usr/bin/env bash
# The fence around the gateway: forbidden calls are stopped, one child each; and behind it the whole
# gateway works: sessions, PINs, reloads, commands, messages by host name and by TLS, an orderly end.
. "$(dirname "$0")/lib.sh" || exit 2

part "forbidden calls from inside"
"$bin/wasld" --sandbox-try >"$room/try" 2>&1
status=$?
if grep -q '^skipped: sandbox' "$room/try"; then skip_story "sandbox: this build has a sanitizer"; fi
[ "$status" = 0 ] || fail "$(grep -E 'NOT|total|that should' "$room/try")"
[ "$(grep -c ' stopped' "$room/try")" -ge 40 ] || fail "fewer than forty: $(tail -n 1 "$room/try")"
sed -n 's/^\(.*[^ ]\) *skipped: \(.*\)/skipped: sandbox, \1: \2/p' "$room/try"

part "in force for every thread of a running gateway"
gateway_new
# A secret of its own place: what may be read follows the configuration.
mkdir -m 0700 "$room/secrets" && mv "$keys/at-1.key" "$room/secrets/"
sed -i "s|$keys/at-1.key|$room/secrets/at-1.key|" "$config"
gateway_start
for task in "/proc/$wasld_pid"/task/*; do
	expect_is "$(sed -n 's/^\(NoNewPrivs\|Seccomp\):\t//p' "$task/status" | tr '\n' ' ')" '1 2 '
done
[ "$(find "/proc/$wasld_pid/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge 3 ] || fail "where are the threads?"
line=$(grep 'sandbox: ' "$log") || fail "the log does not say what is fenced"
expect_has "$line" 'calls fenced'
[[ $line == *'files fenced'* ]] || printf 'skipped: sandbox, files: no Landlock here\n'

part "sessions, with a PIN"
saturday=$(local_time 'next saturday 12:00')
monday=$(local_time "${saturday% *} +2 days 10:00")
clock_to "$saturday"
person_new 'يوسف' Youssef 0600000011 ary job
enrol +212600000011 1 "$paper" own 0
person_new 'خديجة' Khadija 0600000022 ary-Latn micro_project
enrol +212600000022 2 "$paper" shared 4821
ussd s1 +212600000022 ''
ussd s1 +212600000022 '4821'
expect_has "$page" '1. Khbari'
ussd s2 +212600000011 '2*1*1*محتاج ثلاجة'
expect_has "$page" 'END'

part "commands, and one that asks the system who somebody is"
for words in today log 'need list' 'need show 2001' 'person find Youssef' 'outbox list' 'audit verify' \
	'config show' 'ctl status' 'staff list' doctor; do
	# shellcheck disable=SC2086
	wasl $words
	[ "$code" -le 1 ] || fail "wasl $words ended with $code: $err"
	gateway_alive
done
wasl staff add no-such-login --name Nobody --centre CAS --role caseworker
[ "$code" != 0 ] || fail "a login that is not there was taken"
other=daemon
[ "$(id -un)" != daemon ] || other=nobody
wasl staff add "$other" --name Other --centre CAS --role caseworker
expect_exit 0

part "reloads by signal and by command; a secret that was replaced"
kill -HUP "$wasld_pid"
wait_for 10 "the reload" grep -q 'reloaded menus' "$log"
cp "$room/secrets/at-1.key" "$room/secrets/new" && mv -f "$room/secrets/new" "$room/secrets/at-1.key"
ask ctl reload

part "a message to a carrier by host name, looked up in a thread of its own"
name=$(awk '$1 ~ /^127\./ { for (i = 2; i <= NF; i++) if ($i !~ /localhost/) { print $i; exit } }' /etc/hosts)
send_to() { # BASE-URL
	sed -i "s|base_url: .*|base_url: \"$1\"|" "$config"
	ask ctl reload
}
carrier_start
if [ -n "$name" ]; then
	send_to "http://$name:$carrier_port"
else
	printf 'skipped: sandbox, host name: /etc/hosts has none but localhost\n'
fi
clock_to "$monday"
wait_for 30 "two messages" has_sent 2
delivered() { [ "$(rows outbox list --state delivered)" = 2 ]; }
wait_for 20 "their reports" delivered

part "a name that nobody knows, then TLS with a certificate nobody signed"
unsent() { grep -q "no answer ($1), surely not sent" "$log"; }
carrier_end
send_to "http://no-such-name.invalid:$carrier_port"
second=$(local_time "${monday% *} +7 days 10:00")
clock_to "$second"
wait_for 40 "a look-up that fails" unsent name
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$room/tls.key" -out "$room/tls.crt" -days 1 \
		-subj /CN=localhost 2>/dev/null
	openssl s_server -accept "127.0.0.1:$carrier_port" -key "$room/tls.key" -cert "$room/tls.crt" \
		-www >/dev/null 2>&1 3>&- &
	tls_pid=$!
	pids+=("$tls_pid")
	listens() { (exec 4<>"/dev/tcp/127.0.0.1/$carrier_port") 2>/dev/null; }
	wait_for 10 "a TLS server" listens
	send_to "https://127.0.0.1:$carrier_port"
	clock_to "${second% *} 10:30"
	wait_for 40 "a certificate refused" unsent certificate
	end_pid "$tls_pid" TERM
else
	printf 'skipped: sandbox, TLS: no openssl here\n'
fi

part "out of descriptors: callers wait, the gateway lives"
files=$(find "/proc/$wasld_pid/fd" -mindepth 1 2>/dev/null | wc -l)
if [ "$files" -gt 0 ] && prlimit --pid "$wasld_pid" --nofile="$((files + 8))" 2>/dev/null; then
	held=()
	for _ in $(seq 1 20); do exec {fd}<>"/dev/tcp/127.0.0.1/$front_port" && held+=("$fd"); done 2>/dev/null
	wait_for 10 "word of it" grep -q 'http accept failed' "$log"
	for fd in "${held[@]}"; do exec {fd}>&-; done
	wait_for 10 "an answer again" is_ready
else
	printf 'skipped: sandbox, descriptors: nobody but root may lower them\n'
fi

part "an orderly end, and a start on what it left"
kill -TERM "$wasld_pid"
gateway_ended 0
[ ! -e "$state/wasl.sock" ] || fail "the socket is still there"
gateway_start
ussd s3 +212600000011 ''
expect_has "$page" 'CON '
gateway_end

part "a kernel without Landlock: said, and the calls are fenced all the same"
if command -v strace >/dev/null; then
	strace -D -qq -o /dev/null -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=EOPNOTSUPP "$bin/wasld" -c "$config" >"$room/old.log" 2>&1 3>&- &
	wasld_pid=$!
	pids+=("$wasld_pid")
	wait_for 30 "wasld to be ready" is_ready
	expect_has "$(cat "$room/old.log")" 'calls fenced, files open'
	gateway_end
else
	printf 'skipped: sandbox, old kernels: no strace here\n'
fi

part "a switch for labs only"
WASL_SANDBOX=off gateway_start
expect_has "$(tail -n 5 "$log")" 'sandbox: off'
expect_is "$(sed -n 's/^Seccomp:\t//p' "/proc/$wasld_pid/status")" 0
gateway_end
"$bin/wasld" init "$room/real" --keys "$room/real-keys" --centre CAS --admin "$(id -un)" \
	--menus "$top/menus" --dialects "$top/contrib/dialects" --migrations "$top/migrations" >/dev/null 2>&1 ||
	fail "no init outside a lab"
free_port && sed -i "s|^socket: .*|socket: \"$room/real/wasl.sock\"|
	s|^listen: .*|listen: [\"127.0.0.1:$port\"]|" "$room/real/wasl.yaml"
free_port && sed -i "s|^metrics: .*|metrics: \"127.0.0.1:$port\"|" "$room/real/wasl.yaml"
WASL_SANDBOX=off timeout 20 "$bin/wasld" -c "$room/real/wasl.yaml" >"$room/real.log" 2>&1
expect_is $? 1
expect_has "$(cat "$room/real.log")" 'WASL_SANDBOX=off is for labs'

part "the unit's own walls"
if command -v systemd-analyze >/dev/null; then
	systemd-analyze security --offline=true --threshold=15 "$top/contrib/systemd/wasld.service" \
		>"$room/unit" 2>&1 || fail "$(tail -n 3 "$room/unit")"
	expect_not "$(cat "$room/unit")" 'ignoring'
else
	printf 'skipped: sandbox, unit: no systemd-analyze here\n'
fi
