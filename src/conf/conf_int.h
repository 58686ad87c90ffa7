/*
 * Inside conf/: a row of conf_keys.def has a type; a type has a form that
 * yaml_check tests and a setter that reads the value into its field. The loader
 * only walks rows.
 */
#ifndef WASL_CONF_CONF_INT_H
#define WASL_CONF_CONF_INT_H

#include "conf/conf.h"
#include "yaml/yaml.h"

enum conf_type {
	CONF_T_PATH,
	CONF_T_FILE, /* of a secret: a bare name lies in the keys folder */
	CONF_T_NAME,
	CONF_T_URL,
	CONF_T_ZONE,
	CONF_T_INT,
	CONF_T_YESNO,
	CONF_T_SPAN,
	CONF_T_SIZE,
	CONF_T_CHOICE, /* an int64_t: the word itself when it is a number, else its place */
	CONF_T_DIGITS,
	CONF_T_TEL,
	CONF_T_PHONES,
	CONF_T_CODE,
	CONF_T_HOURS,
	CONF_T_CLOCK,
	CONF_T_TIMES,
	CONF_T_TIMES_LIST,
	CONF_T_LISTEN,
	CONF_T_LISTENS,
	CONF_T_RANGES,
	CONF_T_WORDS,
	CONF_T_PLACE,
	CONF_T_CENTRE,
	CONF_T_SETTINGS,
	CONF_T_SECRETS,
	CONF_T_MAP,
	CONF_T_CENTRES,
	CONF_T_CHANNELS,
	CONF_T_COUNT
};

/* Beside conf_rows, row by row: how the loader reads it. */
struct conf_target {
	enum conf_type type;
	size_t offset; /* in conf, conf_centre or conf_channel */
};
extern const struct conf_target conf_targets[];

struct conf_loader {
	struct conf *conf;
	const struct yaml_doc *doc;
	struct err *err;
	const char *folder; /* of the file, absolute */
	struct conf_value *values;
	size_t n_values, cap_values;
};

/* One value on its way into a field. */
struct conf_item {
	const struct conf_row *row;
	const char *name;             /* in full: "centres.CAS.tel" */
	const struct yaml_node *node; /* of the form that yaml_check asks for */
	void *field;
};

/* A setter adds its faults and leaves the field alone, or fills it. */
typedef void conf_setter(struct conf_loader *l, const struct conf_item *it);

struct conf_type_info {
	enum yaml_type form;
	bool is_text;     /* the field is one text: "" when there is no value */
	conf_setter *set; /* NULL: the loader's own work */
};
extern const struct conf_type_info conf_types[CONF_T_COUNT];

/* ---- Setters: conf_set.c plain ones, conf_net.c addresses, conf_time.c times ---- */

conf_setter conf_set_listen, conf_set_listens, conf_set_ranges;
conf_setter conf_set_hours, conf_set_clock, conf_set_times, conf_set_times_list;
conf_setter conf_set_settings, conf_set_secrets;

/* The next entry of a list that is a filled scalar; faults for the others. */
bool conf_list_next(struct conf_loader *l, const struct conf_item *it, size_t *i,
		    const struct yaml_node **entry);

/* ---- Load ---- */

/* Reads all rows directly in a section ("limits", "centres.*") from a map, which may be NULL. */
void conf_load_section(struct conf_loader *l, const struct yaml_node *map, const char *section,
		       const char *shown, void *base);
void conf_load_centres(struct conf_loader *l, const struct yaml_node *map);
void conf_load_channels(struct conf_loader *l, const struct yaml_node *map);

/* Absolute, taken from the folder of the file. */
const char *conf_path(const struct conf_loader *l, struct str text);
const char *conf_secret_path(const struct conf_loader *l, struct str text);

/* A name under which somebody would write a secret in clear: "password", "api_key". */
bool conf_secret_name(struct str name);
void conf_fault_secret(struct conf_loader *l, const struct yaml_node *key);

#endif
