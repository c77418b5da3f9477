// SPDX-License-Identifier: MIT
#ifndef COMMON_CONF_H
#define COMMON_CONF_H

#include "common/settings.h"

#include <libconfig.h>

/* The library, behind an interface. */
struct libconfig_interface {
	/* Reads a file. CONFIG_FALSE: it cannot, which is printed, and there is nothing to destroy. */
	int (*load_file)(struct config_t *config, const char *config_filename);
	void (*destroy)(struct config_t *config);

	struct config_setting_t *(*lookup)(const struct config_t *config, const char *path);
	int (*lookup_string)(const struct config_t *config, const char *path, const char **value);

	int (*setting_length)(const struct config_setting_t *setting);
	struct config_setting_t *(*setting_get_elem)(const struct config_setting_t *setting,
	                                             unsigned int idx);
	struct config_setting_t *(*setting_get_member)(const struct config_setting_t *setting,
	                                               const char *name);
	int (*setting_get_int)(const struct config_setting_t *setting);
	long long (*setting_get_int64)(const struct config_setting_t *setting);
	double (*setting_get_float)(const struct config_setting_t *setting);
	int (*setting_get_bool)(const struct config_setting_t *setting);
	const char *(*setting_get_string)(const struct config_setting_t *setting);
	int (*setting_lookup_string)(const struct config_setting_t *setting, const char *name,
	                             const char **value);
};
extern struct libconfig_interface *libconfig;

/* Takes what is there of each of the tables. */
void conf_take(const struct config_t *config, const struct setting *const *settings);

/* The file that this one imports, or NULL. */
const char *conf_import(const struct config_t *config, const char *filename);

/* Reads a file, and what it imports. False: one of them is not there or wrong. */
bool conf_read(const char *filename, const struct setting *const *settings);

/* Reads conf/network.conf. */
void conf_read_networks(void);

#endif
