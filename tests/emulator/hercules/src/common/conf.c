#define HERCULES_CORE

#include "conf.h"

#include "common/showmsg.h"
#include "common/strlib.h"

#include <unistd.h>

static struct libconfig_interface libconfig_s;
struct libconfig_interface *libconfig;

static int config_load_file(struct config_t *config, const char *config_filename)
{
	libconfig->init(config);
	if (access(config_filename, R_OK) != 0) {
		ShowError("Unable to load '%s' - File not found\n", config_filename);
		libconfig->destroy(config);
		return CONFIG_FALSE;
	}
	if (config_read_file(config, config_filename) != CONFIG_TRUE) {
		const char *file = config_error_file(config);

		ShowError("%s:%d - %s\n", file != NULL ? file : config_filename, config_error_line(config),
		          config_error_text(config));
		libconfig->destroy(config);
		return CONFIG_FALSE;
	}
	return CONFIG_TRUE;
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

void libconfig_defaults(void)
{
	libconfig = &libconfig_s;
	libconfig->init = config_init;
	libconfig->destroy = config_destroy;
	libconfig->read = config_read;
	libconfig->load_file = config_load_file;
	libconfig->lookup = config_lookup;
	libconfig->lookup_string = config_lookup_string;
	libconfig->setting_length = config_setting_length;
	libconfig->setting_get_elem = config_setting_get_elem;
	libconfig->setting_get_member = config_setting_get_member;
	libconfig->setting_get_int = config_setting_get_int;
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
