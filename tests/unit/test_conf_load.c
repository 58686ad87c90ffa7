#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/log.h"
#include "conf/conf.h"
#include "test_yaml_spoil.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A file in a folder of its own; faults are shown as "wasl.yaml:..." whatever the folder. */
struct loaded {
	char folder[64], path[80];
	struct arena *arena;
	struct err *err;
	struct conf *conf;
	int rc;
};

static struct loaded
load(const char *text)
{
	struct loaded l = {.arena = arena_new(0), .err = err_new()};

	strcpy(l.folder, "/tmp/test_conf_load.XXXXXX");
	assert_non_null(mkdtemp(l.folder));
	snprintf(l.path, sizeof(l.path), "%s/wasl.yaml", l.folder);
	FILE *f = fopen(l.path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	l.rc = conf_load(l.path, &l.conf, l.err);
	return l;
}

static void
done(struct loaded *l)
{
	unlink(l->path);
	rmdir(l->folder);
	conf_free(l->conf);
	err_free(l->err);
	arena_free(l->arena);
}

static const char *
fault(const struct loaded *l, size_t i)
{
	return err_line(err_at(l->err, i), l->arena) + strlen(l->folder) + 1;
}

static void
assert_faults(const char *text, const char *const *lines, size_t n)
{
	struct loaded l = load(text);

	for (size_t i = 0; i < n && i < err_count(l.err); i++)
		assert_string_equal(fault(&l, i), lines[i]);
	if (err_count(l.err) > n)
		fail_msg("one fault too many: %s", fault(&l, n));
	assert_int_equal(err_count(l.err), n);
	assert_int_equal(l.rc, n > 0 ? W_EINVAL : 0);
	assert_true((l.conf == NULL) == (n > 0));
	done(&l);
}
#define ASSERT_FAULTS(text, ...)                                  \
	do {                                                      \
		const char *const lines_[] = {__VA_ARGS__};       \
		assert_faults((text), lines_, ARRAY_LEN(lines_)); \
	} while (0)

#define CENTRE                   \
	"state: /var/lib/wasl\n" \
	"centres:\n"             \
	"  CAS: {tel: \"0522000000\", office: \"MO-FR 09:00-16:30\"}\n"

#define CHANNEL                                \
	CENTRE "channels:\n"                   \
	       "  at-1:\n"                     \
	       "    dialect: africastalking\n" \
	       "    code: \"*384*1234#\"\n"    \
	       "    centre: CAS\n"             \
	       "    path_secret_file: /etc/wasl/at-1.path\n"

static struct loaded
load_good(const char *text)
{
	struct loaded l = load(text);

	if (err_count(l.err) > 0)
		fail_msg("%s", fault(&l, 0));
	assert_int_equal(l.rc, 0);
	return l;
}

static void
conf_load__defaults_are_those_of_the_threat_model(void **state)
{
	struct loaded l = load_good(CENTRE);
	const struct conf_limits *m = &l.conf->limits;
	(void)state;

	assert_int_equal(m->headers_bytes, 8192);
	assert_int_equal(m->headers, 48);
	assert_int_equal(m->body, 16384);
	assert_int_equal(m->header_time, 3);
	assert_int_equal(m->request_time, 8);
	assert_int_equal(m->reply_time, 5);
	assert_int_equal(m->idle_time, 75);
	assert_int_equal(m->requests_per_connection, 1000);
	assert_int_equal(m->connections, 512);
	assert_int_equal(m->connections_reserved, 256);
	assert_int_equal(m->connections_per_address, 32);
	assert_int_equal(m->answer_ms, 1500);
	assert_int_equal(m->rate_per_number, 30);
	assert_int_equal(m->rate_per_channel, 200);
	assert_int_equal(m->session_time, 180);
	assert_int_equal(m->repeat_time, 1800);
	assert_int_equal(m->resume_time, 86400);
	assert_int_equal(m->sms_per_person_day, 4);
	assert_int_equal(l.conf->ballast, 32 << 20);
	done(&l);
}

static void
conf_load__defaults_are_those_of_the_design(void **state)
{
	struct loaded l = load_good(CENTRE);
	const struct conf *c = l.conf;
	(void)state;

	assert_int_equal(c->listen.n, 1);
	assert_string_equal(c->listen.v[0].text, "127.0.0.1:8080");
	assert_int_equal(c->metrics.port, 9090);
	assert_string_equal(c->socket, "/var/lib/wasl/wasl.sock");
	assert_string_equal(c->zone, "Africa/Casablanca");
	assert_int_equal(c->language, CONF_ARY);
	assert_int_equal(c->log, LOG_INFO);
	assert_true(c->free_to_caller);
	assert_string_equal(c->menus, "");
	assert_string_equal(c->emergency.police, "19");
	assert_string_equal(c->emergency.gendarmerie, "177");
	assert_string_equal(c->emergency.ambulance, "15");
	assert_string_equal(c->emergency.samu, "141");
	assert_string_equal(c->emergency.women, "8350");
	assert_int_equal(c->sending.hours.from, 540);
	assert_int_equal(c->sending.hours.to, 1200);
	assert_int_equal(c->sending.friday_pause.from, 720);
	assert_int_equal(c->sending.friday_pause.to, 870);
	assert_int_equal(c->sending.ramadan_hours.n, 2);
	assert_int_equal(c->sending.ramadan_hours.v[1].to, 1350);
	assert_int_equal(c->sending.concat_reference, 8);
	assert_int_equal(c->n_channels, 0);
	done(&l);
}

static void
conf_load__a_centre_is_read_whole(void **state)
{
	struct loaded l = load_good(
		"state: s\n"
		"centres:\n"
		"  CAS:\n"
		"    tel: \"+212 522-00-00-01\"\n"
		"    place: {ary: المركز, ary-Latn: Lmarkaz, ar: المركز, fr: le centre}\n"
		"    office: \"MO-TH 09:00-16:30, FR 09:00-12:00\"\n"
		"    duty: [\"0600000011\", \"+212700000022\"]\n"
		"    checkin: {day: TH, at: \"09:30\"}\n"
		"  RAB: {tel: \"0537000000\", office: \"MO 08:00-24:00\", place: \"\\u0648\"}\n");
	const struct conf_centre *cas = conf_centre(l.conf, "CAS");
	(void)state;

	assert_int_equal(l.conf->n_centres, 2);
	assert_string_equal(cas->tel, "0522000001");
	assert_string_equal(cas->place[CONF_FR], "le centre");
	assert_string_equal(cas->place[CONF_ARY_LATN], "Lmarkaz");
	assert_string_equal(cas->office, "MO-TH 09:00-16:30, FR 09:00-12:00");
	assert_int_equal(cas->duty.n, 2);
	assert_int_equal(cas->checkin_day, 4);
	assert_int_equal(cas->checkin_at, 570);
	assert_int_equal(cas->line, 3);
	const struct conf_centre *rab = conf_centre(l.conf, "RAB");
	assert_int_equal(rab->checkin_day, 1);
	assert_int_equal(rab->checkin_at, 600);
	assert_int_equal(rab->duty.n, 0);
	assert_string_equal(rab->place[CONF_FR], rab->place[CONF_AR]);
	assert_null(conf_centre(l.conf, "FES"));
	done(&l);
}

static void
conf_load__a_channel_is_read_whole(void **state)
{
	struct loaded l =
		load_good(CHANNEL "    page: {gsm7: 160, ucs2: 70}\n"
				  "    pace: 25\n"
				  "    addresses: [192.0.2.7, \"2001:db8::/32\"]\n"
				  "    plain_http_to: [10.1.0.0/16]\n"
				  "    settings: {username: sandbox, sender: \"1234\"}\n"
				  "    secrets: {key_file: /etc/wasl/k, hook_file: at.hook}\n"
				  "    accept_unconfirmed: [report, ussd_end]\n");
	const struct conf_channel *c = conf_channel(l.conf, "at-1");
	(void)state;

	assert_string_equal(c->dialect, "africastalking");
	assert_string_equal(c->code, "*384*1234#");
	assert_string_equal(c->centre, "CAS");
	assert_int_equal(c->page_gsm7, 160);
	assert_int_equal(c->page_ucs2, 70);
	assert_int_equal(c->pace, 25);
	assert_string_equal(c->path_secret_file, "/etc/wasl/at-1.path");
	assert_int_equal(c->addresses.n, 2);
	assert_int_equal(c->addresses.v[1].family, AF_INET6);
	assert_int_equal(c->addresses.v[1].prefix, 32);
	assert_int_equal(c->plain_http_to.n, 1);
	assert_string_equal(conf_pair(&c->settings, "sender"), "1234");
	assert_int_equal(c->settings.v[0].line, 14);
	assert_int_equal(c->settings.v[1].col, 35);
	assert_string_equal(conf_pair(&c->secrets, "key"), "/etc/wasl/k");
	assert_null(conf_pair(&c->secrets, "key_file"));
	assert_int_equal(c->accept_unconfirmed.n, 2);
	assert_string_equal(c->accept_unconfirmed.v[1], "ussd_end");
	done(&l);
}

static void
conf_load__plain_http_goes_to_loopback_only_by_default(void **state)
{
	struct loaded l = load_good(CHANNEL);
	const struct net_ranges *r = &conf_channel(l.conf, "at-1")->plain_http_to;
	(void)state;

	assert_int_equal(r->n, 2);
	assert_int_equal(r->v[0].bytes[0], 127);
	assert_int_equal(r->v[0].prefix, 8);
	assert_int_equal(r->v[1].family, AF_INET6);
	assert_int_equal(r->v[1].prefix, 128);
	assert_int_equal(conf_channel(l.conf, "at-1")->page_ucs2, 0);
	assert_int_equal(conf_channel(l.conf, "at-1")->addresses.n, 0);
	done(&l);
}

static void
conf_load__ten_faults_give_ten_lines(void **state)
{
	(void)state;
	ASSERT_FAULTS(
		"state: /s\n"
		"zoone: Africa/Casablanca\n"
		"language: aryy\n"
		"listen: [localhost:80]\n"
		"limits: {headers: 1000, header_tme: 3s}\n"
		"centres:\n"
		"  CAS: {tel: \"0522000000\", office: \"MO-FR 9-16\"}\n"
		"channels:\n"
		"  at-1:\n"
		"    dialect: africastalking\n"
		"    code: \"*384*12345#\"\n"
		"    centre: CAD\n"
		"    path_secret: abc\n"
		"    secrets: {key_file: k, password: hunter2}\n"
		"    path_secret_file: p\n",
		"wasl.yaml:2:1: error: unknown key \"zoone\" (did you mean \"zone\"?)",
		"wasl.yaml:3:11: error: language must be one of ary|ary-Latn|ar|fr (did you "
		"mean \"ary\"?)",
		"wasl.yaml:4:10: error: listen needs \"127.0.0.1:8080\", \"[::1]:8080\" or "
		"unix:/path",
		"wasl.yaml:5:19: error: headers must be 8 to 256",
		"wasl.yaml:5:25: error: unknown key \"header_tme\" (did you mean "
		"\"header_time\"?)",
		"wasl.yaml:7:36: error: centres.CAS.office needs days and times such as "
		"\"MO-TH 09:00-16:30, FR 09:00-12:00\"",
		"wasl.yaml:11:11: error: channels.at-1.code has 11 characters; the texts have "
		"room for 10",
		"wasl.yaml:12:13: error: channels.at-1.centre: there is no such centre (did "
		"you mean \"CAS\"?)",
		"wasl.yaml:13:5: error: no secret stands in this file: put it in a file of "
		"its own and write path_secret_file: PATH (a dialect's secrets: under secrets)",
		"wasl.yaml:14:28: error: no secret stands in this file: put it in a file of "
		"its own and write password_file: PATH (a dialect's secrets: under secrets)");
}

static void
conf_load__shape_faults_and_key_faults_come_together(void **state)
{
	(void)state;
	ASSERT_FAULTS(
		CENTRE "zone: &z UTC\nlog: inffo\nlog: info\n",
		"wasl.yaml:4:7: error: anchors (&...) are not taken: write the value out",
		"wasl.yaml:5:6: error: log must be one of error|warn|info|debug (did you mean "
		"\"info\"?)",
		"wasl.yaml:6:1: error: the key \"log\" is there already, at line 5");
}

static void
conf_load__missing_keys_are_told_at_their_map(void **state)
{
	(void)state;
	ASSERT_FAULTS("zone: UTC\n", "wasl.yaml:1:1: error: the key \"state\" is missing",
		      "wasl.yaml:1:1: error: the key \"centres\" is missing");
	ASSERT_FAULTS("state: /s\ncentres: {CAS: {duty: []}}\n",
		      "wasl.yaml:2:16: error: the key \"tel\" is missing",
		      "wasl.yaml:2:16: error: the key \"office\" is missing");
	ASSERT_FAULTS(CENTRE "channels: {a: {code: \"*1#\"}}\n",
		      "wasl.yaml:4:15: error: the key \"dialect\" is missing",
		      "wasl.yaml:4:15: error: the key \"centre\" is missing",
		      "wasl.yaml:4:15: error: the key \"path_secret_file\" is missing");
	ASSERT_FAULTS("state: /s\ncentres: {}\n",
		      "wasl.yaml:2:10: error: centres: at least one is needed");
}

static void
conf_load__a_key_without_a_value_is_one_fault(void **state)
{
	(void)state;
	ASSERT_FAULTS(CENTRE "channels:\nlimits:\nzone:\n",
		      "wasl.yaml:4:10: error: channels has no value: it needs a map (keys and "
		      "values)",
		      "wasl.yaml:5:8: error: limits has no value: it needs a map (keys and values)",
		      "wasl.yaml:6:6: error: zone has no value: it needs a text");
}

/* One value each, put where "@" stands in a good file: one fault, at the given key. */
static void
conf_load__every_kind_of_value_is_checked(void **state)
{
	static const struct {
		const char *line, *name;
	} bad[] = {
		{"state2: x", "unknown key \"state2\""},
		{"keys: \"\"", "keys needs a path"},
		{"listen: []", "listen needs at least one"},
		{"listen: [\"127.0.0.1\"]", "listen needs"},
		{"listen: [\"127.0.0.1:65536\"]", "listen needs"},
		{"listen: [\"::1:80\"]", "listen needs"},
		{"listen: [\"[::1]80\"]", "listen needs"},
		{"listen: [\"[::1\"]", "listen needs"},
		{"listen: [\"unix:relative\"]", "listen needs"},
		{"listen: [[x]]", "listen: an entry is one filled text"},
		{"metrics: [x]", "metrics needs a text"},
		{"proxies: [10.0.0.1/8]", "proxies needs addresses"},
		{"proxies: [10.0.0.0/33]", "proxies needs addresses"},
		{"proxies: [10.0.0.0/]", "proxies needs addresses"},
		{"proxies: [\"fe80::%eth0\"]", "proxies needs addresses"},
		{"proxies: [10.0.0]", "proxies needs addresses"},
		{"public_url: sms.example.org", "public_url needs an address"},
		{"public_url: \"https://me@example.org\"", "public_url needs an address"},
		{"public_url: \"https:///x\"", "public_url needs an address"},
		{"public_url: \"https://a?b\"", "public_url needs an address"},
		{"zone: ../etc/passwd", "zone needs a time zone"},
		{"zone: \"\"", "zone needs a time zone"},
		{"free_to_caller: sometimes", "free_to_caller needs yes or no"},
		{"ballast: 32MB", "ballast needs a size"},
		{"ballast: 1KiB", "ballast must be 1MiB to 1GiB"},
		{"emergency: {police: \"1\"}", "emergency.police needs 2 to 5 digits"},
		{"emergency: {police: nineteen}", "emergency.police needs 2 to 5 digits"},
		{"emergency: {police: 123456}", "emergency.police needs 2 to 5 digits"},
		{"limits: {connections: many}", "connections needs a whole number"},
		{"limits: {connections: 100}", "connections_reserved must be less"},
		{"limits: {header_time: 20s}", "header_time must be less than request_time"},
		{"limits: {header_time: 2m}", "header_time must be 1s to 1m"},
		{"sending: {hours: \"09:00\"}", "sending.hours needs two times"},
		{"sending: {hours: \"20:00-09:00\"}", "sending.hours needs two times"},
		{"sending: {hours: \"9:00-20:00\"}", "sending.hours needs two times"},
		{"sending: {hours: \"09:60-20:00\"}", "sending.hours needs two times"},
		{"sending: {hours: \"09:00-24:01\"}", "sending.hours needs two times"},
		{"sending: {ramadan_hours: [\"25:00-26:00\"]}", "sending.ramadan_hours needs two"},
		{"sending: {concat_reference: 32}", "sending.concat_reference must be one of 8|16"},
		{"sending: [x]", "sending needs a map"},
		{"password: hunter2", "no secret stands in this file"},
		{"API_Key: hunter2", "no secret stands in this file"},
	};
	struct arena *a = arena_new(0);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct loaded l = load(arena_printf(a, "%s%s\n", CENTRE, bad[i].line));

		if (err_count(l.err) == 0)
			fail_msg("no fault: %s", bad[i].line);
		if (strstr(fault(&l, 0), bad[i].name) == NULL || err_at(l.err, 0)->line < 4)
			fail_msg("%s gave %s", bad[i].line, fault(&l, 0));
		assert_null(strstr(fault(&l, 0), "hunter2"));
		for (size_t k = 1; k < err_count(l.err); k++)
			if (strstr(bad[i].line, "2m") == NULL)
				fail_msg("%s also gave %s", bad[i].line, fault(&l, k));
		done(&l);
	}
	arena_free(a);
}

