#!/usr/bin/env bash
# Numbers, names, notes, PINs, codes and secrets, in every spelling a program might give them:
# nowhere in the databases and their logs on disk, the journal or the metrics.
. "$(dirname "$0")/lib.sh" || exit 2

command -v python3 >/dev/null || skip_story "no python3 to search with"

gateway_begin
carrier_start --reports sent,delivered
person_new 'يوسف التجريبي' 'Youssef Tajribi' 0600000011 ary job
codes=$paper
enrol +212600000011 1 "$paper" own 0
person_new 'خديجة الوهمية' 'Khadija Wahmiya' 0600000022 ary-Latn micro_project
codes+=" $paper"
enrol +212600000022 2 "$paper" shared 4821

part "all that a week may bring"
ussd w1 +212600000011 '2*1*1*خاصني وراق السكنى ديالي'
ussd w2 +212600000011 '5*1*2*0612345678' # a call to another number
ussd w3 +212600000022 '7359'             # a wrong PIN
ussd w3 +212600000022 '7359*4821'
ussd w3 +212600000022 '7359*4821*1*3*2'
ussd w4 +212600000022 '4821*2*2*1*Bghit nhder m3akom 3afak'
ussd w5 +212655443322 '1*2' # a stranger who wants a call
ussd w6 +212655443322 '1*1*999999'
ussd_end w6 +212655443322 Incomplete '1*1*999999' 'Nom: Youssef Tajribi'
post "$webhook/ussd" 'sessionId=w7&phoneNumber=%2B212600000011&text=%FF'
post "$front/c/at-1/${secret%?}x/ussd" 'sessionId=w8&phoneNumber=%2B212600000011&text='
post "$webhook/sms" 'id=m1&from=%2B212600000011&to=1234&text=Salam+3afak+3aytou+liya&date=2026-11-21+09%3A15%3A02'
post "$webhook/dlr" 'phoneNumber=%2B212600000011&id=nobody&status=Success'
clock_to "$monday"
wait_for 30 "two messages" has_sent 2
delivered() { [ "$(rows outbox list --state delivered)" = 2 ]; }
wait_for 20 "their reports" delivered

part "and all that a caseworker may ask"
for words in today log 'need list' 'call list --all' 'outbox list --all' 'audit list' 'doctor' \
	'ctl status' 'config show' 'staff list' 'person show 0600000011' 'person timeline Youssef' \
	'person find التجريبي' 'person show +212655443322' 'person find Nobody-Tajribi' \
	'need show 2001' 'need show 9999' 'person code CAS-0001 --phone 0600000011' 'ctl reload'; do
	# shellcheck disable=SC2086
	wasl $words
	[ "$code" -le 7 ] || fail "wasl $words ended with $code: $err"
	[ "$words" != 'person code CAS-0001 --phone 0600000011' ] || codes+=" $(grep -oE '[0-9]{6}' "$room/out" | head -n 1)"
done
curl -s --noproxy '*' "$ops/metrics" >"$room/metrics"

cat >"$room/search.py" <<'P'
import base64, os, re, sys, urllib.parse

# Every spelling of a text that is searched for as it stands.
def spellings(text):
    raw = text.encode()
    found = {text: raw, text + " in UTF-16LE": text.encode("utf-16-le"),
             text + " in UTF-16BE": text.encode("utf-16-be"),
             text + " in hex": raw.hex().encode(), text + " in HEX": raw.hex().upper().encode(),
             text + " in percent": urllib.parse.quote(text).encode(),
             text + " in percent, small": urllib.parse.quote(text).lower().encode(),
             text + " backwards": raw[::-1]}
    # Base64 has three faces, by where the text begins; the letters at its edges hold neighbours.
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + raw)
        code = code[0 if shift == 0 else shift + 1:len(code) - 4]
        if len(code) >= 6:
            found["%s in base64, %d" % (text, shift)] = code
            found["%s in base64url, %d" % (text, shift)] = code.replace(b"+", b"-").replace(b"/", b"_")
    return found

long, short = {}, []
for word in sys.argv[2].split("|"):
    long.update(spellings(word))
for number in sys.argv[3].split():          # +2126...
    national = number[4:]
    for text in (number, number[1:], "0" + national, national, " ".join(["0" + national[0]] +
                 [national[i:i + 2] for i in range(1, 9, 2)])):
        long.update(spellings(text))
    for value in (int(number[1:]), int(national)):
        for order in ("big", "little"):
            if value > 1 << 32:             # as a number in binary; shorter ones occur by chance
                long["%d in binary" % value] = value.to_bytes(5, order)
for word in sys.argv[4].split():            # short ones only stand alone
    short.append((word, re.compile(rb"(?<![0-9A-Za-z])" + word.encode() + rb"(?![0-9A-Za-z])")))

hits = files = 0
for path in sys.argv[5:]:
    data = open(path, "rb").read()
    files += 1
    for name, needle in long.items():
        if needle in data:
            print("%s: %s" % (os.path.basename(path), name))
            hits += 1
    for name, pattern in short:
        if pattern.search(data):
            print("%s: %s" % (os.path.basename(path), name))
            hits += 1
print("%d files, %d spellings, %d hits" % (files, len(long) + len(short), hits))
sys.exit(1 if hits else 0)
P

api_key=$(cat "$keys/at-1.key")
words="يوسف|التجريبي|Youssef|Tajribi|خديجة|الوهمية|Khadija|Wahmiya|خاصني وراق|وراق السكنى ديالي"
words+="|Bghit nhder|m3akom|Salam 3afak|$secret|$api_key"
for key in master index audit; do words+="|$(cat "$keys/$key.key")"; done
numbers='+212600000011 +212600000022 +212612345678 +212655443322'
search() { python3 "$room/search.py" - "$words" "$numbers" "4821 7359 $codes" "$@" >"$room/hits"; }

part "the search finds what is planted"
for planted in '0600000011' "$(printf '+212600000022' | base64)" "$(printf 'Youssef' | od -An -tx1 | tr -d ' \n')" \
	'%2B212612345678' '%D9%8A%D9%88%D8%B3%D9%81' 'x 4821 y'; do
	printf '%s\n' "something $planted something" >"$room/planted"
	search "$room/planted" && fail "the search does not see $planted"
done
printf 'Youssef' | iconv -t UTF-16LE >"$room/planted"
search "$room/planted" && fail "the search does not see UTF-16"
rm "$room/planted"

part "nothing while the gateway runs"
[ -s "$state/wasl.db-wal" ] || fail "no WAL to look at"
look_at() { find "$state" -type f ! -name wasl.yaml; printf '%s\n' "$log" "$room/metrics"; }
mapfile -t places < <(look_at)
search "${places[@]}" || fail "$(cat "$room/hits")"
cat "$room/hits"

part "nothing after a kill, a start and an orderly end"
gateway_kill
mapfile -t places < <(look_at)
search "${places[@]}" || fail "$(cat "$room/hits")"
gateway_start
gateway_end
mapfile -t places < <(look_at)
search "${places[@]}" || fail "$(cat "$room/hits")"
