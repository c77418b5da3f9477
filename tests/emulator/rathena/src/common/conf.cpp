// SPDX-License-Identifier: MIT
#include "common/conf.h"

#include <cstring>

#include "common/net.h"
#include "common/showmsg.h"

bool conf_take(const struct setting *const *settings, const char *key, const char *value)
{
	for (; *settings != nullptr; ++settings)
		for (const struct setting *s = *settings; s->key != nullptr || s->path != nullptr; ++s)
			if (s->key != nullptr && strcasecmp(s->key, key) == 0) {
				setting_set(s, value);
				return true;
			}
	return false;
}

void conf_read_lines(const char *filename, FILE *stream, const struct setting *const *settings,
                     void (*import)(const char *filename))
{
	char line[1024], key[1024], value[1024];

	if (stream == nullptr) {
		ShowError("%s: cannot be read\n", filename);
		return;
	}
	while (fgets(line, sizeof(line), stream) != nullptr) {
		if (strncmp(line, "//", 2) == 0 || sscanf(line, "%1023[^:]: %1023[^\r\n]", key, value) != 2)
			continue;
		if (strcasecmp(key, "import") == 0)
			import(value);
		else
			conf_take(settings, key, value);
	}
	fclose(stream);
}

static const struct setting *const *conf_settings;

static void conf_import(const char *filename)
{
	conf_read(filename, conf_settings);
}

void conf_read(const char *filename, const struct setting *const *settings)
{
	conf_settings = settings;
	conf_read_lines(filename, fopen(filename, "r"), settings, conf_import);
}

static struct net_ranges lan_char, lan_map;

// mask:char server:map server
static void conf_subnet(const char *text)
{
	char mask[16], char_ip[16], map_ip[16];

	if (sscanf(text, "%15[^:]:%15[^:]:%15s", mask, char_ip, map_ip) != 3)
		return;
	net_ranges_add(&lan_char, str2ip(char_ip), str2ip(mask));
	net_ranges_add(&lan_map, str2ip(map_ip), str2ip(mask));
}

void conf_read_networks(void)
{
	static const struct setting settings[] = {SET_CALL("subnet", nullptr, conf_subnet), SET_END};
	static const struct setting *const tables[] = {settings, nullptr};

	conf_read("conf/subnet_athena.conf", tables);
}

static uint32 network_lan(const struct net_ranges *lan, uint32 ip)
{
	const struct net_range *found = net_ranges_find(lan, ip);
	return found != nullptr ? found->ip : 0;
}

uint32 network_lan_char(uint32 ip)
{
	return network_lan(&lan_char, ip);
}

uint32 network_lan_map(uint32 ip)
{
	return network_lan(&lan_map, ip);
}
