// librdkafka's mock cluster always listens on port 0 (= any). This target defines `bind` for the whole executable and
// can give the listeners of the calling thread fixed ports, so that a restarted embedded broker is found again.
// The same with `accept`: clients of the broker's previous life ask for topics before these are created, and would get
// them with another number of partitions.
// Linked into EmbeddedBroker and the tests only, never into a service.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// From now on, IPv4 binds to port 0 made by this thread get `port`, `port + 1`, … ; 0 = as usual again.
void listener_port_begin(uint16_t port);

/// Those binds listen on this IPv4 address instead of loopback, and the mock cluster tells its clients so; NULL = loopback again.
/// False when the text is no address.
bool listener_address_set(const char *text);

/// While true, nobody who connects is let in; they wait in the listener's queue.
void listener_turn_away(bool yes);