static void
conf_load__every_kind_of_value_of_a_channel_is_checked(void **state)
{
	static const struct {
		const char *line, *name;
	} bad[] = {
		{"page: {gsm7: 183}", "gsm7 must be 40 to 182"},
		{"page: {ucs2: 81}", "ucs2 must be 20 to 80"},
		{"addresses: [any]", "channels.at-1.addresses needs addresses"},
		{"settings: {a: [x]}", "a setting needs a text"},
		{"settings: {a: }", "a setting needs a text"},
		{"settings: {api_key: hunter2}", "write api_key_file: PATH"},
		{"settings: {token: hunter2}", "write token_file: PATH"},
		{"secrets: {hook: hunter2}", "write hook_file: PATH"},
		{"secrets: {hook_file: }", "a file is needed here"},
		{"secrets: {_file: x}", "no secret stands"},
		{"secret: hunter2", "write secret_file: PATH"},
		{"accept_unconfirmed: [a b]", "an entry is a name"},
		{"accept_unconfirmed: x", "accept_unconfirmed needs a list"},
		{"pace: 0", "pace must be 1 to 1000"},
		{"path_secret_fiel: x", "did you mean \"path_secret_file\""},
	};
	struct arena *a = arena_new(0);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct loaded l = load(arena_printf(a, "%s    %s\n", CHANNEL, bad[i].line));

		if (err_count(l.err) != 1)
			fail_msg("%zu faults: %s", err_count(l.err), bad[i].line);
		if (strstr(fault(&l, 0), bad[i].name) == NULL || err_at(l.err, 0)->line != 10)
			fail_msg("%s gave %s", bad[i].line, fault(&l, 0));
		assert_null(strstr(fault(&l, 0), "hunter2"));
		done(&l);
	}
	arena_free(a);
}

