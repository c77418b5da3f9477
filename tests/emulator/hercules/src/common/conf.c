#define HERCULES_CORE

#include "conf.h"

#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/strlib.h"

static struct libconfig_interface the_libconfig;
struct libconfig_interface *libconfig;

/* Blanks a comma in front of a closing bracket: the emulator's own copy of libconfig takes one
 * there, the system's may not. Lines stay where they are. */
static void drop_trailing_commas(char *text)
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

static int config_read_stream(struct config_t *config, FILE *stream)
{
	size_t size = 0, used;
	char *text = NULL;

	do {
		size += 4096;
		RECREATE(text, char, size + 1);
		used = fread(text + size - 4096, 1, 4096, stream);
	} while (used == 4096);
	text[size - 4096 + used] = '\0';
	drop_trailing_commas(text);
	int result = config_read_string(config, text);
	aFree(text);
	return result;
}

static int config_load_file(struct config_t *config, const char *config_filename)
{
	FILE *stream = fopen(config_filename, "r");

	if (stream == NULL) {
		ShowError("%s: cannot be read\n", config_filename);
		return CONFIG_FALSE;
	}
	libconfig->init(config);
	int result = libconfig->read(config, stream);
	fclose(stream);
	if (result != CONFIG_TRUE) {
		const char *file = config_error_file(config);

		ShowError("%s:%d - %s\n", file != NULL ? file : config_filename, config_error_line(config),
		          config_error_text(config));
		libconfig->destroy(config);
	}
	return result;
}

static int config_setting_lookup_bool_real(const struct config_setting_t *setting, const char *name,
                                           bool *value)
{
	int number;

	if (config_setting_lookup_bool(setting, name, &number) != CONFIG_TRUE)
		return CONFIG_FALSE;
	*value = number != 0;
	return CONFIG_TRUE;
}

static int config_setting_lookup_uint32(const struct config_setting_t *setting, const char *name,
                                        uint32 *value)
{
	int number;

	if (config_setting_lookup_int(setting, name, &number) != CONFIG_TRUE)
		return CONFIG_FALSE;
	*value = number < 0 ? 0 : (uint32)number;
	return CONFIG_TRUE;
}

static int config_setting_lookup_uint16(const struct config_setting_t *setting, const char *name,
                                        uint16 *value)
{
	int number;

	if (config_setting_lookup_int(setting, name, &number) != CONFIG_TRUE)
		return CONFIG_FALSE;
	if (number < 0)
		number = 0;
	*value = number > UINT16_MAX ? UINT16_MAX : (uint16)number;
	return CONFIG_TRUE;
}

static int config_setting_lookup_mutable_string(const struct config_setting_t *setting,
                                                const char *name, char *out, size_t out_size)
{
	const char *text;

	if (config_setting_lookup_string(setting, name, &text) != CONFIG_TRUE)
		return CONFIG_FALSE;
	safestrncpy(out, text, out_size);
	return CONFIG_TRUE;
}

static int64 get_int64(const struct config_setting_t *setting)
{
	int64 value = config_setting_get_int64(setting);

	return value;
}

void libconfig_defaults(void)
{
	libconfig = &the_libconfig;
	libconfig->init = config_init;
	libconfig->destroy = config_destroy;
	libconfig->read = config_read_stream;
	libconfig->load_file = config_load_file;
	libconfig->lookup = config_lookup;
	libconfig->lookup_string = config_lookup_string;
	libconfig->setting_length = config_setting_length;
	libconfig->setting_get_elem = config_setting_get_elem;
	libconfig->setting_get_member = config_setting_get_member;
	libconfig->setting_get_int = config_setting_get_int;
	libconfig->setting_get_int64 = get_int64;
	libconfig->setting_get_float = config_setting_get_float;
	libconfig->setting_get_bool = config_setting_get_bool;
	libconfig->setting_get_string = config_setting_get_string;
	libconfig->setting_get_string_elem = config_setting_get_string_elem;
	libconfig->setting_lookup_int = config_setting_lookup_int;
	libconfig->setting_lookup_bool = config_setting_lookup_bool;
	libconfig->setting_lookup_string = config_setting_lookup_string;
	libconfig->setting_lookup_bool_real = config_setting_lookup_bool_real;
	libconfig->setting_lookup_uint32 = config_setting_lookup_uint32;
	libconfig->setting_lookup_uint16 = config_setting_lookup_uint16;
	libconfig->setting_lookup_mutable_string = config_setting_lookup_mutable_string;
}
