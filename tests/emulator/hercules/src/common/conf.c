// SPDX-License-Identifier: MIT
#include "common/conf.h"

#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/socket.h"

#include <stdio.h>
#include <string.h>

/* Blanks each comma in front of a closing bracket: the emulator's own libconfig takes them, the
 * system's may not. Lines stay where they are. */
static void conf_drop_commas(char *text)
{
	char *comma = NULL;

	for (char *p = text; *p != '\0'; ++p) {
		if (*p == '"') {
			for (++p; *p != '\0' && *p != '"'; ++p)
				p += *p == '\\' && p[1] != '\0';
			comma = NULL;
		} else if (*p == '#' || (*p == '/' && p[1] == '/')) {
			p += strcspn(p, "\n");
		} else if (*p == '/' && p[1] == '*') {
			char *end = strstr(p + 2, "*/");
			p = end != NULL ? end + 1 : p + strlen(p) - 1;
		} else if (*p == ',') {
			comma = p;
		} else if ((*p == ')' || *p == ']') && comma != NULL) {
			*comma = ' ';
			comma = NULL;
		} else if (!isspace((unsigned char)*p)) {
			comma = NULL;
		}
		if (*p == '\0')
			break;
	}
}

/* The whole of a file; NULL: it cannot be read. */
static char *conf_text(const char *filename)
{
	FILE *stream = fopen(filename, "r");
	size_t size = 0, used;
	char *text = NULL;

	if (stream == NULL)
		return NULL;
	do {
		size += 4096;
		RECREATE(text, char, size + 1);
		used = fread(text + size - 4096, 1, 4096, stream);
	} while (used == 4096);
	text[size - 4096 + used] = '\0';
	fclose(stream);
	return text;
}

static int conf_load_file(struct config_t *config, const char *config_filename)
{
	char *text = conf_text(config_filename);
	int result;

	if (text == NULL) {
		ShowError("%s: cannot be read\n", config_filename);
		return CONFIG_FALSE;
	}
	conf_drop_commas(text);
	config_init(config);
	result = config_read_string(config, text);
	aFree(text);
	if (result == CONFIG_TRUE)
		return CONFIG_TRUE;
	if (config_error_file(config) != NULL)
		config_filename = config_error_file(config);
	ShowError("%s, line %d: %s\n", config_filename, config_error_line(config),
	          config_error_text(config));
	config_destroy(config);
	return CONFIG_FALSE;
}

static struct libconfig_interface the_library = {
    conf_load_file,
    config_destroy,
    config_lookup,
    config_lookup_string,
    config_setting_length,
    config_setting_get_elem,
    config_setting_get_member,
    config_setting_get_int,
    config_setting_get_int64,
    config_setting_get_float,
    config_setting_get_bool,
    config_setting_get_string,
    config_setting_lookup_string,
};
struct libconfig_interface *libconfig = &the_library;

static void conf_take_one(const struct setting *setting, const struct config_setting_t *from)
{
	char number[32];

	switch (config_setting_type(from)) {
	case CONFIG_TYPE_STRING:
		setting_set(setting, config_setting_get_string(from));
		break;
	case CONFIG_TYPE_INT:
		snprintf(number, sizeof(number), "%d", config_setting_get_int(from));
		setting_set(setting, number);
		break;
	case CONFIG_TYPE_BOOL:
		setting_set(setting, config_setting_get_bool(from) ? "1" : "0");
		break;
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		for (int i = 0; i < config_setting_length(from); ++i)
			conf_take_one(setting, config_setting_get_elem(from, (unsigned int)i));
		break;
	}
}

void conf_take(const struct config_t *config, const struct setting *const *settings)
{
	for (; *settings != NULL; ++settings)
		for (const struct setting *s = *settings; s->key != NULL || s->path != NULL; ++s) {
			const struct config_setting_t *from =
			    s->path != NULL ? config_lookup(config, s->path) : NULL;

			if (from != NULL)
				conf_take_one(s, from);
		}
}

const char *conf_import(const struct config_t *config, const char *filename)
{
	const char *import = NULL;

	if (config_lookup_string(config, "import", &import) != CONFIG_TRUE)
		return NULL;
	return strcmp(import, filename) != 0 ? import : NULL;
}

bool conf_read(const char *filename, const struct setting *const *settings)
{
	struct config_t config;
	const char *import;
	bool is_good;

	if (!libconfig->load_file(&config, filename))
		return false;
	conf_take(&config, settings);
	import = conf_import(&config, filename);
	is_good = import == NULL || conf_read(import, settings);
	libconfig->destroy(&config);
	return is_good;
}

/* address:mask */
static void conf_add_network(struct net_ranges *list, const char *text)
{
	char ip[16], mask[16];

	if (sscanf(text, "%15[^:]:%15s", ip, mask) == 2)
		net_ranges_add(list, str2ip(ip), str2ip(mask));
	else
		ShowWarning("'%s' is no network\n", text);
}

static void conf_add_lan(const char *text)
{
	conf_add_network(&networks_lan, text);
}

static void conf_add_trusted(const char *text)
{
	conf_add_network(&networks_trusted, text);
}

static void conf_add_allowed(const char *text)
{
	conf_add_network(&networks_allowed, text);
}

void conf_read_networks(void)
{
	static const struct setting lists[] = {
	    SET_CALL(NULL, "lan_subnets", conf_add_lan),
	    SET_CALL(NULL, "trusted", conf_add_trusted),
	    SET_CALL(NULL, "allowed", conf_add_allowed),
	    SET_END,
	};
	const struct setting *const settings[] = {lists, NULL};

	if (!conf_read("conf/network.conf", settings))
		ShowError("No server may connect to this one\n");
}