static void
conf_load__service_codes_are_stars_digits_and_a_hash(void **state)
{
	static const char *const good[] = {"*1#", "*000#", "*384*1234#"};
	static const char *const bad[] = {
		"384#", "*384", "*#", "**1#", "*1*#", "*1a#", "*1##", "", "*384*123456789012#"};
	struct arena *a = arena_new(0);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(good) + ARRAY_LEN(bad); i++) {
		bool want = i < ARRAY_LEN(good);
		const char *code = want ? good[i] : bad[i - ARRAY_LEN(good)];
		struct loaded l =
			load(arena_printf(a,
					  CENTRE "channels: {a: {dialect: d, centre: CAS, "
						 "path_secret_file: p, code: \"%s\"}}\n",
					  code));

		if ((l.rc == 0) != want)
			fail_msg("code %s", code);
		done(&l);
	}
	arena_free(a);
}

static void
conf_load__numbers_of_staff_reach_no_message(void **state)
{
	struct loaded l = load("state: /s\n"
			       "centres:\n"
			       "  CAS:\n"
			       "    tel: \"06000000\"\n"
			       "    office: \"MO 09:00-10:00\"\n"
			       "    duty: [\"0522000011\", \"060000002x\", [\"0600000033\"]]\n");
	(void)state;

	assert_int_equal(err_count(l.err), 4);
	assert_int_equal(err_at(l.err, 1)->col, 12);
	assert_int_equal(err_at(l.err, 2)->col, 26);
	for (size_t i = 0; i < err_count(l.err); i++) {
		assert_null(strstr(err_at(l.err, i)->text, "06000"));
		assert_null(strstr(err_at(l.err, i)->text, "000011"));
	}
	done(&l);
}

