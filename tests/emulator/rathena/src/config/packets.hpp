#ifndef CONFIG_PACKETS_HPP
#define CONFIG_PACKETS_HPP

// Date of the game client the servers speak with; ./configure --enable-packetver=YYYYMMDD sets it.
#ifndef PACKETVER
#define PACKETVER 20211103
#endif

#endif /* CONFIG_PACKETS_HPP */
