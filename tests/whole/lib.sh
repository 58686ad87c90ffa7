# shellcheck shell=bash
# What every story of this folder stands on: a gateway of its own in a folder of its own, on free
# ports of 127.0.0.1, a carrier where a story wants one, and words to expect things with.
#
#   . "$(dirname "$0")/lib.sh" || exit 2
#   gateway_begin                      # $webhook, $ops, $WASL_SOCKET, $state, $keys are set
#   person_new 'يوسف' Youssef 0600000011 ary job           # $ref, $paper
#   enrol +212600000011 1 "$paper" own 0
#   ussd s1 +212600000011 ''; expect_page $'CON ...'       # bytes of the whole answer
#   wasl need list -o jsonl; expect_exit 0; expect_lines 1
#
# The programs come from $WASL_BUILD. The first expectation that is missed ends the story with
# file:line and what the gateway said last. Everything started here is ended at exit, by its pid.
# WASL_KEEP=1 leaves the folder.

set -u
export LC_ALL=C.UTF-8 NO_COLOR=1
unset http_proxy https_proxy all_proxy WASL_CONFIG
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${WASL_BUILD:-$top/build/quickstart}
# A blank in the path, on purpose.
room=$(mktemp -d "${TMPDIR:-/tmp}/wasl whole.XXXXXX")
state="$room/state" keys="$room/keys" log="$room/wasld.log"
pids=()
wasld_pid='' carrier_pid=''

if [ ! -x "$bin/wasl" ] || [ ! -x "$bin/wasld" ]; then
	echo "no wasl and wasld in $bin: build them, and say WASL_BUILD=FOLDER" >&2
	rm -rf "$room"
	exit 2
fi

# ---- Telling ----

exec 3>&1 # what a failure says is heard also where output is thrown away

# file:line of the story, whichever helper noticed.
where() {
	local i=1
	while [ "$i" -lt "${#BASH_SOURCE[@]}" ] && [[ ${BASH_SOURCE[i]} == */lib.sh ]]; do i=$((i + 1)); done
	printf '%s:%d' "${BASH_SOURCE[i]##*/}" "${BASH_LINENO[i - 1]}"
}

fail() {
	printf '%s: %s\n' "$(where)" "$*" >&3
	[ -s "$log" ] && printf -- '-- last lines of wasld:\n' >&3 && tail -n 15 "$log" >&3
	exit 1
}

part() { printf -- '-- %s\n' "$*"; }

skip_story() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

# Waits for one that was started here, and never signals it again. Its exit status.
reap() { # PID
	local p status left=()
	wait "$1" 2>/dev/null
	status=$?
	for p in "${pids[@]}"; do [ "$p" = "$1" ] || left+=("$p"); done
	pids=("${left[@]}")
	return "$status"
}

end_pid() { # PID SIGNAL; the shell's own word about it is not wanted
	{ kill "-$2" "$1" && reap "$1"; } 2>/dev/null
	return 0
}

# A story that went well ends its gateway in good order, which counts too, as does what a sanitizer
# has to say. Not by fail, which would leave before the room is tidy.
good_end() {
	local status=0
	if [ -n "$wasld_pid" ] && [[ " ${pids[*]} " == *" $wasld_pid "* ]]; then
		kill "$wasld_pid"
		reap "$wasld_pid"
		status=$?
	fi
	[ "$status" = 0 ] || printf 'at the end wasld ended with %s\n' "$status"
	[ ! -s "$log" ] || ! grep -aE -A 20 'Sanitizer|runtime error:' "$log" || status=1
	return "$status"
}

tidy() {
	local status=$? p
	trap - EXIT INT TERM
	[ "$status" != 0 ] || good_end || status=1
	for p in "${pids[@]}"; do { kill -KILL "$p" && wait "$p"; } 2>/dev/null; done
	if [ -n "${WASL_KEEP:-}" ]; then echo "kept: $room"; else rm -rf "$room"; fi
	exit "$status"
}
trap tidy EXIT
trap 'exit 130' INT TERM

# ---- Waiting for an event, never for a time ----

# A tenth of a second between two looks.
pause() { sleep 0.1; }

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
	local until=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || fail "waited in vain for $what"
		pause
	done
}

# ---- The gateway ----

# A port nobody listens on, below those the kernel gives away. Sets $port.
free_port() {
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
	done
}