static void
conf_load__names_of_centres_and_channels_are_checked(void **state)
{
	(void)state;
	ASSERT_FAULTS(
		"state: /s\n"
		"centres:\n"
		"  cas: {tel: \"0522000000\", office: \"MO 09:00-10:00\"}\n"
		"channels:\n"
		"  AT: {dialect: d, centre: cas, path_secret_file: p}\n"
		"  b: x\n",
		"wasl.yaml:3:3: error: a centre's code is 2 to 6 capital letters and digits, a "
		"letter first",
		"wasl.yaml:5:3: error: a channel's name is small letters, digits and -, at "
		"most 32",
		"wasl.yaml:6:6: error: keys and values are needed here");
}

static void
conf_load__an_alias_has_at_most_nine_characters(void **state)
{
	(void)state;
	ASSERT_FAULTS(
		"state: /s\n"
		"centres:\n"
		"  CAS: {tel: \"0522000000\", office: \"MO 09:00-10:00\", place: المركزالكبير}\n"
		"  RAB: {tel: \"0522000000\", office: \"MO 09:00-10:00\", place: {ary: x}}\n",
		"wasl.yaml:3:61: error: centres.CAS.place needs a text of at most 9 characters",
		"wasl.yaml:4:61: error: the key \"ary-Latn\" is missing",
		"wasl.yaml:4:61: error: the key \"ar\" is missing",
		"wasl.yaml:4:61: error: the key \"fr\" is missing");
}

