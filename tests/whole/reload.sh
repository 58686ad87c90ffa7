#!/usr/bin/env bash
# New menus under a running gateway: ten faults are ten places and nothing changes; a good change
# reaches new sessions while a live one ends on its old pages. A faulty dialect at start leaves its
# channel off and the rest running.
. "$(dirname "$0")/lib.sh" || exit 2

cp -R "$top/menus" "$room/menus"
cp -R "$top/contrib/dialects" "$room/dialects"
MENUS=$room/menus DIALECTS=$room/dialects
needs=$room/menus/needs.yaml

gateway_begin
person_new 'يوسف' Youssef 0600000011 ary job
enrol +212600000011 1 "$paper" own 0

version() { ask ctl status -o tsv && grep '^menu.version' "$room/out"; }
old_version=$(version)
old_page=$'CON شنو خاصك؟\n1. سكنى\n2. خدمة\n3. وراق/لاكارط\n4. صحة\n5. تكوين\n9. المزيد\n0. رجوع'

# One fault: only the first line that holds the words is changed, as sed does it.
spoil() { # WORDS OTHER-WORDS
	grep -qF -- "$1" "$needs" || fail "needs.yaml has no \"$1\" to spoil"
	sed -i "0,/$1/s//$2/" "$needs"
}

part "ten faults: ten places, exit 5, and the running menus stay"
spoil 'go: after_category' 'go: after_categorie'
spoil 'set: {category: housing}' 'set: {categorie: housing}'
spoil 'max: 160' 'mix: 160'
spoil 'words: crisis' 'words: crises'
spoil 'need.open: {category' 'need.opn: {category'
spoil 'when: need.same' 'when: need.sam'
spoil 'key: "9"' 'key: "1"'
spoil '"سكنى"' '"سجن"'
spoil '{n} enreg' '{nn} enreg'
sed -i '/fr:       "Emploi"/d' "$needs"
wasl ctl reload -o jsonl
expect_exit 5
expect_lines 10
expect_is "$(grep -cE '"key":"[^"]*/menus/needs\.yaml:[0-9]+:[0-9]+"' "$room/out")" 10
for word in after_categorie categorie mix crises need.opn need.sam 'the key 1' سجن '{nn}' 'the text is missing'; do
	expect_has "$out" "$word"
done
expect_has "$err" 'nothing was changed'
expect_is "$(version)" "$old_version"
ussd a1 +212600000011 '2'
expect_page "$old_page"

part "the lint of the files says the same ten, without a gateway"
wasl menu lint "$room/menus"
expect_exit 5
expect_is "$(grep -c 'needs.yaml:.*error' "$room/out")" 10

part "a signal does the same, and the log names every place"
refusals() { [ "$(grep -c 'reload refused faults=10' "$log")" = "$1" ]; }
wait_for 10 "the first refusal" refusals 1
before=$(grep -c 'needs.yaml:[0-9]*:[0-9]*: error' "$log")
kill -HUP "$wasld_pid"
wait_for 10 "the second refusal" refusals 2
named() { [ $(($(grep -c 'needs.yaml:[0-9]*:[0-9]*: error' "$log") - before)) = 10 ]; }
wait_for 10 "ten places in the log" named
expect_is "$(version)" "$old_version"
ussd a2 +212600000011 '2'
expect_page "$old_page"

part "a key that wasl.yaml does not know refuses the whole as well"
cp "$top/menus/needs.yaml" "$needs"
cp "$config" "$room/wasl.yaml"
printf 'listn: ["127.0.0.1:1"]\n' >>"$config"
wasl ctl reload -o jsonl
expect_exit 5
expect_has "$out" 'wasl.yaml:'
expect_has "$out" 'listn'
cat "$room/wasl.yaml" >"$config"

part "one word changes: a live session ends on the old pages, a new one has the new"
ussd live +212600000011 ''
spoil 'شنو خاصك؟' 'شنو بغيتي؟'
ask ctl reload
new_version=$(version)
[ "$new_version" != "$old_version" ] || fail "the menus have the same version as before"
ussd live +212600000011 '2'
expect_page "$old_page"
ussd new +212600000011 '2'
expect_page "${old_page/خاصك/بغيتي}"
ussd live +212600000011 '2*1*3*0'
expect_has "$page" 'END الطلب رقم'

part "and by signal"
cp "$top/menus/needs.yaml" "$needs"
kill -HUP "$wasld_pid"
is_old() { "$bin/wasl" ctl status -o tsv 2>/dev/null | grep -qxF "$old_version"; }
wait_for 10 "the old menus again" is_old
ussd newer +212600000011 '2'
expect_page "$old_page"

part "keys that take a restart are named, at every reload until it comes; the rest is in force"
cat "$config" >"$room/wasl.yaml"
sed -i 's/^ballast: .*/ballast: 2MiB/; s/^limits: {/limits: {connections: 300, sms_per_person_day: 3, /' "$config"
for time in first second; do
	ask ctl reload -o jsonl
	expect_lines 2
	expect_has "$out" 'limits.connections changed: that takes a restart'
	expect_has "$out" 'ballast changed: that takes a restart'
done
ask config show -o tsv
grep -q "^limits.sms_per_person_day	3	" "$room/out" || fail "a limit is not in force: $out"
cat "$room/wasl.yaml" >"$config"
ask ctl reload -o jsonl
expect_lines 0

part "a folder that the fence keeps out of reach is named, and nothing is changed"
if grep -q 'sandbox: .*files fenced' "$log"; then
	cp -R "$room/menus" "$room/other"
	sed -i "s#$room/menus#$room/other#" "$config"
	wasl ctl reload -o jsonl
	expect_exit 5
	expect_has "$out" 'menus: the running gateway cannot reach a folder'
	ussd fenced +212600000011 '2'
	expect_page "$old_page"
	cat "$room/wasl.yaml" >"$config"
	ask ctl reload
fi

part "a faulty dialect: refused at a reload, off at a start, on again when mended"
sed -i 's/^  session: form.sessionId/  sesion: form.sessionId/' "$room/dialects/africastalking.yaml"
wasl ctl reload -o jsonl
expect_exit 5
expect_has "$out" 'africastalking.yaml:'
expect_has "$out" 'sesion'
ussd still +212600000011 '2'
expect_page "$old_page"
gateway_end
gateway_start
grep -q 'channel at-1 stays off' "$log" || fail "the log does not say that the channel stays off"
ussd_body off +212600000011 ''
post "$webhook/ussd" "$body"
expect_http 403
expect_is "$page" ''
ask person show "$ref" -o jsonl
expect_has "$out" "$ref"
cp "$top/contrib/dialects/africastalking.yaml" "$room/dialects/"
ask ctl reload
ussd on +212600000011 '2'
expect_page "$old_page"

part "a revealing word in a sender's name or a centre's alias is refused at its line"
cat "$config" >"$room/good.yaml"
sed -i 's/^    settings:/&\n      sender: "Habs 7"/; s/^    tel: .*/&\n    place: "Prison"/' "$config"
wasl ctl reload -o jsonl
expect_exit 5
expect_lines 2
expect_has "$out" 'sender: a word that may never be seen'
expect_has "$out" 'place: a word that may never be seen'
cat "$room/good.yaml" >"$config"
ask ctl reload

part "menus that are faulty at a start: no gateway, every place named"
gateway_end
spoil 'go: after_category' 'go: after_categorie'
"$bin/wasld" -c "$config" >"$room/start" 2>&1
expect_is $? 1
expect_has "$(cat "$room/start")" 'needs.yaml:16:9: error'
"$bin/wasld" -c "$config" --check >"$room/check" 2>&1
expect_is $? 1
expect_has "$(cat "$room/check")" 'needs.yaml:16:9: error'