# A new lab: state folder, keys, wasl.yaml. MENUS and DIALECTS say other folders, LIMITS more of
# "key: value" for wasl.yaml.
gateway_new() {
	local listen_port ops_port
	free_port && listen_port=$port
	free_port && ops_port=$port
	free_port && carrier_port=$port
	"$bin/wasld" init "$state" --keys "$keys" --centre CAS --admin "$(id -un)" --name Mona \
		--tel 0500000000 --port "$listen_port" --metrics-port "$ops_port" \
		--carrier-port "$carrier_port" --menus "${MENUS:-$top/menus}" \
		--dialects "${DIALECTS:-$top/contrib/dialects}" --migrations "$top/migrations" \
		--lab >"$room/init.log" 2>&1 || fail "wasld init: $(cat "$room/init.log")"
	config="$state/wasl.yaml"
	# A story dials faster than a person does, and its disk is not going to be full.
	printf 'ballast: 1MiB\nlimits: {rate_per_number: 6000, rate_burst: 6000%s}\n' \
		"${LIMITS:+, $LIMITS}" >>"$config"
	secret=$(cat "$keys/at-1.path")
	front="http://127.0.0.1:$listen_port"
	webhook="$front/c/at-1/$secret"
	ops="http://127.0.0.1:$ops_port"
	front_port=$listen_port
	export WASL_SOCKET="$state/wasl.sock"
}

is_ready() {
	kill -0 "$wasld_pid" 2>/dev/null || fail "wasld has ended: $(tail -n 3 "$log")"
	[ "$(curl -s --noproxy '*' --max-time 5 "$ops/readyz")" = ready ]
}

gateway_start() {
	"$bin/wasld" -c "$config" >>"$log" 2>&1 3>&- &
	wasld_pid=$!
	pids+=("$wasld_pid")
	wait_for 30 "wasld to be ready" is_ready
}

clock_to() { # LOCAL-TIME: as date(1) reads it, in the gateway's zone
	ask ctl clock "$(TZ=Africa/Casablanca date -d "$1" +%Y-%m-%dT%H:%M:%S)"
}
local_time() { TZ=Africa/Casablanca date -d "$1" '+%Y-%m-%d %H:%M:%S'; }

# A new gateway, its clock at noon of a Saturday to come: no check-in is due, the next one is
# $monday at 10:00. So a story is the same on whatever day it runs.
gateway_begin() {
	gateway_new
	gateway_start
	saturday=$(local_time 'next saturday 12:00')
	monday=$(local_time "${saturday% *} +2 days 10:00")
	clock_to "$saturday"
}

gateway_kill() { end_pid "$wasld_pid" KILL; }
gateway_end() { end_pid "$wasld_pid" TERM; }
gateway_ended() { # STATUS: it ends by itself, with this
	local status
	reap "$wasld_pid"
	status=$?
	[ "$status" = "$1" ] || fail "wasld ended with $status, not $1"
}
gateway_alive() { kill -0 "$wasld_pid" 2>/dev/null || fail "wasld has died"; }

metric() { curl -s --noproxy '*' --max-time 5 "$ops/metrics" | sed -n "s/^wasl_$1 //p"; }

# ---- The carrier ----

sent="$room/carrier.jsonl"
carrier_listens() {
	kill -0 "$carrier_pid" 2>/dev/null || fail "the carrier has ended: $(cat "$room/carrier.err")"
	grep -q '"ready"' "$sent"
}
# carrier_start [OPTIONS...]: one JSON object a line in $sent, reports to the gateway.
carrier_start() {
	: >"$sent"
	"$bin/wasl" carrier --config "$config" --channel at-1 --port "$carrier_port" -o jsonl \
		--show-numbers "$@" >"$sent" 2>"$room/carrier.err" 3>&- &
	carrier_pid=$!
	pids+=("$carrier_pid")
	wait_for 20 "the carrier to listen" carrier_listens
}
carrier_end() { end_pid "$carrier_pid" TERM; }

# How many messages have come in: all, or those that hold a text.
sent_count() { grep '"message"' "$sent" | grep -cF -- "${1:-}"; }
has_sent() { [ "$(sent_count "${2:-}")" -ge "$1" ]; }
expect_sent() { # HOW-MANY [TEXT]
	local n
	n=$(sent_count "${2:-}")
	[ "$n" = "$1" ] || fail "the carrier got $n messages${2:+ with $2}, not $1: $(cat "$sent")"
}

# ---- The command line ----

# wasl WORDS...: $out, $err and $code of the command.
wasl() {
	"$bin/wasl" --no-input "$@" >"$room/out" 2>"$room/err" </dev/null
	code=$?
	out=$(cat "$room/out") err=$(cat "$room/err")
}

expect_exit() {
	[ "$code" = "$1" ] || fail "exit $code, not $1; it said: $out $err"
}

# One that must work: its output is in $out.
ask() {
	wasl "$@"
	[ "$code" = 0 ] || fail "wasl $* ended with $code: $err"
}