static void
conf_load__relative_paths_start_at_the_file(void **state)
{
	struct loaded l = load_good("state: st\nkeys: k\nmenus: ../menus\ncentres:\n"
				    "  CAS: {tel: \"0522000000\", office: \"MO 09:00-10:00\"}\n"
				    "channels:\n"
				    "  a: {dialect: d, centre: CAS, path_secret_file: a.path,\n"
				    "      secrets: {key_file: ./a.key, hook_file: a.hook}}\n");
	const struct conf_channel *c = conf_channel(l.conf, "a");
	(void)state;

	assert_string_equal(l.conf->state, arena_printf(l.arena, "%s/st", l.folder));
	assert_string_equal(l.conf->socket, arena_printf(l.arena, "%s/st/wasl.sock", l.folder));
	assert_string_equal(l.conf->menus, arena_printf(l.arena, "%s/../menus", l.folder));
	assert_string_equal(c->path_secret_file, arena_printf(l.arena, "%s/k/a.path", l.folder));
	assert_string_equal(conf_pair(&c->secrets, "key"),
			    arena_printf(l.arena, "%s/./a.key", l.folder));
	assert_string_equal(conf_pair(&c->secrets, "hook"),
			    arena_printf(l.arena, "%s/k/a.hook", l.folder));
	done(&l);
}

