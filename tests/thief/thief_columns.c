#include "thief.h"

#define SIMPLE(table, column, row, key, person)                                       \
	{                                                                             \
		table, column,                                                        \
			"SELECT " row ", " key ", " person ", " column " FROM " table \
			" WHERE " column " IS NOT NULL",                              \
			"UPDATE " table " SET " column " = ?1 WHERE " row " = ?2"     \
	}
#define TURN(column)                                                                     \
	{                                                                                \
		"turn", column,                                                          \
			"SELECT turn.id, session.key_id, ifnull(session.person, 0), "    \
			"turn." column " FROM turn JOIN session ON session.id = turn.id" \
			" / 256 WHERE turn." column " IS NOT NULL",                      \
			"UPDATE turn SET " column " = ?1 WHERE id = ?2"                  \
	}

/* Every column whose bytes are sealed; thief_tamper looks whether the schema has others. */
const struct thief_column thief_columns[] = {
	SIMPLE("person", "name_ar", "id", "id", "id"),
	SIMPLE("person", "name_la", "id", "id", "id"),
	SIMPLE("phone_link", "phone", "id", "person", "person"),
	SIMPLE("phone_link", "pin", "id", "person", "person"),
	SIMPLE("need", "note", "number", "person", "person"),
	SIMPLE("callback", "phone", "number", "key_id", "ifnull(person, 0)"),
	SIMPLE("session", "phone", "id", "key_id", "ifnull(person, 0)"),
	TURN("input"),
	TURN("reply"),
	TURN("state"),
	SIMPLE("outbox", "phone", "id", "person", "person"),
	SIMPLE("outbox", "text", "id", "person", "person"),
	SIMPLE("inbox", "phone", "id", "key_id", "ifnull(person, 0)"),
	SIMPLE("inbox", "text", "id", "key_id", "ifnull(person, 0)"),
};
const size_t thief_columns_n = ARRAY_LEN(thief_columns);
