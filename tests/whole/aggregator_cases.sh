#!/usr/bin/env bash
# Africa's Talking's requests 01 to 08 (tests/data/aggregators/africastalking), told to a running
# gateway with the shipped menus: enrolment, a check-in and a need, each a session of its own, and
# the notices of their ends. Every answer is compared byte for byte.
. "$(dirname "$0")/lib.sh" || exit 2

cases=$top/tests/data/aggregators/africastalking
lrm=$'\u200e'

# The bodies made here are theirs: each recorded one comes out the same.
recorded() { # CASE TEXT
	ussd_body ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f23 +212612345678 "$2" '*384*1234#' 99999
	expect_is "$body" "$(tail -n 1 "$cases/$1.req.http")"
}
part "bodies are spelt as theirs"
recorded 01-ussd-begin ''
recorded 02-ussd-first-choice 1
recorded 03-ussd-second-choice-end '1*1'
recorded 04-ussd-free-text '2*عندي سؤال'
recorded 05-ussd-deep-skip '3*2*1*4'

gateway_begin
person_new 'يوسف' Youssef 0600000011 ary micro_project
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f01 n=+212600000011

part "enrolment, page by page (01, 02)"
ussd $s $n ''
expect_page $'CON وصل Wasl\n1. الدارجة\n2. Darija\n3. العربية\n4. Français'
ussd $s $n '1'
expect_page $'CON مرحبا، معاك وصل.\n1. عندي كود\n2. عيطو ليا\n0. خروج'
ussd $s $n '1*1'
expect_page 'CON الكود ديالك (6 أرقام):'
typed="1*1*$paper"
ussd $s $n "$typed"
expect_page $'CON وصل: أسئلة قصار ومواعيد بالميساج، باش المركز يعاونك.\n1. نكملو\n0. خروج'
ussd $s $n "$typed*1"
expect_page $'CON غير المرافق والمركز كيشوفو الأجوبة.\nفابور.\nممكن نوقفو فأي وقت.\n1. نكملو'
ussd $s $n "$typed*1*1"
expect_page $'CON واش قبلتي؟\nإلا قلتي لا، المساعدة باقية هي هي.\n1. آه\n2. لا\n3. من بعد'
ussd $s $n "$typed*1*1*1"
expect_page $'CON هاد التيليفون ديالك بوحدك؟\n1. آه\n2. لا، كنتشاركو فيه'
ussd $s $n "$typed*1*1*1*1"
expect_page $'CON رقم سري جديد (4 أرقام).\nبلا رقم سري: 0'
ussd $s $n "$typed*1*1*1*1*0"
expect_page $'END صافي، تسجلتي. شكرا.\nللرجوع: '"$lrm*000#$lrm"
ussd_end $s $n Success "$typed*1*1*1*1*0" "$page"
expect_http 200
expect_page ''

part "a check-in to its end (02, 03, 06)"
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f02
ussd $s $n ''
expect_page $'CON 1.خباري\n2.خاصني شي حاجة\n3.مشروعي/خدمتي\n4.الموعد\n5.عيطو ليا\n8.مستعجل\n9.المزيد'
ussd $s $n '1'
expect_page $'CON كيف دازت السيمانة؟\n1. مزيان\n2. شوية\n3. خاصني مساعدة'
ussd $s $n '1*1'
expect_page $'CON السكنى مضمونة؟\n1. آه\n2. ماشي بزاف\n3. ما عنديش سكنى'
ussd $s $n '1*1*2'
expect_page $'CON شحال من نهار خدمتي فهاد 7 أيام؟\n1. والو\n2. نهار ولا جوج\n3. من 3 ل 5\n4. كتر'
ussd $s $n '1*1*2*4'
expect_page $'END شكرا يوسف. جوابك وصل.\nنتلاقاو السيمانة الجاية.'
ussd_end $s $n Success '1*1*2*4' "$page"
expect_http 200
expect_page ''
ask log -o jsonl
expect_lines 1
expect_is "$(field mood)/$(field housing)/$(field days_worked)/$(field status)" good/fragile/6_7/done

part "a need with a note in Arabic (04)"
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f03
ussd $s $n ''
ussd $s $n '2'
expect_page $'CON شنو خاصك؟\n1. سكنى\n2. خدمة\n3. وراق/لاكارط\n4. صحة\n5. تكوين\n9. المزيد\n0. رجوع'
ussd $s $n '2*3'
expect_page $'CON واش هادشي مستعجل؟\n1. آه، اليوم\n2. هاد السيمانة\n3. يقدر يتسنى\n0. رجوع'
ussd $s $n '2*3*2'
expect_page $'CON كلمة للمرافق، إلا بغيتي.\nبلا كلمة: 0'
ussd $s $n '2*3*2*خاصني وراق السكنى'
expect_page $'END الطلب رقم 2001 تسجل.\nغادي نجاوبوك.\nالمركز: 0500000000'
ussd_end $s $n Success '2*3*2*خاصني وراق السكنى' "$page"
expect_http 200
ask need list -o jsonl
expect_lines 1
expect_is "$(field category)/$(field urgency)/$(field note)" 'papers/week/خاصني وراق السكنى'

part "a session broken off (07), and one that failed (08)"
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f04
ussd $s $n ''
ussd $s $n '2'
ussd_end $s $n Incomplete 2 "$page"
expect_http 200
expect_page ''
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f05
ussd $s $n ''
ussd_end $s $n Failed '' ''
expect_http 200
expect_page ''

part "all answers in the first request (05): another need in one dial"
ussd ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f06 $n '2*1*1*0'
expect_page $'END الطلب رقم 2002 تسجل.\nغادي نجاوبوك.\nالمركز: 0500000000'

part "answers that skip pages in one request of a running session"
s=ATUid_b2d4f6a81c3e5f70912a4b6c8d0e1f07
ussd $s $n ''
ussd $s $n '2*1*1'
expect_page $'CON كلمة للمرافق، إلا بغيتي.\nبلا كلمة: 0'

part "the same request again gets the same bytes"
first=$page
ussd $s $n '2*1*1'
expect_page "$first"
expect_is "$(metric ussd_repeats_total)" 1

ask need list -o jsonl
expect_lines 2
