#!/usr/bin/env bash
# The tools of who writes the menus, from a first look to a change that is served: each leaves the
# files as they were until it is told to change them, and every exit status says how it went.
. "$(dirname "$0")/lib.sh" || exit 2

menus="$room/menus"
cp -R "$top/menus" "$menus"

part "lint, size and graph of menus that are right"
wasl menu lint "$menus"
expect_exit 0
expect_has "$out" ' 4 languages '
wasl menu size "$menus"
expect_exit 0
expect_has "$out" $'node\tlanguage\tcoding\tunits\tlimit\tpages\tleft\trare_units\trare_limit'
wasl menu size --tsv "$menus"
expect_exit 0
expect_has "$out" $'c0\tfr\tgsm7\t'
wasl menu graph "$menus"
expect_exit 0
expect_has "$out" 'checkin (run)'
wasl menu graph --mermaid --node checkin "$menus"
expect_exit 0
expect_has "$out" 'flowchart LR'
wasl menu graph --dot --mermaid "$menus"
expect_exit 2
wasl menu graph --node nobody "$menus"
expect_exit 3
if command -v dot >/dev/null; then
	wasl menu graph --dot "$menus"
	dot -Tsvg "$room/out" >"$room/menus.svg" || fail "dot cannot read the drawing"
fi

part "fmt: nothing to do; a ragged line; the same again does nothing"
wasl menu fmt --check "$menus"
expect_exit 0
sed -i 's/fr:       "Plus tard"/fr: Plus tard   /' "$menus/checkin.yaml"
wasl menu fmt --check "$menus"
expect_exit 1
expect_has "$out" 'checkin.yaml'
wasl menu fmt "$menus"
expect_exit 0
cmp "$menus/checkin.yaml" "$top/menus/checkin.yaml" || fail "fmt made something else of it"
wasl menu fmt "$menus"
expect_has "$out" '0 files changed'

part "texts there and back: not a byte differs, as a table and as PO of each language"
for form in '' 'ary' 'ary-Latn' 'ar' 'fr'; do
	wasl menu texts export ${form:+--po "$form"} "$menus"
	expect_exit 0
	cp "$room/out" "$room/texts"
	wasl menu texts import "$room/texts" "$menus"
	expect_exit 0
	expect_is "$out" '0 texts changed'
	diff -r "$menus" "$top/menus" || fail "something changed"
	[ -z "$form" ] || ! command -v msgfmt >/dev/null ||
		msgfmt -o /dev/null "$room/texts" || fail "gettext does not read it"
done

part "a translator's text: said by diff, looked at with --check, put at its place"
sed -i 's/^msgstr "Commencer"/msgstr "On commence"/' "$room/texts"
wasl menu texts import --check "$room/texts" "$menus"
expect_exit 1
expect_is "$out" '1 text would change'
diff -r "$menus" "$top/menus" || fail "--check changed something"
wasl menu texts import "$room/texts" "$menus"
expect_exit 0
wasl menu diff "$top/menus" "$menus"
expect_exit 0
expect_is "$out" 'page c0 in fr: option 1 "On commence" was "Commencer"'
wasl menu diff --exit-code "$top/menus" "$menus"
expect_exit 4
wasl menu diff --exit-code "$menus" "$menus"
expect_exit 0

part "a text that is too long, an old one, a wrong place: exit 5, the line, and nothing written"
cp -R "$menus" "$room/before"
printf 'file,place,fr\ncheckin.yaml,nodes.c0.options.1.say,%s\n' "$(printf 'x%.0s' {1..300})" \
	>"$room/long.csv"
wasl menu texts import "$room/long.csv" "$menus"
expect_exit 5
printf 'file,place,ary,fr\ncheckin.yaml,nodes.c9.menu,x,y\n' >"$room/lost.csv"
wasl menu texts import "$room/lost.csv" "$menus"
expect_exit 5
expect_has "$err" 'lost.csv:2:1: error: there is no text checkin.yaml nodes.c9.menu'
expect_has "$err" 'nothing was written'
wasl menu texts import "$room/nowhere.po" "$menus"
expect_exit 3
diff -r "$menus" "$room/before" || fail "a refused import changed something"

part "faults: told once, as file:line:col"
sed -i 's/go: due_run/go: due_rum/' "$menus/checkin.yaml"
wasl menu lint "$menus"
expect_exit 5
expect_has "$out" 'checkin.yaml:'
wasl menu size "$menus"
expect_exit 5
wasl menu graph "$menus"
expect_exit 5
wasl menu diff "$top/menus" "$menus"
expect_exit 5
wasl menu lint "$room/nowhere"
expect_exit 3

part "each explains itself, in French too"
for words in 'menu lint' 'menu fmt' 'menu graph' 'menu size' 'menu diff' 'menu texts export' \
	'menu texts import' dial; do
	# shellcheck disable=SC2086
	wasl $words --help
	expect_exit 0
	expect_has "$out" "wasl $words"
	expect_has "$out" 'Example:'
done
