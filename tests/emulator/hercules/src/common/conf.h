#ifndef COMMON_CONF_H
#define COMMON_CONF_H

#include "common/hercules.h"

#include <libconfig.h>
#include <stdio.h>

/* The library behind an interface. The lookups leave the value alone when there is none. */
struct libconfig_interface {
	void (*init)(struct config_t *config);
	void (*destroy)(struct config_t *config);
	int (*read)(struct config_t *config, FILE *stream);
	/* Initialises config and reads the file. Says what is wrong and cleans up when it cannot. */
	int (*load_file)(struct config_t *config, const char *config_filename);

	struct config_setting_t *(*lookup)(const struct config_t *config, const char *path);
	int (*lookup_string)(const struct config_t *config, const char *path, const char **value);

	int (*setting_length)(const struct config_setting_t *setting);
	struct config_setting_t *(*setting_get_elem)(const struct config_setting_t *setting,
	                                             unsigned int idx);
	struct config_setting_t *(*setting_get_member)(const struct config_setting_t *setting,
	                                               const char *name);
	int (*setting_get_int)(const struct config_setting_t *setting);
	int64 (*setting_get_int64)(const struct config_setting_t *setting);
	double (*setting_get_float)(const struct config_setting_t *setting);
	int (*setting_get_bool)(const struct config_setting_t *setting);
	const char *(*setting_get_string)(const struct config_setting_t *setting);
	const char *(*setting_get_string_elem)(const struct config_setting_t *setting, int idx);

	int (*setting_lookup_int)(const struct config_setting_t *setting, const char *name, int *value);
	int (*setting_lookup_bool)(const struct config_setting_t *setting, const char *name,
	                           int *value);
	int (*setting_lookup_string)(const struct config_setting_t *setting, const char *name,
	                             const char **value);
	int (*setting_lookup_bool_real)(const struct config_setting_t *setting, const char *name,
	                                bool *value);
	int (*setting_lookup_uint32)(const struct config_setting_t *setting, const char *name,
	                             uint32 *value);
	int (*setting_lookup_uint16)(const struct config_setting_t *setting, const char *name,
	                             uint16 *value);
	int (*setting_lookup_mutable_string)(const struct config_setting_t *setting, const char *name,
	                                     char *out, size_t out_size);
};

void libconfig_defaults(void);

HPShared struct libconfig_interface *libconfig;

#endif /* COMMON_CONF_H */
