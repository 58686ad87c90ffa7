#!/usr/bin/env bash
# The schema that editors check menus with says what our reader says: menu_schema.py. Skipped where
# no python3 has both jsonschema and ruamel.yaml (YAML 1.2).
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
wasl=${WASL_BUILD:-$top/build/quickstart}/wasl
export LC_ALL=C.UTF-8 NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1

[ -x "$wasl" ] || {
	echo "no wasl in ${wasl%/wasl}: build it, and say WASL_BUILD=FOLDER" >&2
	exit 2
}
for python in python3 /usr/bin/python3; do
	command -v "$python" >/dev/null || continue
	"$python" -c 'import jsonschema, ruamel.yaml' 2>/dev/null || continue
	exec "$python" "$here/menu_schema.py" "$wasl" "$top"
done
echo "skipped: python3-jsonschema and python3-ruamel.yaml are not installed"
exit 77