lines() { if [ -s "$room/out" ]; then wc -l <"$room/out"; else echo 0; fi; }
expect_lines() {
	[ "$(lines)" = "$1" ] || fail "$(lines) lines, not $1: $out"
}

expect_has() { # WHAT TEXT
	[[ $1 == *"$2"* ]] || fail "\"$2\" is not in: $1"
}
expect_not() { # WHAT TEXT
	[[ $1 != *"$2"* ]] || fail "\"$2\" is in: $1"
}
expect_is() { # WHAT TEXT
	[ "$1" = "$2" ] || fail "$(printf 'expected: %q\n     got: %q' "$2" "$1")"
}

# rows VERB...: how many the command lists; the words are those of the command line.
rows() { "$bin/wasl" --no-input -o jsonl "$@" </dev/null 2>/dev/null | grep -c .; }

# field NAME: the value in the one JSON object a line of $out.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$room/out"; }

# ---- Africa's Talking's side ----

# Their spelling: everything but letters, digits and -_. in percent, a blank is a plus.
form_text() {
	local LC_ALL=C text=$1 c i
	encoded=''
	for ((i = 0; i < ${#text}; i++)); do
		c=${text:i:1}
		case $c in
		[A-Za-z0-9._-]) encoded+=$c ;;
		' ') encoded+=+ ;;
		*) printf -v c '%%%02X' "'$c" && encoded+=%${c: -2} ;;
		esac
	done
}

# The body of a USSD request, field by field in their order. Sets $body.
ussd_body() { # SESSION NUMBER TEXT [SERVICE-CODE] [NETWORK]
	local session number service
	form_text "$1" && session=$encoded
	form_text "$2" && number=$encoded
	form_text "${4:-*000#}" && service=$encoded
	form_text "$3"
	body="sessionId=$session&phoneNumber=$number&networkCode=${5:-60401}&serviceCode=$service&text=$encoded"
}

# post ADDRESS BODY [CURL-OPTIONS...]: $page (with every byte) and $http.
post() {
	local address=$1 text=$2
	shift 2
	http=$(printf %s "$text" | curl -s --noproxy '*' --max-time 15 -o "$room/page" \
		-w '%{http_code}' --data-binary @- "$@" "$address")
	[ -e "$room/page" ] || : >"$room/page"
	page=$(cat "$room/page" && printf x)
	page=${page%x}
}

ussd() { # SESSION NUMBER TEXT
	ussd_body "$@"
	post "$webhook/ussd" "$body"
	[ "$http" = 200 ] || fail "HTTP $http for a USSD request: $page"
}

# The notice of the end of a session.
ussd_end() { # SESSION NUMBER STATUS INPUT [LAST-PAGE]
	local session number input
	form_text "$1" && session=$encoded
	form_text "$2" && number=$encoded
	form_text "$4" && input=$encoded
	form_text "${5:-}"
	body="date=2026-11-21+09%3A15%3A02&sessionId=$session&serviceCode=%2A000%23&networkCode=60401"
	body+="&phoneNumber=$number&status=$3&cost=MAD+0.10&durationInMillis=12894&hopsCount=3"
	post "$webhook/ussd-end" "$body&input=$input&lastAppResponse=$encoded"
}

expect_page() { # TEXT: the whole answer, byte for byte
	[ "$page" = "$1" ] || fail "$(printf 'another page\nexpected: %s\n     got: %s' "$1" "$page")"
}
expect_http() {
	[ "$http" = "$1" ] || fail "HTTP $http, not $1: $page"
}

# ---- People ----

# person_new NAME-AR NAME-LA NUMBER LANGUAGE PATH: $ref and $paper.
person_new() {
	ask -o tsv person add --name-ar "$1" --name-la "$2" --phone "$3" --speaks "$4" --path "$5"
	ref=$(cut -f1 "$room/out") paper=$(cut -f2 "$room/out")
	[ "${#paper}" = 6 ] || fail "no code of six digits: $out"
}

# From the language page to "registered". KEY: 1 ary, 2 ary-Latn, 3 ar, 4 fr; SHARING: own, shared;
# PIN: four digits, or 0 for none.
enrol() { # NUMBER KEY CODE SHARING PIN
	local own=1 session="enrol-$1-$3"
	[ "$4" = own ] || own=2
	ussd "$session" "$1" ''
	ussd "$session" "$1" "$2*1*$3"
	ussd "$session" "$1" "$2*1*$3*1*1*1*$own*$5"
	[[ $page == END* ]] || fail "enrolment did not end: $page"
}

# A whole check-in in one dial: mood, housing, days by their keys; FIRST: what leads there.
check_in() { # SESSION NUMBER FIRST [ANSWERS]
	ussd "$1" "$2" "$3*${4:-1*1*4}"
}
