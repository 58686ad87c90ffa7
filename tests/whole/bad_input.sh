#!/usr/bin/env bash
# Whatever comes in at the webhook: the right refusal, the same bytes for whoever may not know more,
# nothing written, and a gateway that goes on serving.
. "$(dirname "$0")/lib.sh" || exit 2

LIMITS='header_time: 1s, request_time: 2s'
gateway_begin
person_new 'يوسف' Youssef 0600000011 ary job
enrol +212600000011 1 "$paper" own 0
check_in y1 +212600000011 1
ussd y2 +212600000011 '2*1*2*0'

address=$webhook/ussd
good='sessionId=bad-1&phoneNumber=%2B212600000011&networkCode=60401&serviceCode=%2A000%23&text=2'

# What the gateway holds, in one line.
holds() {
	printf '%s ' "$(rows log --all)" "$(rows need list --all)" "$(rows call list --all)" \
		"$(rows outbox list --all)" "$(rows person find Youssef)" "$(metric ussd_turns_total)" \
		"$(metric sessions_open)" "$(metric reports_total)"
}
before=$(holds)
# Nothing came of it, and who calls rightly is still answered.
nothing_written() {
	gateway_alive
	expect_is "$(holds)" "$before"
	expect_is "$(curl -s --noproxy '*' --max-time 5 "$ops/healthz")" ok
}
refused() { # STATUS WHAT BODY [CURL-OPTIONS...]
	local status=$1 what=$2 text=$3
	shift 3
	post "$address" "$text" "$@"
	[ "$http" = "$status" ] || fail "$what: HTTP $http, not $status: $page"
	[ -z "$page" ] || fail "$what: a refusal that says something: $page"
	nothing_written
}
# Bytes as they are, on a connection of their own; $page is what came back until it was closed.
raw() {
	exec 9<>"/dev/tcp/127.0.0.1/$front_port" || fail "no connection"
	(trap '' PIPE && printf '%b' "$1" >&9) 2>/dev/null # it may have hung up after the first line
	page=$(timeout 20 cat <&9 | tr -d '\r')
	exec 9>&-
}

part "wrong secret, wrong channel: the same 403"
whole() {
	curl -si --noproxy '*' --max-time 15 --data-binary "$good" "$1" | grep -v '^Date:'
}
wrong_secret=$(whole "$front/c/at-1/${secret%?}x/ussd")
expect_has "$wrong_secret" "403 Forbidden"
expect_is "$(whole "$front/c/at-1/$(printf %064d 0)/ussd")" "$wrong_secret"
expect_is "$(whole "$front/c/at-1/x/ussd")" "$wrong_secret"
expect_is "$(whole "$front/c/at-9/$secret/ussd")" "$wrong_secret"
expect_is "$(whole "$front/c/at-9/${secret%?}x/nothing")" "$wrong_secret"
nothing_written

part "bodies that cannot be read"
refused 413 "a body too large" "$good$(printf '%020000d' 1)"
refused 400 "not UTF-8" "$good%FF%FE"
refused 400 "half a letter" "$good%D8"
refused 400 "a surrogate" "$good%ED%A0%80"
refused 400 "NUL in the text" "$good%00"
refused 400 "NUL in the session" "${good/bad-1/bad%001}"
refused 400 "no hexadecimal" "$good%zz"
refused 400 "no session" "${good/sessionId=bad-1&/}"
refused 400 "an empty session" "${good/sessionId=bad-1/sessionId=}"
refused 400 "no number" "${good/phoneNumber=%2B212600000011&/}"
refused 400 "no number at all" "${good/phoneNumber=%2B212600000011/phoneNumber=abc}"
refused 400 "the session twice" "$good&sessionId=bad-2"
refused 400 "the number twice" "$good&phoneNumber=%2B212600000022"
refused 400 "the text twice" "$good&text=1"
refused 400 "nothing" ""
refused 400 "a text without end" "$good$(printf '%08000d' 1)"

part "methods, and requests that are none"
refused 405 "GET" "$good" -X GET
refused 405 "PUT" "$good" -X PUT
http=$(curl -s --noproxy '*' -o /dev/null -w '%{http_code}' "$address?$good")
expect_http 405
raw 'NONSENSE\r\n\r\n'
expect_has "$page" '400 Bad Request'
raw "POST /c/at-1/$secret/ussd HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"
expect_has "$page" '400 Bad Request'
raw "POST /c/at-1/$secret/ussd HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
expect_has "$page" '400 Bad Request'
nothing_written

part "a body that stops half way"
raw "POST /c/at-1/$secret/ussd HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\n$good"
expect_not "$page" ' 200 '
nothing_written
# And one whose sender is gone at once.
exec 9<>"/dev/tcp/127.0.0.1/$front_port"
(trap '' PIPE && printf 'POST /c/at-1/%s/ussd HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n%s' "$secret" "$good" >&9)
exec 9>&-
nothing_written

part "a report nobody asked for changes nothing"
post "$webhook/dlr" 'phoneNumber=%2B212600000011&id=ATXid_nobody&status=Success&networkCode=60401&retryCount=0'
gateway_alive
expect_is "$(rows outbox list --all)" 0
before=$(holds)

part "a number nobody knows: the way in, and nothing about anybody"
ussd stranger +212600000099 ''
expect_page $'CON وصل Wasl\n1. الدارجة\n2. Darija\n3. العربية\n4. Français'
ussd stranger +212600000099 '4*1*000000'
expect_page $'CON Code incorrect.\nVotre code (6 chiffres):\nCentre: 0500000000'
expect_is "$(rows person find Youssef)$(rows log --all)$(rows need list --all)" 111
before=$(holds)

part "in chunks, as HTTP/1.1 allows: read like any other"
post "$address" "${good/bad-1/chunked-1}" -H 'Transfer-Encoding: chunked'
expect_http 200
expect_has "$page" 'شنو خاصك؟'
before=$(holds)

part "a webhook that comes again: the same bytes, written once"
ussd again +212600000011 '2*2*2'
first=$page
for _ in 1 2 3; do
	ussd again +212600000011 '2*2*2'
	expect_page "$first"
done
ussd again +212600000011 '2*2*2*0'
expect_has "$page" 'END '
last=$page
# Also one that is no longer the last: it gets what it got.
ussd again +212600000011 '2*2*2'
expect_page "$first"
first=$last
ussd again +212600000011 '2*2*2*0'
expect_page "$first"
expect_is "$(rows need list)" 2
expect_is "$(metric ussd_repeats_total)" 5

part "the session of one number, from another: not theirs"
ussd mine +212600000011 '2*1'
ussd_body mine +212600000099 '2*1*2*0'
post "$address" "$body"
expect_not "$page" 'الطلب رقم'
expect_is "$(rows need list)" 2
gateway_alive