static void
conf_load__keys_come_from_systemd_when_not_said(void **state)
{
	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	struct loaded l = load_good(CENTRE);
	assert_string_equal(l.conf->keys, "");
	done(&l);
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/wasld.service", 1);
	l = load_good(CENTRE);
	assert_string_equal(l.conf->keys, "/run/credentials/wasld.service");
	done(&l);
	l = load_good("keys: /k\n" CENTRE);
	assert_string_equal(l.conf->keys, "/k");
	done(&l);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
conf_load__listens_on_tcp_and_on_a_unix_socket(void **state)
{
	struct loaded l = load_good(
		CENTRE "listen: [\"127.0.0.1:0\", \"[::1]:8080\", unix:/run/wasl.http]\n");
	const struct conf_listen *v = l.conf->listen.v;
	(void)state;

	assert_int_equal(l.conf->listen.n, 3);
	assert_int_equal(v[0].family, AF_INET);
	assert_int_equal(v[0].bytes[0], 127);
	assert_int_equal(v[0].port, 0);
	assert_int_equal(v[1].family, AF_INET6);
	assert_int_equal(v[1].bytes[15], 1);
	assert_int_equal(v[1].port, 8080);
	assert_int_equal(v[2].family, AF_UNIX);
	assert_string_equal(v[2].path, "/run/wasl.http");
	done(&l);
}

static void
conf_load__the_public_address_loses_its_last_slash(void **state)
{
	struct loaded l = load_good(CENTRE "public_url: \"https://sms.example.org/wasl/\"\n");
	(void)state;

	assert_string_equal(l.conf->public_url, "https://sms.example.org/wasl");
	done(&l);
}

static void
conf_load__a_missing_file_is_told(void **state)
{
	struct err *err = err_new();
	struct conf *c;
	(void)state;

	assert_int_equal(conf_load("/nonexistent/wasl.yaml", &c, err), W_ENOENT);
	assert_null(c);
	assert_int_equal(err_count(err), 1);
	err_free(err);
}

static void
conf_load__a_list_is_no_configuration(void **state)
{
	(void)state;
	ASSERT_FAULTS("- state\n", "wasl.yaml:1:1: error: keys and values are needed here");
	ASSERT_FAULTS("", "wasl.yaml:1:1: error: the file is empty");
}

/* Every kind of key, each on a line of its own. */
static const char wide[] = "state: /var/lib/wasl\n"
			   "keys: /var/lib/keys\n"
			   "listen:\n"
			   "  - 127.0.0.1:8080\n"
			   "metrics: 127.0.0.1:9090\n"
			   "proxies:\n"
			   "  - 10.0.0.0/8\n"
			   "public_url: https://wasl.example\n"
			   "zone: Africa/Casablanca\n"
			   "language: fr\n"
			   "free_to_caller: no\n"
			   "ballast: 32MiB\n"
			   "emergency:\n"
			   "  police: \"19\"\n"
			   "limits:\n"
			   "  connections: 600\n"
			   "  headers_bytes: 8KiB\n"
			   "  idle_time: 75s\n"
			   "sending:\n"
			   "  hours: 09:00-20:00\n"
			   "  ramadan_hours:\n"
			   "    - 11:00-16:00\n"
			   "    - 21:00-22:30\n"
			   "  concat_reference: 16\n"
			   "keep:\n"
			   "  sessions: 24h\n"
			   "centres:\n"
			   "  CAS:\n"
			   "    tel: \"0522000000\"\n"
			   "    place:\n"
			   "      ary: x\n"
			   "      ary-Latn: x\n"
			   "      ar: x\n"
			   "      fr: y\n"
			   "    office: \"MO-FR 09:00-16:30\"\n"
			   "    duty:\n"
			   "      - \"0612345678\"\n"
			   "    checkin:\n"
			   "      day: MO\n"
			   "      at: \"10:00\"\n"
			   "channels:\n"
			   "  at-1:\n"
			   "    dialect: africastalking\n"
			   "    code: \"*384*1234#\"\n"
			   "    centre: CAS\n"
			   "    page:\n"
			   "      gsm7: 160\n"
			   "      ucs2: 70\n"
			   "    pace: 10\n"
			   "    path_secret_file: /etc/wasl/at-1.path\n"
			   "    addresses:\n"
			   "      - 192.0.2.0/24\n"
			   "    plain_http_to:\n"
			   "      - 127.0.0.1\n"
			   "    settings:\n"
			   "      username: sandbox\n"
			   "    secrets:\n"
			   "      key_file: /etc/wasl/key\n"
			   "    accept_unconfirmed:\n"
			   "      - ussd\n";

static void
conf_load__what_is_no_value_of_a_key_is_told_wherever_it_stands(void **state)
{
	struct arena *a = arena_new(0);
	struct loaded l = load_good(wide);

	(void)state;
	done(&l);
	for (size_t line = 0; line < spoil_lines(wide); line++) {
		for (size_t kind = 0; kind < ARRAY_LEN(spoil_kinds); kind++) {
			char *text = spoil_line(a, wide, line, spoil_kinds[kind]);

			if (text == NULL)
				continue;
			l = load(text);
			assert_int_equal(l.rc == 0, err_errors(l.err) == 0);
			if (kind == 0 && l.rc == 0)
				fail_msg("line %zu took %s", line + 1, spoil_kinds[kind]);
			done(&l);
		}
		arena_reset(a);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_load__defaults_are_those_of_the_threat_model),
		cmocka_unit_test(conf_load__defaults_are_those_of_the_design),
		cmocka_unit_test(conf_load__a_centre_is_read_whole),
		cmocka_unit_test(conf_load__a_channel_is_read_whole),
		cmocka_unit_test(conf_load__plain_http_goes_to_loopback_only_by_default),
		cmocka_unit_test(conf_load__ten_faults_give_ten_lines),
		cmocka_unit_test(conf_load__shape_faults_and_key_faults_come_together),
		cmocka_unit_test(conf_load__missing_keys_are_told_at_their_map),
		cmocka_unit_test(conf_load__a_key_without_a_value_is_one_fault),
		cmocka_unit_test(conf_load__every_kind_of_value_is_checked),
		cmocka_unit_test(conf_load__every_kind_of_value_of_a_channel_is_checked),
		cmocka_unit_test(conf_load__service_codes_are_stars_digits_and_a_hash),
		cmocka_unit_test(conf_load__numbers_of_staff_reach_no_message),
		cmocka_unit_test(conf_load__names_of_centres_and_channels_are_checked),
		cmocka_unit_test(conf_load__an_alias_has_at_most_nine_characters),
		cmocka_unit_test(conf_load__relative_paths_start_at_the_file),
		cmocka_unit_test(conf_load__keys_come_from_systemd_when_not_said),
		cmocka_unit_test(conf_load__listens_on_tcp_and_on_a_unix_socket),
		cmocka_unit_test(conf_load__the_public_address_loses_its_last_slash),
		cmocka_unit_test(conf_load__a_missing_file_is_told),
		cmocka_unit_test(conf_load__a_list_is_no_configuration),
		cmocka_unit_test(conf_load__what_is_no_value_of_a_key_is_told_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
