# bash completion of wasl; made by: wasl completion bash
_wasl()
{
	local cur="${COMP_WORDS[COMP_CWORD]}" first="${COMP_WORDS[1]}" words="" flags="--output --json --color --ascii --width --bidi --lang --socket --no-input --yes --quiet --help --version"
	case "$COMP_CWORD" in
	1) words="today log overdue need call person staff outbox audit config doctor ctl whoami dial carrier menu channel completion help" ;;
	2) case "$first" in
	"need") words="list show" ;;
	"call") words="list show done noanswer" ;;
	"person") words="add show timeline code erase find" ;;
	"staff") words="add list" ;;
	"outbox") words="list resolve retry cancel" ;;
	"audit") words="list verify" ;;
	"config") words="show" ;;
	"ctl") words="status reload clock stop" ;;
	"menu") words="lint fmt graph size diff texts" ;;
	"channel") words="list show lint try" ;;
	esac ;;
	3) case "$first ${COMP_WORDS[2]}" in
	"menu texts") words="export import" ;;
	esac ;;
	esac
	case "$first ${COMP_WORDS[2]} ${COMP_WORDS[3]}" in
	"today "*) flags="$flags --days" ;;
	"log "*) flags="$flags --since --until --number --all --follow --reverse --mood" ;;
	"overdue "*) flags="$flags --number --days --exit-code" ;;
	"need list"*) flags="$flags --since --until --number --all --state --urgency --kind" ;;
	"call list"*) flags="$flags --since --until --number --all" ;;
	"call done"*) flags="$flags --outcome" ;;
	"person add"*) flags="$flags --name-ar --name-la --phone --from --speaks --path --ref --caseworker --centre --discreet" ;;
	"person timeline"*) flags="$flags --since --until --number" ;;
	"person code"*) flags="$flags --phone" ;;
	"person erase"*) flags="$flags --confirm" ;;
	"staff add"*) flags="$flags --centre --roles --name --uid" ;;
	"staff list"*) flags="$flags --number --all" ;;
	"outbox list"*) flags="$flags --since --until --number --all --state" ;;
	"audit list"*) flags="$flags --since --until --number --staff" ;;
	"doctor "*) flags="$flags --config" ;;
	"dial "*) flags="$flags --phone --config --person --channel --dialect --address --script --record --given --langs --menus --trace" ;;
	"carrier "*) flags="$flags --config --channel --dialect --address --port --reports --delay --faults --count --show-numbers" ;;
	"menu fmt"*) flags="$flags --check" ;;
	"menu graph"*) flags="$flags --dot --mermaid --node" ;;
	"menu size"*) flags="$flags --tsv" ;;
	"menu diff"*) flags="$flags --exit-code" ;;
	"menu texts export"*) flags="$flags --po" ;;
	"menu texts import"*) flags="$flags --check" ;;
	"channel show"*) flags="$flags --config --channel --secrets" ;;
	"channel try"*) flags="$flags --config --channel --page --end" ;;
	"help "*) flags="$flags --man" ;;
	esac
	case "$cur" in
	-*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
	esac
}
complete -o default -F _wasl wasl
