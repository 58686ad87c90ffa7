#!/usr/bin/env bash
# Killed without warning, started again: a session goes on at the same place, a repeat gets the same
# bytes, a locked PIN stays locked, the clock keeps its setting. A second gateway on the same state
# folder refuses to start and says why.
. "$(dirname "$0")/lib.sh" || exit 2

gateway_begin
person_new 'يوسف' Youssef 0600000011 ary job
enrol +212600000011 1 "$paper" own 0
person_new 'خديجة' Khadija 0600000022 ary-Latn micro_project
enrol +212600000022 2 "$paper" shared 4821

again() { gateway_kill && gateway_start; }

part "in the middle of a check-in"
ussd c +212600000011 ''
ussd c +212600000011 '1'
ussd c +212600000011 '1*2'
expect_page $'CON السكنى مضمونة؟\n1. آه\n2. ماشي بزاف\n3. ما عنديش سكنى'
page_before=$page
again
ussd c +212600000011 '1*2'
expect_page "$page_before"
ussd c +212600000011 '1*2*1'
expect_page $'CON شحال من نهار خدمتي فهاد 7 أيام؟\n1. والو\n2. نهار ولا جوج\n3. من 3 ل 5\n4. كتر'
again
ussd c +212600000011 '1*2*1*2'
expect_page $'END شكرا يوسف. جوابك وصل.\nنتلاقاو السيمانة الجاية.'
ask log -o jsonl
expect_lines 1
expect_is "$(field mood)/$(field housing)/$(field days_worked)/$(field status)" so_so/stable/1_2/done

part "in the middle of a need, and after its end"
ussd n +212600000011 '2*1*1'
expect_page $'CON كلمة للمرافق، إلا بغيتي.\nبلا كلمة: 0'
again
ussd n +212600000011 '2*1*1*محتاج ثلاجة'
expect_page $'END الطلب رقم 2001 تسجل.\nغادي نجاوبوك.\nالمركز: 0500000000'
page_before=$page
again
ussd n +212600000011 '2*1*1*محتاج ثلاجة'
expect_page "$page_before"
ask need list -o jsonl
expect_lines 1
expect_is "$(field note)" 'محتاج ثلاجة'

part "a check-in that was broken off is offered again by another call"
person_new 'إدريس' Driss 0600000033 ary job
enrol +212600000033 1 "$paper" own 0
ussd d1 +212600000033 '1*1'
again
ussd d2 +212600000033 ''
expect_page $'CON نكملو الأسئلة؟\n1. آه\n2. من الأول\n0. القائمة'
ussd d2 +212600000033 '1'
expect_page $'CON السكنى مضمونة؟\n1. آه\n2. ماشي بزاف\n3. ما عنديش سكنى'

part "three wrong PINs lock, and a restart does not unlock"
ussd p1 +212600000022 ''
expect_page $'CON Wasl\nRa9m sirri:'
ussd p1 +212600000022 '1212'
expect_page $'CON Machi howa hada.\nMerrat li ba9yin: 2\nRa9m sirri:'
again
ussd p1 +212600000022 '1212*1213'
expect_page $'CON Machi howa hada.\nMerrat li ba9yin: 1\nRa9m sirri:'
ussd p1 +212600000022 '1212*1213*1214'
locked=$'END Dkhoul ghadi yt7el mn be3d 24 sa3a.\nLmarkaz: 0500000000'
expect_page "$locked"
again
ussd p2 +212600000022 ''
expect_page "$locked"
ussd p3 +212600000022 '4821'
expect_page "$locked"
clock_to "${saturday% *} +1 day 13:00"
again
ussd p4 +212600000022 ''
ussd p4 +212600000022 '4821'
expect_has "$page" '1. Khbari'

part "the clock keeps its setting"
clock_to "$monday"
again
ask ctl clock -o tsv
expect_has "$out" "$(date -u -d "$(TZ=Africa/Casablanca date -d "$monday" -R)" +%Y-%m-%dT%H:)"
expect_is "$(rows audit verify)" 1

part "nothing is lost and nothing is there twice"
expect_is "$(rows log --all) $(rows need list --all)" '2 1'

part "a second gateway on the same folder"
sed "s/^listen:.*/listen: [\"127.0.0.1:$(free_port && echo "$port")\"]/;
	s/^metrics:.*/metrics: \"127.0.0.1:$(free_port && echo "$port")\"/" "$config" >"$room/second.yaml"
timeout 20 "$bin/wasld" -c "$room/second.yaml" >"$room/second.log" 2>&1
expect_is $? 1
expect_has "$(cat "$room/second.log")" "$state/lock: error: another wasld works on this folder"
gateway_alive
ussd still +212600000011 ''
expect_has "$page" 'CON '
wasl ctl status
expect_exit 0

part "it may start when the first has ended in good order"
wasl ctl stop --yes
expect_exit 0
gateway_ended 0
gateway_start
ussd last +212600000011 ''
expect_has "$page" 'CON '
