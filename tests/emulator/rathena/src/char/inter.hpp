#ifndef INTER_HPP
#define INTER_HPP

// conf/inter_athena.conf has the databases of all servers; the others' are passed over.
int32 inter_config_read(const char *cfgName);

#endif /* INTER_HPP */
