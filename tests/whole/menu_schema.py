"""What menu_schema.sh runs: the schema that editors use, beside the reader that decides.

    menu_schema.py WASL SOURCE     WASL: the program; SOURCE: the root of the project

Every shipped file passes both. Of the files of tests/data/menus-spoilt the schema refuses those
whose fault it can see (SEEN), and takes the others; the reader refuses all that are no warnings.
Names in the schema are those of the closed tables in src/menu.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

# Faults of shape. The rest are about names, lengths, words and where things lead.
SEEN = """unknown_key too_deep wrong_version key_without_value text_empty placeholder_of_a_word
variable_type choice_of_nothing argument_type argument_missing key_reserved two_kinds
record_of_nothing run_without_question run_twice_a_field survey_of_no_kind survey_of_unknown_kind
list_unknown direct_path language_tag forbidden_too_short part_outside
sub_menu_without_start""".split()
# Not YAML, or not in one document: no tree for a schema to look at.
NO_TREE = "double_key tab alias second_document not_utf8".split()

wasl, source = sys.argv[1], pathlib.Path(sys.argv[2])
faults = []


def tell(what):
    faults.append(what)
    print(what)


def plain(value):
    """As an editor sees it: a day is a text in YAML 1.2."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else value.isoformat()


def tree(path):
    return plain(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def schema_takes(path):
    error = next(checker.iter_errors(tree(path)), None)
    return (error is None, "" if error is None else f"{list(error.absolute_path)}: {error.message}")


def reader_takes(folder):
    return subprocess.run([wasl, "menu", "lint", str(folder)], capture_output=True).returncode == 0


def rows(table, macro):
    """The quoted words of each row of a closed table."""
    text = (source / "src/menu" / table).read_text(encoding="utf-8")
    return [re.findall(r'"([^"]*)"', row) for row in re.findall(rf"^{macro}\((.*)\)$", text, re.M)]


def wanted_words(words):
    return words + [int(w) for w in words if w.isdigit()]


def check_tables():
    types = {row[0]: row[1].split() for row in rows("menu_types.def", "TYPE")}
    known = schema["definitions"]
    if known["chosen"]["properties"]["type"]["enum"] != [*types, "choice"]:
        tell("the schema has other types than menu_types.def")
    for name, words in types.items():
        if words and known.get(f"type_{name}", {}).get("anyOf", [{}])[0].get("enum") != wanted_words(words):
            tell(f"the schema has other words of {name}")
    texts = [row[0] for row in rows("menu_facts.def", "FACT") if " TEXT," in fact_line(row[0])]
    if sorted(known["placeholder"]["properties"]["from"]["enum"]) != sorted(texts):
        tell("the schema has other facts to show than menu_facts.def")
    check_actions(known["actions"]["properties"])


def fact_line(name):
    text = (source / "src/menu/menu_facts.def").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if f'"{name}"' in line)


def check_actions(known):
    actions = {row[0]: row[1].split() for row in rows("menu_actions.def", "ACTION")}
    if sorted(known) != sorted(actions):
        tell("the schema has other actions than menu_actions.def")
    for name, args in actions.items():
        names = [a.split(":")[0] for a in args]
        needed = [a.split(":")[0] for a in args if not a.endswith("?")]
        has = known.get(name, {})
        if list(has.get("properties", {})) != names or has.get("required", []) != needed:
            tell(f"the schema gives {name} other arguments")


def check_shipped(folder):
    for path in sorted(folder.glob("*.yaml")):
        takes, why = schema_takes(path)
        if not takes:
            tell(f"{path.relative_to(source)}: the schema refuses it: {why}")
    if not reader_takes(folder):
        tell(f"{folder.relative_to(source)}: the reader refuses it")


def check_spoilt(folder):
    cases = {path.name.split(".", 1)[0] for path in folder.glob("*.yaml")}
    for case in sorted({*SEEN, *NO_TREE} - cases):
        tell(f"{case}: there is no such file")
    with tempfile.TemporaryDirectory(prefix="wasl-schema.") as room:
        for path in sorted(folder.glob("*.yaml")):
            case, name = path.name.split(".", 1)
            copy = pathlib.Path(room) / case
            shutil.copytree(folder / "base", copy)
            shutil.copyfile(path, copy / name)
            is_warning = b" warning " in path.read_bytes().split(b"\n", 1)[0]
            if reader_takes(copy) != is_warning:
                tell(f"{path.name}: the reader {'refuses' if is_warning else 'takes'} it")
            check_seen(path, case)


def check_seen(path, case):
    try:
        takes, why = schema_takes(path)
    except (YAMLError, UnicodeDecodeError):
        takes, why = None, ""
    if (takes is None) != (case in NO_TREE):
        tell(f"{path.name}: {'no tree' if takes is None else 'a tree after all'}")
    elif takes is not None and takes == (case in SEEN):
        tell(f"{path.name}: the schema {'takes' if takes else 'refuses'} it {why}")


schema = json.loads((source / "contrib/wasl-menu.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft7Validator.check_schema(schema)
checker = jsonschema.Draft7Validator(schema)
check_tables()
check_shipped(source / "menus")
check_shipped(source / "tests/data/menus-spoilt/base")
check_spoilt(source / "tests/data/menus-spoilt")
print(f"{len(faults)} faults")
sys.exit(1 if faults else 0)
